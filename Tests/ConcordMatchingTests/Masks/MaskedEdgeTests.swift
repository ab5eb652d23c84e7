import ConcordArrays
import ConcordFiltering
import ConcordMatching
import ConcordTestSupport
import NaiveReference
import Testing

@Suite("Masked matching where others lose their digits")
struct MaskedEdgeTests {
  static let algorithms = [ConvolutionAlgorithm.direct, .fft, .overlapSave]

  private let scene: Image<Double>
  private let template: Image<Double>
  private let mask = Mask<2>(shape: [7, 9]) { ($0.row - 3) * ($0.row - 3) + $0.column < 12 }
  private let sceneMask = Mask<2>(shape: [40, 50]) { ($0.row * 3 + $0.column * 5) % 11 > 1 }

  init() {
    var random = SplitMix64(seed: 0x0ff5)
    let pixels: Image<Double> = random.array([40, 50], in: 0...1)
    scene = pixels
    template = Image<Double>(shape: [7, 9]) { pixels[11 + $0.row, 23 + $0.column] }
  }

  private func options(
    _ metric: MatchingMetric, _ extent: ConvolutionMode, _ algorithm: ConvolutionAlgorithm
  ) -> MatchingOptions {
    var options = MatchingOptions(metric: metric, extent: extent)
    options.algorithm = algorithm
    options.effort = .estimate
    options.minimumOverlap = 0.3
    return options
  }

  private func scores<Scalar: RealScalar>(
    _ template: Image<Scalar>, _ scene: Image<Scalar>, _ options: MatchingOptions
  ) throws -> Image<Scalar> {
    try scene.matchScores(of: template, mask: mask, sceneMask: sceneMask, options: options)
  }

