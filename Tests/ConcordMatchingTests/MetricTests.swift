import ConcordArrays
import ConcordFiltering
import ConcordMatching
import ConcordTestSupport
import NaiveReference
import Testing

@Suite("Metrics of template matching")
struct MetricTests {
  static let algorithms = TemplateMatcherTests.algorithms

  @Test(
    "Agree with their definitions at every extent and boundary, in one to three dimensions",
    arguments: algorithms, MatchingMetric.allCases)
  func reference(algorithm: ConvolutionAlgorithm, metric: MatchingMetric) throws {
    for extent in ConvolutionMode.allCases {
      for boundary in extent == .valid ? [Boundary.zero] : Boundary.all {
        var options = MatchingOptions(metric: metric, extent: extent, boundary: boundary)
        options.algorithm = algorithm
        options.effort = .estimate
        try check(Shape(count: 23), Shape(count: 6), options)
        try check(Shape(rows: 11, columns: 13), Shape(rows: 4, columns: 5), options)
        try check(
          Shape(planes: 4, rows: 5, columns: 6), Shape(planes: 2, rows: 3, columns: 3), options)
      }
    }
  }

  private func check<let rank: Int>(
    _ scene: Shape<rank>, _ template: Shape<rank>, _ options: MatchingOptions, channels: Int = 1
  ) throws {
    var random = SplitMix64(seed: 0x3e7)
    var pixels: [NDArray<rank, Float>] = []
    var sought: [NDArray<rank, Float>] = []
    for channel in 0..<channels {
      pixels.append(random.array(scene, in: Double(channel)...Double(channel + 2)))
      sought.append(random.array(template, in: 0...2))
    }
    let expected = try NaiveArray.matchScores(
      of: sought.map { NaiveArray($0) }, in: pixels.map { NaiveArray($0) },
      metric: NaiveMetric(options.metric), mode: NaiveMode(options.extent),
      boundary: NaiveBoundary(options.boundary), minimumOverlap: options.minimumOverlap)
    let scale = options.metric.isNormalized ? 1 : expected.values.map(abs).max() ?? 1
    let float = try TemplateMatcher(channels: sought, scene: scene, options: options)
    try #require(float.plan.choice.strategy.algorithm == options.algorithm)
    let scores = try float.scores(in: pixels)
    #expect(
      greatestDifference(scores, expected) < 1e-5 * scale, "\(random) \(scene) \(options)")
    let double = try TemplateMatcher(
      channels: sought.map { $0.converted(to: Double.self) }, scene: scene, options: options)
    let wide = pixels.map { $0.converted(to: Double.self) }
    let precise = try double.scores(in: wide)
    #expect(
      greatestDifference(precise, expected) < 1e-11 * scale, "\(random) \(scene) \(options)")
    // Single scores are the definition's.
    let first = double.firstPosition
    for index in [0, expected.count / 3, expected.count - 1] {
      let place = double.scoresShape.position(ofIndex: index)
      let score = try double.score(in: wide, at: Position { place[$0] + first[$0] })
      #expect(abs(score - expected.values[index]) < 1e-12 * scale, "\(place) \(options)")
    }
  }

  @Test(
    "Channels are matched together, each about its own mean", arguments: MatchingMetric.allCases)
  func channels(metric: MatchingMetric) throws {
    for boundary in [Boundary.constant(-3), .symmetric, .renormalize] {
      for extent in ConvolutionMode.allCases {
        for algorithm in Self.algorithms {
          var options = MatchingOptions(metric: metric, extent: extent, boundary: boundary)
          options.algorithm = algorithm
          options.effort = .estimate
          try check(Shape(rows: 9, columns: 12), Shape(rows: 4, columns: 3), options, channels: 3)
        }
      }
    }
  }

  @Test("Less of an overlap than asked for is none")
  func minimumOverlap() throws {
    for metric in MatchingMetric.allCases where !metric.isDistance {
      var options = MatchingOptions(metric: metric, extent: .full, boundary: .renormalize)
      options.minimumOverlap = 0.4
      options.algorithm = .direct
      try check(Shape(rows: 9, columns: 12), Shape(rows: 4, columns: 3), options)
    }
    var options = MatchingOptions(metric: .zncc, extent: .full, boundary: .renormalize)
    options.minimumOverlap = 0.4
    options.flatWindows = .nan
    let scene = Image<Double>(shape: [6, 7]) { Double($0.row * $0.row + 3 * $0.column) }
    let scores = try scene.matchScores(of: scene, options: options)
    // 3 × 6 of 6 × 7 are more than 0.4, 2 × 7 are not.
    #expect(scores[2, 6 - 1].isFinite && scores[1, 6].isNaN)
    #expect(abs(scores[5, 6] - 1) < 1e-12)
    // Nothing is no perfect match.
    options.flatWindows = .zero
    for (metric, none) in [(MatchingMetric.ssd, Double.nan), (.nssd, 1)] {
      options.metric = metric
      let distances = try scene.matchScores(of: scene, options: options)
      #expect(distances[1, 6] == none || (none.isNaN && distances[1, 6].isNaN))
      #expect(distances[5, 6] == 0)
    }
    options.minimumOverlap = 1.5
    #expect(
      throws: ConcordError.outOfRange(
        what: "the minimum overlap", found: 1.5, allowed: "0 to 1")
    ) { try scene.matchScores(of: scene, options: options) }
  }

  @Test("Squared differences of equal images are exactly 0, and never below", arguments: algorithms)
  func equalImages(algorithm: ConvolutionAlgorithm) throws {
    // opencv/opencv#21786: 2 or 308 there.
    let white = Image<Float>(shape: [100, 100], repeating: 255)
    var options = MatchingOptions(metric: .ssd)
    let zeros = try white.matchScores(
      of: Image(shape: [25, 25], repeating: 255), options: options)
    #expect(zeros.elements.allSatisfy { $0 == 0 })
    var random = SplitMix64(seed: 0x21786)
    options.algorithm = algorithm
    for metric in [MatchingMetric.ssd, .nssd] {
      options.metric = metric
      for offset in [0, 1e3, 1e6] {
        let scene: Image<Float> = random.array([60, 70], in: offset...(offset + 255))
        let sought = Image<Float>(shape: [9, 11]) { scene[$0.row + 31, $0.column + 17] }
        let scores = try scene.matchScores(of: sought, options: options)
        #expect(scores[31, 17] == 0, "\(random) \(offset)")
        #expect(scores.elements.count { $0 <= 0 } == 1)
        let best = try #require(try scene.bestMatch(for: sought, options: options))
        #expect(best == Match(position: [31, 17], score: 0))
      }
    }
  }

  @Test("Normalized squared differences may exceed 1")
  func beyondOne() throws {
    // opencv/opencv#15215: cut off there.
    let scene = try Image<Float>(rows: [[5, 1], [2, 8]])
    let template = try Image<Float>(rows: [[1, 5], [7, 1]])
    let score = try scene.matchScores(of: template, options: MatchingOptions(metric: .nssd))[0, 0]
    // 16 + 16 + 25 + 49 over the root of 94 · 76.
    #expect(abs(Double(score) - 106 / (94.0 * 76).squareRoot()) < 1e-6)
    #expect(score > 1)
  }

  @Test("scikit-image's example of match_template, with pad_input")
  func paddedExample() throws {
    var image = Image<Double>(shape: [6, 6], repeating: 0)
    image[1, 1] = 1
    image[4, 4] = -1
    let scores = try image.normalizedCrossCorrelation(
      with: try Image<Double>.delta([3, 3]), options: MatchingOptions(metric: .zncc, extent: .same))
    let expected = [
      [-0.125, -0.125, -0.125, 0, 0, 0], [-0.125, 1, -0.125, 0, 0, 0],
      [-0.125, -0.125, -0.125, 0, 0, 0], [0, 0, 0, 0.125, 0.125, 0.125],
      [0, 0, 0, 0.125, -1, 0.125], [0, 0, 0, 0.125, 0.125, 0.125],
    ]
    #expect(greatestDifference(scores, NaiveArray(rows: expected)) < 1e-14)
  }

  @Test("Positions are those of the template's first element, which may be outside")
  func positions() throws {
    var random = SplitMix64(seed: 0x905)
    let scene: Image<Float> = random.array([20, 24], in: 0...1)
    let cut = Image<Float>(shape: [7, 9]) { position in
      // What is seen of it lies at the scene's corner.
      let (row, column) = (position.row - 3, position.column - 4)
      return row >= 0 && column >= 0 ? scene[row, column] : 0
    }
    for (extent, first) in [(ConvolutionMode.same, [-3, -4]), (.full, [-6, -8])] {
      for metric in [MatchingMetric.zncc, .ncc, .ssd, .nssd] {
        let options = MatchingOptions(metric: metric, extent: extent)
        let matcher = try TemplateMatcher(template: cut, scene: scene.shape, options: options)
        #expect(matcher.firstPosition.components == first)
        let best = try #require(try matcher.bestMatch(in: scene))
        #expect(best.position == [-3, -4], "\(metric) \(extent)")
        #expect(abs(best.score - (metric.isDistance ? 0 : 1)) < 1e-12)
      }
    }
  }

  @Test("The same bits come out for any number of threads, and with a workspace")
  func determinism() throws {
    var random = SplitMix64(seed: 0xde8)
    let scene: Image<Float> = random.array([80, 300], in: 0...1)
    let template: Image<Float> = random.array([9, 7], in: 0...1)
    for metric in MatchingMetric.allCases {
      for boundary in [Boundary.constant(2), .wrap, .renormalize] {
        var options = MatchingOptions(metric: metric, extent: .full, boundary: boundary)
        options.effort = .estimate
        options.threads = 1
        let one = try scene.matchScores(of: template, options: options)
        options.threads = 3
        let matcher = try TemplateMatcher(
          template: template, scene: scene.shape, options: options)
        #expect(try matcher.scores(in: scene) == one, "\(metric) \(boundary)")
        var workspace = matcher.makeWorkspace()
        var scores = Image<Float>(shape: matcher.scoresShape, repeating: .nan)
        try matcher.scores(in: scene, into: &scores, using: &workspace)
        #expect(scores == one, "\(metric) \(boundary)")
      }
    }
  }

  @Test("Channels must be as many as the template's, and of one shape")
  func channelErrors() throws {
    let grey = Image<Float>(shape: [8, 8]) { Float($0.row * $0.column) }
    let template = Image<Float>(shape: [2, 3]) { Float($0.row + $0.column) }
    let matcher = try TemplateMatcher(channels: [template, template], scene: grey.shape)
    #expect(throws: ConcordError.elementCount(expected: 2, found: 1)) {
      try matcher.scores(in: grey)
    }
    #expect(throws: ConcordError.shapesDiffer(expected: [2, 3], found: [3, 2])) {
      _ = try TemplateMatcher(
        channels: [template, Image(shape: [3, 2], repeating: 1)], scene: grey.shape)
    }
    #expect(throws: ConcordError.empty(what: "the list of channels")) {
      _ = try TemplateMatcher(channels: [Image<Float>](), scene: grey.shape)
    }
  }
}

extension NaiveMetric {
  /// The oracle's name of a metric.
  init(_ metric: MatchingMetric) {
    self =
      switch metric {
      case .zncc: .zncc
      case .ncc: .ncc
      case .ssd: .ssd
      case .nssd: .nssd
      case .cross: .cross
      case .zeroMeanCross: .zeroMeanCross
      }
  }
}

extension NaiveMode {
  /// The oracle's name of an extent.
  init(_ extent: ConvolutionMode) {
    self =
      switch extent {
      case .full: .full
      case .same: .same
      case .valid: .valid
      }
  }
}
