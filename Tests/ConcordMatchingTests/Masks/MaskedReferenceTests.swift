import ConcordArrays
import ConcordFiltering
import ConcordMatching
import ConcordTestSupport
import NaiveReference
import Testing

@Suite("Masked matching against its definition")
struct MaskedReferenceTests {
  static let algorithms = [ConvolutionAlgorithm.direct, .matrix, .fft, .overlapSave]

  /// What has a mask, and what the weights are like.
  enum Masks: CaseIterable, Sendable {
    case template, scene, both, weightedTemplate, weightedScene, weightedBoth, none

    var hasTemplate: Bool { self != .scene && self != .weightedScene && self != .none }
    var hasScene: Bool { self != .template && self != .weightedTemplate && self != .none }
    var isWeighted: Bool {
      self == .weightedTemplate || self == .weightedScene || self == .weightedBoth
    }
  }

  @Test(
    "Agrees with naive loops for every metric, extent and kind of mask, in one to three dimensions",
    arguments: algorithms, Masks.allCases)
  func reference(algorithm: ConvolutionAlgorithm, masks: Masks) throws {
    for metric in MatchingMetric.allCases {
      for extent in ConvolutionMode.allCases {
        var options = MatchingOptions(metric: metric, extent: extent)
        options.algorithm = algorithm
        options.effort = .estimate
        try check(Shape(count: 19), Shape(count: 6), masks, options)
        try check(Shape(rows: 9, columns: 11), Shape(rows: 4, columns: 5), masks, options)
        try check(
          Shape(planes: 3, rows: 5, columns: 4), Shape(planes: 2, rows: 3, columns: 2), masks,
          options)
      }
    }
  }

  @Test("Scene and mask go on by the boundary rule alike", arguments: MatchingMetric.allCases)
  func boundaries(metric: MatchingMetric) throws {
    for boundary in Boundary.all {
      for masks in [Masks.template, .both, .weightedBoth] {
        var options = MatchingOptions(metric: metric, extent: .full, boundary: boundary)
        options.algorithm = masks == .both ? .fft : .overlapSave
        options.effort = .estimate
        try check(Shape(rows: 6, columns: 7), Shape(rows: 4, columns: 3), masks, options)
      }
    }
  }

  @Test("A template larger than the scene overlaps it in parts", arguments: algorithms)
  func largeTemplates(algorithm: ConvolutionAlgorithm) throws {
    for masks in [Masks.template, .both] {
      for extent in [ConvolutionMode.same, .full] {
        var options = MatchingOptions(metric: .zncc, extent: extent)
        options.algorithm = algorithm
        options.effort = .estimate
        options.minimumOverlap = 0.25
        try check(Shape(rows: 5, columns: 6), Shape(rows: 8, columns: 7), masks, options)
      }
    }
  }

  @Test("Less than the least overlap scores as missing", arguments: MatchingMetric.allCases)
  func overlap(metric: MatchingMetric) throws {
    for masks in Masks.allCases {
      for overlap in [0.3, 0.75] {
        var options = MatchingOptions(metric: metric, extent: .full)
        options.minimumOverlap = overlap
        options.algorithm = .fft
        options.effort = .estimate
        try check(Shape(rows: 8, columns: 7), Shape(rows: 4, columns: 5), masks, options)
      }
    }
  }

  @Test("Bands of a scene are scored as all of it")
  func bands() throws {
    var options = MatchingOptions(metric: .zncc, extent: .full)
    options.algorithm = .direct
    options.minimumOverlap = 0.2
    // Ten sums in Double for each of a band's places: 11 or 12 rows, and then one.
    for memory in [10 * 8 * 24 * 11, 24 * 640] {
      options.memoryLimit = memory
      for masks in [Masks.template, .both, .weightedBoth] {
        try check(Shape(rows: 20, columns: 20), Shape(rows: 4, columns: 5), masks, options)
      }
    }
  }

