import ConcordArrays
import ConcordFiltering
import ConcordMatching
import ConcordTestSupport
import NaiveReference
import Testing

@Suite("Normalized cross-correlation")
struct TemplateMatcherTests {
  static let algorithms = [ConvolutionAlgorithm.direct, .fft, .overlapSave]

  private func matcher<let rank: Int, Scalar: RealScalar>(
    _ template: NDArray<rank, Scalar>, _ scene: Shape<rank>, _ algorithm: ConvolutionAlgorithm
  ) throws -> TemplateMatcher<rank, Scalar> {
    var options = MatchingOptions()
    options.algorithm = algorithm
    options.effort = .estimate
    let matcher = try TemplateMatcher(template: template, scene: scene, options: options)
    try #require(matcher.plan.choice.strategy.algorithm == algorithm)
    return matcher
  }

  @Test("Agrees with the two-pass definition in one to three dimensions", arguments: algorithms)
  func reference(algorithm: ConvolutionAlgorithm) throws {
    try check(Shape(count: 40), Shape(count: 7), algorithm)
    try check(Shape(count: 9), Shape(count: 9), algorithm)
    try check(Shape(rows: 14, columns: 17), Shape(rows: 4, columns: 5), algorithm)
    try check(Shape(rows: 9, columns: 12), Shape(rows: 9, columns: 1), algorithm)
    try check(
      Shape(planes: 5, rows: 6, columns: 7), Shape(planes: 2, rows: 3, columns: 4), algorithm)
  }

  private func check<let rank: Int>(
    _ scene: Shape<rank>, _ template: Shape<rank>, _ algorithm: ConvolutionAlgorithm
  ) throws {
    var random = SplitMix64(seed: 0x2cc)
    let pixels: NDArray<rank, Float> = random.array(scene, in: 0...1)
    let sought: NDArray<rank, Float> = random.array(template, in: 0...1)
    let expected = try NaiveArray(pixels).zeroMeanNormalizedCorrelation(with: NaiveArray(sought))
    let float = try matcher(sought, scene, algorithm).scores(in: pixels)
    #expect(greatestDifference(float, expected) < 1e-6, "\(random) \(scene)")
    let double = try matcher(sought.converted(to: Double.self), scene, algorithm).scores(
      in: pixels.converted(to: Double.self))
    #expect(greatestDifference(double, expected) < 1e-13, "\(random) \(scene)")
  }

  /// The peers lose all digits here: scores of 5, of 0, or the wrong place with a score of 1.
  @Test(
    "Survives an offset", arguments: algorithms, [0, 1e3, 1e4, 1e5, 1e6])
  func offsets(algorithm: ConvolutionAlgorithm, offset: Double) throws {
    var random = SplitMix64(seed: 0x0ff5)
    let pixels: Image<Double> = random.array([40, 50], in: 0...1)
    let sought = Image<Double>(shape: [7, 9]) { pixels[11 + $0.row, 23 + $0.column] }
    // What Float holds of the scene is the truth that its scores are measured by.
    let (scene, template) = (
      (pixels + offset).converted(to: Float.self), (sought + offset).converted(to: Float.self)
    )
    let expected = try NaiveArray(scene).zeroMeanNormalizedCorrelation(
      with: NaiveArray(template))
    let scores = try matcher(template, scene.shape, algorithm).scores(in: scene)
    #expect(greatestDifference(scores, expected) < 1e-5, "\(random)")
    #expect(abs(scores[11, 23] - 1) < 1e-6)
    #expect(scores.elements.allSatisfy { abs($0) <= 1 })
    let match = try matcher(template, scene.shape, algorithm).bestMatch(in: scene)
    #expect(match?.position == [11, 23])
    let wide = (pixels + offset, sought + offset)
    let truth = try NaiveArray(wide.0).zeroMeanNormalizedCorrelation(with: NaiveArray(wide.1))
    let double = try matcher(wide.1, scene.shape, algorithm).scores(in: wide.0)
    #expect(greatestDifference(double, truth) < 1e-9, "\(random)")
  }

  @Test(
    "Survives brightness that differs from place to place", arguments: algorithms,
    [1e3, 65535, 1e6])
  func plateaus(algorithm: ConvolutionAlgorithm, step: Double) throws {
    var random = SplitMix64(seed: 0x91a7)
    for template: Shape<2> in [[3, 3], [7, 9], [12, 5]] {
      var scene = Image<Float>(shape: [36, 60]) {
        Float(random.uniform(in: -1...1) + ($0.column < 30 ? 0 : step))
      }
      // One pixel that outshines all.
      scene[3, 4] = Float(100 * step)
      let sought = Image<Float>(shape: template) { scene[$0.row + 15, $0.column + 40] }
      let expected = try NaiveArray(scene).zeroMeanNormalizedCorrelation(
        with: NaiveArray(sought))
      let scores = try matcher(sought, scene.shape, algorithm).scores(in: scene)
      #expect(greatestDifference(scores, expected) < 1e-5, "\(random) \(template)")
      #expect(scores.elements.allSatisfy { abs($0) <= 1 })
    }
  }

  @Test(
    "Doesn't change with scale", arguments: algorithms, [1e-30, 1e-12, 1e-4, 1e12, 1e15])
  func scales(algorithm: ConvolutionAlgorithm, scale: Double) throws {
    var random = SplitMix64(seed: 0x5ca1e)
    let pixels: Image<Double> = random.array([20, 24], in: 0...1)
    let sought: Image<Double> = random.array([5, 4], in: 0...1)
    let expected = try NaiveArray(pixels).zeroMeanNormalizedCorrelation(with: NaiveArray(sought))
    let double = try matcher(sought * scale, pixels.shape, algorithm).scores(in: pixels * scale)
    #expect(greatestDifference(double, expected) < 1e-9)
    let float = try matcher((sought * scale).converted(to: Float.self), pixels.shape, algorithm)
      .scores(in: (pixels * scale).converted(to: Float.self))
    #expect(greatestDifference(float, expected) < 1e-5)
  }

