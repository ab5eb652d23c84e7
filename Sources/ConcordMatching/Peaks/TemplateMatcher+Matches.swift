public import ConcordArrays
import ConcordFiltering

extension TemplateMatcher {
  /// The places where the template is found, best first, scored to the last digit.
  ///
  /// Two places differ by at least half the template's extent along some axis. The best scores of
  /// ``MatchingMetric/ssd`` and ``MatchingMetric/nssd`` are the lowest.
  ///
  /// - Parameters:
  ///   - scene: The scene.
  ///   - scores: What ``scores(in:)-(NDArray<rank,Scalar>)`` made of it.
  ///   - count: The most that are wanted.
  ///   - threshold: The least score that counts, or the largest of a distance; nil for any.
  /// - Returns: Where the template's first element lies in the scene, which is outside where the
  ///   template reaches past an edge, and the scores.
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` if `scores` are not of this template
  ///   in a scene of this shape.
  public func matches(
    in scene: NDArray<rank, Scalar>, scores: NDArray<rank, Scalar>, count: Int,
    threshold: Double? = nil
  ) throws(ConcordError) -> [Match<rank>] {
    try matches(in: [scene], scores: scores, PeakOptions(count: count, threshold: threshold))
  }

  /// The peaks of a map of scores, best first, scored to the last digit.
  ///
  /// Places between elements are fitted to the map, whose rounding they have.
  ///
  /// - Parameters:
  ///   - scene: The scene.
  ///   - scores: What ``scores(in:)-(NDArray<rank,Scalar>)`` says of it.
  ///   - peaks: Which ones are wanted. If there is no minimum distance, it is half the template's
  ///     extents, rounded up. Whether high or low scores are sought is the metric's to say.
  /// - Returns: The places and scores.
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` if `scores` are not of this template
  ///   in a scene of this shape, and what ``ConcordArrays/NDArray/peaks(_:)`` throws.
  public func matches(
    in scene: NDArray<rank, Scalar>, scores: NDArray<rank, Scalar>, _ peaks: PeakOptions
  ) throws(ConcordError) -> [Match<rank>] {
    try matches(in: [scene], scores: scores, peaks)
  }

  /// The places where the template is found in a scene of several channels.
  ///
  /// - Throws: The errors of ``matches(in:scores:count:threshold:)-(NDArray<rank,Scalar>,_,_,_)``, and
  ///   ``ConcordError/elementCount(expected:found:)`` for another number of channels.
  public func matches(
    in channels: [NDArray<rank, Scalar>], scores: NDArray<rank, Scalar>, count: Int,
    threshold: Double? = nil
  ) throws(ConcordError) -> [Match<rank>] {
    try matches(in: channels, scores: scores, PeakOptions(count: count, threshold: threshold))
  }

  /// The peaks of a map of scores of a scene of several channels.
  ///
  /// - Throws: The errors of ``matches(in:scores:_:)-(NDArray<rank,Scalar>,_,_)``, and
  ///   ``ConcordError/elementCount(expected:found:)`` for another number of channels.
  public func matches(
    in channels: [NDArray<rank, Scalar>], scores: NDArray<rank, Scalar>, _ peaks: PeakOptions
  ) throws(ConcordError) -> [Match<rank>] {
    guard scores.shape == scoresShape else {
      throw .shapesDiffer(
        expected: scoresShape.components, found: scores.shape.components)
    }
    for channel in channels where channel.shape != sceneShape {
      throw .shapesDiffer(expected: sceneShape.components, found: channel.shape.components)
    }
    let found = FoundPeaks(
      options: options, template: templateShape, firstPosition: firstPosition)
    return try found.matches(in: scores, peaks) { (position) throws(ConcordError) in
      try score(in: channels, at: position)
    }
  }

  /// Half the template's extents, rounded up: how far matches are apart along some axis.
  package var defaultPeakDistance: [Int] {
    FoundPeaks<rank>.defaultDistance(templateShape)
  }
}

extension NDArray where Scalar: RealScalar {
  /// The scores of a template in this array: by default the correlation coefficient with every window
  /// that lies inside.
  ///
  ///     let distances = try scene.matchScores(of: template, options: MatchingOptions(metric: .ssd))
  ///
  /// - Throws: ``ConcordError`` for the reasons that ``TemplateMatcher`` gives.
  /// - SeeAlso: ``TemplateMatcher/scores(in:)-(NDArray<rank,Scalar>)``
  public func matchScores(
    of template: NDArray, options: MatchingOptions = MatchingOptions()
  ) throws(ConcordError) -> NDArray {
    let matcher = try TemplateMatcher(
      template: template, scene: shape, options: options.forSingleCall)
    return try matcher.scores(in: self)
  }

  /// The correlation coefficient of a template with every window that lies inside this array, or
  /// where the options say.
  ///
  /// - Throws: ``ConcordError`` for the reasons that ``TemplateMatcher`` gives.
  /// - SeeAlso: ``matchScores(of:options:)`` for other metrics.
  public func normalizedCrossCorrelation(
    with template: NDArray, options: MatchingOptions = MatchingOptions()
  ) throws(ConcordError) -> NDArray {
    var options = options
    options.metric = .zncc
    return try matchScores(of: template, options: options)
  }

  /// The best place of a template in this array; nil where no window has a score.
  ///
  ///     if let match = try scene.bestMatch(for: template) { print(match.position, match.score) }
  ///
  /// Memory is bounded as that of ``TemplateMatcher/matches(in:_:)-(NDArray<rank,Scalar>,_)``.
  ///
  /// - Throws: ``ConcordError`` for the reasons that ``TemplateMatcher`` gives.
  public func bestMatch(
    for template: NDArray, options: MatchingOptions = MatchingOptions()
  ) throws(ConcordError) -> Match<rank>? {
    let scores = try options.scoresCount(of: template.shape, in: shape)
    if StripMatcher<rank, Scalar>.suits(scores, memoryLimit: options.memoryLimit) {
      let strips = try StripMatcher(
        channels: [template], scene: shape, options: options.forSingleCall)
      return try strips.matches(in: [self], PeakOptions(count: 1)).first
    }
    let matcher = try TemplateMatcher(
      template: template, scene: shape, options: options.forSingleCall)
    return try matcher.bestMatch(in: self)
  }
}