  private func check<let rank: Int>(
    _ scene: Shape<rank>, _ template: Shape<rank>, _ masks: Masks, _ options: MatchingOptions
  ) throws {
    var random = SplitMix64(seed: 0x3a5c)
    let pixels: NDArray<rank, Float> = random.array(scene, in: 1...3)
    let sought: NDArray<rank, Float> = random.array(template, in: 0...2)
    let templateWeights: NDArray<rank, Float> = weights(template, masks.isWeighted, &random)
    let sceneWeights: NDArray<rank, Float> = weights(scene, masks.isWeighted, &random)
    let expected = try NaiveArray.maskedScores(
      of: NaiveArray(sought), weights: masks.hasTemplate ? NaiveArray(templateWeights) : nil,
      in: NaiveArray(pixels), sceneWeights: masks.hasScene ? NaiveArray(sceneWeights) : nil,
      metric: NaiveMetric(options.metric), mode: NaiveMode(options.extent),
      boundary: NaiveBoundary(options.boundary), minimumOverlap: options.minimumOverlap)
    let note: Comment = "\(random) \(scene) \(masks) \(options)"
    let finite = expected.values.filter { $0.isFinite }.map(abs)
    let scale = options.metric.isNormalized ? 1 : finite.max() ?? 1
    let float = try scores(
      sought, masks.hasTemplate ? templateWeights : nil, pixels,
      masks.hasScene ? sceneWeights : nil, options)
    #expect(worst(float, expected) < 1e-6 * scale, note)
    let double = try scores(
      sought.converted(to: Double.self),
      masks.hasTemplate ? templateWeights.converted(to: Double.self) : nil,
      pixels.converted(to: Double.self),
      masks.hasScene ? sceneWeights.converted(to: Double.self) : nil, options)
    #expect(worst(double, expected) < 1e-11 * scale, note)
  }

  private func scores<let rank: Int, Scalar: RealScalar>(
    _ template: NDArray<rank, Scalar>, _ templateWeights: NDArray<rank, Scalar>?,
    _ scene: NDArray<rank, Scalar>, _ sceneWeights: NDArray<rank, Scalar>?,
    _ options: MatchingOptions
  ) throws -> NDArray<rank, Scalar> {
    let matcher =
      if let templateWeights {
        try MaskedTemplateMatcher(
          template: template, weights: templateWeights, scene: scene.shape, options: options)
      } else {
        try MaskedTemplateMatcher(template: template, scene: scene.shape, options: options)
      }
    #expect(matcher.choice.strategy.algorithm == options.algorithm)
    let scores =
      if let sceneWeights {
        try matcher.scores(in: scene, weights: sceneWeights)
      } else {
        try matcher.scores(in: scene)
      }
    // Single scores are the map's.
    let first = matcher.firstPosition
    for index in [0, scores.count / 3, scores.count - 1] {
      let place = scores.shape.position(ofIndex: index)
      let position = Position<rank> { place[$0] + first[$0] }
      let single =
        if let sceneWeights {
          try matcher.score(in: scene, weights: sceneWeights, at: position)
        } else {
          try matcher.score(in: scene, at: position)
        }
      let mapped = Double(scores.elements[index])
      let isEqual = abs(single - mapped) <= 1e-5 * max(1, abs(mapped))
      #expect(isEqual || (single.isNaN && mapped.isNaN), "\(position) \(options)")
    }
    return scores
  }

  /// Zeros for a quarter, and for the others 1 or multiples of 1 / 255, as images hold them.
  private func weights<let rank: Int>(
    _ shape: Shape<rank>, _ isWeighted: Bool, _ random: inout SplitMix64
  ) -> NDArray<rank, Float> {
    NDArray<rank, Float>(shape: shape) { _ in
      let value = random.uniform()
      return value < 0.25 ? 0 : isWeighted ? Float((value * 255).rounded() / 255) : 1
    }
  }
}

/// The largest difference; NaN agrees with NaN.
func worst<let rank: Int, Scalar: RealScalar>(
  _ found: NDArray<rank, Scalar>, _ expected: NaiveArray
) -> Double {
  guard found.shape.components == expected.shape else { return .infinity }
  return zip(found.elements, expected.values).reduce(0) { worst, pair in
    if pair.0.isNaN && pair.1.isNaN { return worst }
    let difference = abs(Double(pair.0) - pair.1)
    return difference.isNaN ? .infinity : max(worst, difference)
  }
}
