import Concord

/// A matcher, with the weights of its scenes where masks say what counts.
enum SceneMatcher<let rank: Int, S: RealScalar> {
  case whole(TemplateMatcher<rank, S>)
  case masked(MaskedTemplateMatcher<rank, S>, sceneWeights: NDArray<rank, S>?)

  /// Prepares the channels of a template; one of them if there are masks.
  init(
    template: [NDArray<rank, S>], scene: Shape<rank>, masks: MatchMasks, options: MatchingOptions
  ) throws(ConcordError) {
    guard masks.isUsed else {
      self = .whole(try TemplateMatcher(channels: template, scene: scene, options: options))
      return
    }
    let sceneWeights: NDArray<rank, S>? = try masks.sceneWeights(scene)
    if let weights: NDArray<rank, S> = try masks.templateWeights(template[0].shape) {
      let matcher = try MaskedTemplateMatcher(
        template: template[0], weights: weights, scene: scene, options: options, nan: masks.nan)
      self = .masked(matcher, sceneWeights: sceneWeights)
    } else {
      let matcher = try MaskedTemplateMatcher(
        template: template[0], scene: scene, options: options, nan: masks.nan)
      self = .masked(matcher, sceneWeights: sceneWeights)
    }
  }

  var options: MatchingOptions {
    switch self {
    case .whole(let matcher): matcher.options
    case .masked(let matcher, _): matcher.options
    }
  }

  var templateShape: Shape<rank> {
    switch self {
    case .whole(let matcher): matcher.templateShape
    case .masked(let matcher, _): matcher.templateShape
    }
  }

  var firstPosition: Position<rank> {
    switch self {
    case .whole(let matcher): matcher.firstPosition
    case .masked(let matcher, _): matcher.firstPosition
    }
  }

  /// The algorithm of the sums.
  var algorithm: ConvolutionAlgorithm {
    switch self {
    case .whole(let matcher): matcher.plan.choice.strategy.algorithm
    case .masked(let matcher, _): matcher.choice.strategy.algorithm
    }
  }

  /// The score of each place.
  func scores(in scene: [NDArray<rank, S>]) throws(ConcordError) -> NDArray<rank, S> {
    switch self {
    case .whole(let matcher): return try matcher.scores(in: scene)
    case .masked(let matcher, let weights):
      if let weights { return try matcher.scores(in: scene[0], weights: weights) }
      return try matcher.scores(in: scene[0])
    }
  }

  /// The least sum of squared weights that is scored.
  func leastOverlap(in scene: [NDArray<rank, S>]) throws(ConcordError) -> Double {
    guard case .masked(let matcher, let weights) = self, options.minimumOverlap > 0 else {
      return 0
    }
    let largest =
      if let weights {
        try matcher.largestOverlap(in: scene[0], weights: weights)
      } else {
        try matcher.largestOverlap(in: scene[0])
      }
    return options.minimumOverlap * largest * (1 - 1e-12)
  }

  /// The best places.
  func matches(
    in scene: [NDArray<rank, S>], scores: NDArray<rank, S>, _ peaks: PeakOptions
  ) throws(ConcordError) -> [Match<rank>] {
    switch self {
    case .whole(let matcher): return try matcher.matches(in: scene, scores: scores, peaks)
    case .masked(let matcher, let weights):
      if let weights {
        return try matcher.matches(in: scene[0], weights: weights, scores: scores, peaks)
      }
      return try matcher.matches(in: scene[0], scores: scores, peaks)
    }
  }
}