  @Test("A window equal to the template scores 1, its negative -1", arguments: algorithms)
  func identity(algorithm: ConvolutionAlgorithm) throws {
    var random = SplitMix64(seed: 0x1d)
    for _ in 0..<10 {
      let template: Image<Float> = random.array([4, 5], in: -3...3)
      let scene = Image<Float>(shape: [9, 12]) { position in
        let (row, column) = (position.row - 3, position.column - 2)
        let other = position.column - 7
        if (0..<4).contains(row) && (0..<5).contains(column) { return template[row, column] }
        if (0..<4).contains(row) && (0..<5).contains(other) { return -template[row, other] }
        return Float(random.uniform(in: -3...3))
      }
      let scores = try matcher(template, scene.shape, algorithm).scores(in: scene)
      #expect(abs(scores[3, 2] - 1) < 1e-6, "\(random)")
      #expect(abs(scores[3, 7] + 1) < 1e-6, "\(random)")
      #expect(scores.elements.allSatisfy { abs($0) <= 1 })
    }
  }

  @Test("Windows without contrast score by rule", arguments: algorithms)
  func flatWindows(algorithm: ConvolutionAlgorithm) throws {
    let template = Image<Float>(shape: [2, 3]) { Float($0.row * 3 + $0.column) }
    for level in [Float(0), 0.3, 1000.3, 1e6, 1e-20] {
      let scene = Image<Float>(shape: [8, 12]) {
        $0.column < 8 ? level : level + Float(($0.row * 7 + $0.column * 5) % 11) * max(level, 1)
      }
      for rule in FlatWindowScore.allCases {
        var options = MatchingOptions()
        options.algorithm = algorithm
        options.flatWindows = rule
        let scores = try scene.normalizedCrossCorrelation(with: template, options: options)
        for row in 0..<7 {
          for column in 0...5 {
            let score = scores[row, column]
            #expect(rule == .zero ? score == 0 : score.isNaN, "\(level): \(score)")
          }
          #expect(scores[row, 9].isFinite && scores[row, 9] != 0)
        }
      }
    }
  }

  @Test("NaN and infinity take the scores of the windows that hold them", arguments: algorithms)
  func nonFinite(algorithm: ConvolutionAlgorithm) throws {
    var random = SplitMix64(seed: 0xbad)
    var scene: Image<Float> = random.array([10, 12], in: 0...1)
    let template: Image<Float> = random.array([3, 4], in: 0...1)
    let clean = try matcher(template, scene.shape, algorithm).scores(in: scene)
    scene[2, 5] = .nan
    scene[8, 9] = -.infinity
    let scores = try matcher(template, scene.shape, algorithm).scores(in: scene)
    for row in 0..<8 {
      for column in 0..<9 {
        let touches =
          (row...(row + 2)).contains(2) && (column...(column + 3)).contains(5)
          || (row...(row + 2)).contains(8) && (column...(column + 3)).contains(9)
        let score = scores[row, column]
        #expect(score.isNaN == touches, "\(row), \(column)")
        #expect(touches || abs(score - clean[row, column]) < 1e-6, "\(row), \(column)")
      }
    }
  }

  @Test("The same bits come out for any number of threads, and inputs stay as they are")
  func determinism() throws {
    var random = SplitMix64(seed: 0xde7)
    let scene: Image<Float> = random.array([80, 900], in: 0...1)
    let template: Image<Float> = random.array([6, 7], in: 0...1)
    let before = scene.elements.map(\.bitPattern)
    for algorithm in Self.algorithms {
      var options = MatchingOptions()
      options.algorithm = algorithm
      options.effort = .estimate
      func run(_ threads: Int) throws -> [UInt32] {
        options.threads = threads
        return try scene.normalizedCrossCorrelation(with: template, options: options)
          .elements.map(\.bitPattern)
      }
      let one = try run(1)
      for threads in [2, 3, 7] { #expect(try run(threads) == one, "\(algorithm) \(threads)") }
    }
    #expect(scene.elements.map(\.bitPattern) == before)
  }

  @Test("scikit-image's example of match_template")
  func example() throws {
    var image = Image<Double>(shape: [6, 6], repeating: 0)
    image[1, 1] = 1
    image[4, 4] = -1
    let template = try Image<Double>.delta([3, 3])
    let scores = try image.normalizedCrossCorrelation(with: template)
    let expected = [
      1, -0.125, 0, 0, -0.125, -0.125, 0, 0, 0, 0, 0.125, 0.125, 0, 0, 0.125, -1,
    ]
    #expect(greatestDifference(scores, NaiveArray(shape: [4, 4], values: expected)) < 1e-14)
  }
}

/// The largest distance between two arrays; infinite where only one is finite.
func greatestDifference<let rank: Int, Scalar: RealScalar>(
  _ found: NDArray<rank, Scalar>, _ expected: NaiveArray
) -> Double {
  guard found.shape.components == expected.shape else { return .infinity }
  return zip(found.elements, expected.values).reduce(0) { worst, pair in
    let difference = abs(Double(pair.0) - pair.1)
    return difference.isNaN ? .infinity : max(worst, difference)
  }
}