  @Test("Survives an offset", arguments: algorithms, [1e3, 1e4, 1e5, 1e6])
  func offsets(algorithm: ConvolutionAlgorithm, offset: Double) throws {
    for extent in [ConvolutionMode.valid, .full] {
      let options = options(.zncc, extent, algorithm)
      let plain = try scores(template, scene, options)
      let lifted = try scores(template + offset, scene + offset, options)
      let error = zip(plain.elements, lifted.elements).map { abs($0 - $1) }.max() ?? 1
      #expect(error < 1e-9)
      // What Float holds of the scene is the truth that its scores are measured by.
      let (rounded, sought) = (
        (scene + offset).converted(to: Float.self), (template + offset).converted(to: Float.self)
      )
      let expected = try scores(
        sought.converted(to: Double.self), rounded.converted(to: Double.self), options)
      let found = try scores(sought, rounded, options)
      #expect(greatestDifference(found, NaiveArray(expected)) < 1e-6)
      let best = try #require(
        try rounded.bestMatch(for: sought, mask: mask, sceneMask: sceneMask, options: options))
      #expect(best.position == [11, 23] && best.score > 1 - 1e-6)
    }
  }

  @Test("Survives any scale", arguments: algorithms, [1e-12, 1e12])
  func scales(algorithm: ConvolutionAlgorithm, scale: Double) throws {
    for metric in [MatchingMetric.zncc, .ncc, .nssd] {
      let options = options(metric, .same, algorithm)
      let plain = try scores(template, scene, options)
      let scaled = try scores(template * scale, scene * scale, options)
      #expect(greatestDifference(scaled, NaiveArray(plain)) < 1e-11)
      let float = try scores(
        (template * scale).converted(to: Float.self), (scene * scale).converted(to: Float.self),
        options)
      #expect(greatestDifference(float, NaiveArray(plain)) < 1e-5)
    }
  }

  @Test("NaN reaches its windows only, and none where it does not count", arguments: algorithms)
  func nonFinite(algorithm: ConvolutionAlgorithm) throws {
    for metric in MatchingMetric.allCases {
      let options = options(metric, .full, algorithm)
      let clean = try scores(template, scene, options)
      for bad in [Double.nan, .infinity] {
        var spoilt = scene
        // The first counts, the second does not.
        let (row, column) = (20, 31)
        #expect(sceneMask[row, column] && !sceneMask[3, 7])
        spoilt[row, column] = bad
        spoilt[3, 7] = bad
        let found = try scores(template, spoilt, options)
        for y in 0..<found.rows {
          for x in 0..<found.columns {
            let (r, c) = (row - (y - 6), column - (x - 8))
            let isInside = (0..<7).contains(r) && (0..<9).contains(c)
            if isInside && mask[r, c] {
              #expect(found[y, x].isNaN)
            } else {
              let isClose = abs(found[y, x] - clean[y, x]) < 1e-10 * max(1, abs(clean[y, x]))
              #expect(isClose || clean[y, x].isNaN && found[y, x].isNaN)
            }
          }
        }
      }
    }
  }

  @Test("NaN as a mask is a mask", arguments: algorithms)
  func nanAsMask(algorithm: ConvolutionAlgorithm) throws {
    let options = options(.zncc, .full, algorithm)
    var (holed, punched) = (scene, template)
    for index in 0..<scene.count where !sceneMask.elements[index] {
      let place = scene.shape.position(ofIndex: index)
      holed[place.row, place.column] = .nan
    }
    for index in 0..<template.count where !mask.elements[index] {
      let place = template.shape.position(ofIndex: index)
      punched[place.row, place.column] = .nan
    }
    let expected = try scores(template, scene, options)
    let found = try holed.matchScores(of: punched, mask: nil, options: options, nan: .asMask)
    #expect(found.elements == expected.elements)
    // Given masks count as well.
    let both = try holed.matchScores(
      of: template, mask: mask, sceneMask: nil, options: options, nan: .asMask)
    #expect(both.elements == expected.elements)
    #expect(throws: ConcordError.templateNotFinite) {
      try holed.matchScores(of: punched, mask: nil, options: options)
    }
    // Infinity is no mask.
    var infinite = template
    infinite[3, 3] = .infinity
    #expect(throws: ConcordError.templateNotFinite) {
      try scene.matchScores(of: infinite, mask: mask, options: options, nan: .asMask)
    }
    // What no mask leaves may be anything.
    infinite = template
    infinite[0, 8] = -.infinity
    #expect(!mask[0, 8])
    let other = try scores(infinite, scene, options)
    #expect(other.elements == expected.elements)
  }

  @Test("Flat windows score by rule", arguments: algorithms)
  func flatWindows(algorithm: ConvolutionAlgorithm) throws {
    // A scene that is empty beside a pattern, where sums of transforms leave noise.
    for level in [0.0, 0.1, 1e5] {
      var empty = Image<Double>(shape: [40, 50], repeating: level)
      for row in 0..<40 {
        for column in 30..<50 { empty[row, column] += 100 * scene[row, column] }
      }
      for metric in [MatchingMetric.zncc, .ncc, .nssd] {
        for rule in FlatWindowScore.allCases {
          var options = options(metric, .valid, algorithm)
          options.flatWindows = rule
          let found = try scores(template, empty, options)
          let none = rule == .nan ? Double.nan : metric == .nssd ? 1 : 0
          for row in 0..<found.rows {
            for column in 0...21 {
              let isFlat = metric == .zncc || level == 0
              let value = found[row, column]
              let isNone = value == none || (value.isNaN && none.isNaN)
              #expect(isNone == isFlat, "\(row), \(column): \(value)")
            }
          }
          #expect(found.elements.allSatisfy { $0.isNaN || metric == .nssd || abs($0) <= 1 })
        }
      }
    }
  }

  @Test("Many flat windows are told from little contrast, and both from none")
  func manyFlatWindows() throws {
    // So many that they are looked for together: see MaskedPass.settleFlat.
    var random = SplitMix64(seed: 0xf1a7)
    let pixels: Image<Float> = random.array([300, 320], in: 0...255)
    let scene = Image<Float>(shape: [300, 320]) {
      $0.column < 200 ? 7 : pixels[$0.row, $0.column]
    }
    let sought = Image<Float>(shape: [24, 20]) {
      $0.row < 8 ? 0 : pixels[100 + $0.row, 250 + $0.column]
    }
    let round = Mask<2>(shape: [24, 20]) { abs($0.row - 12) + abs($0.column - 10) < 14 }
    let holes = Mask<2>(shape: [300, 320]) { ($0.row + $0.column) % 7 != 0 }
    for metric in [MatchingMetric.zncc, .ncc, .ssd, .nssd] {
      for sceneMask in [nil, holes] {
        var options = options(metric, .full, .fft)
        options.minimumOverlap = 0
        let matcher = try MaskedTemplateMatcher(
          template: sought, mask: round, scene: scene.shape, options: options)
        let found = try matcher.scores(in: scene, mask: sceneMask)
        try check(matcher, found, scene, sceneMask, &random)
      }
    }
  }

  @Test("Many flat parts of a template are told from little contrast", arguments: [nil, 0.0, 3])
  func manyFlatParts(level: Float?) throws {
    var random = SplitMix64(seed: 0xf1a8)
    let scene: Image<Float> = random.array([60, 64], in: 0...255)
    let pattern: Image<Float> = random.array([60, 64], in: 0...255)
    // Where it overlaps with its upper rows alone, the template is flat.
    let sought = Image<Float>(shape: [60, 64]) {
      $0.row < 44 ? level ?? pattern[$0.row, $0.column] : pattern[$0.row, $0.column]
    }
    let holes = Mask<2>(shape: [60, 64]) { ($0.row + $0.column) % 7 != 0 }
    for metric in [MatchingMetric.zncc, .ncc, .nssd] {
      for sceneMask in [nil, holes] {
        var options = options(metric, .full, .fft)
        options.minimumOverlap = 0
        let matcher = try MaskedTemplateMatcher(
          template: sought, mask: holes, scene: scene.shape, options: options)
        let found = try matcher.scores(in: scene, mask: sceneMask)
        if metric == .zncc, level != nil { #expect(found[118, 60] == 0 && found[80, 10] == 0) }
        try check(matcher, found, scene, sceneMask, &random)
      }
    }
  }

  /// Compares some scores with their definition.
  private func check(
    _ matcher: MaskedTemplateMatcher<2, Float>, _ found: Image<Float>, _ scene: Image<Float>,
    _ sceneMask: Mask<2>?, _ random: inout SplitMix64
  ) throws {
    let first = matcher.firstPosition
    for _ in 0..<200 {
      let place: Position<2> = [
        random.integer(in: 0...(found.rows - 1)), random.integer(in: 0...(found.columns - 1)),
      ]
      let expected = try matcher.score(
        in: scene, mask: sceneMask, at: [place.row + first.row, place.column + first.column])
      let value = Double(found[place.row, place.column])
      let isClose = abs(value - expected) <= 1e-5 * max(1, abs(expected))
      #expect(
        isClose || value.isNaN && expected.isNaN,
        "\(matcher.options.metric) \(place): \(value), \(expected)")
    }
  }

  @Test("Scores are the same bits on any number of threads", arguments: algorithms)
  func threads(algorithm: ConvolutionAlgorithm) throws {
    for metric in [MatchingMetric.zncc, .ssd] {
      var options = options(metric, .full, algorithm)
      options.threads = 1
      let alone = try scores(template, scene, options)
      for threads in [2, 5] {
        options.threads = threads
        let shared = try scores(template, scene, options)
        let isSame = zip(alone.elements, shared.elements).allSatisfy {
          $0.bitPattern == $1.bitPattern
        }
        #expect(isSame)
      }
    }
  }

  @Test("Squared differences of equal images are exactly 0, and never below", arguments: algorithms)
  func equalImages(algorithm: ConvolutionAlgorithm) throws {
    for metric in [MatchingMetric.ssd, .nssd] {
      for offset in [0, 1e6] {
        let options = options(metric, .valid, algorithm)
        let found = try scores(template + offset, scene + offset, options)
        #expect(found[11, 23] == 0)
        #expect(found.elements.count { $0 <= 0 } == 1)
      }
    }
  }
}
