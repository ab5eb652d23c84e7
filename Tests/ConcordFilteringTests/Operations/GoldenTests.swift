import ConcordArrays
import ConcordFiltering
import ConcordTestSupport
import NaiveReference
import Testing

@Suite("Worked examples and what the peers answer", .standardCosts)
struct GoldenTests {
  /// A question about windowed sums, with two images, and what its author's loop printed.
  private static let a = Image<UInt8>(shape: [6, 6]) {
    [
      [179, 97, 77, 118, 144, 105], [68, 56, 184, 210, 141, 230], [178, 166, 218, 47, 106, 172],
      [38, 183, 50, 185, 48, 87], [60, 200, 228, 232, 6, 190], [253, 75, 231, 166, 117, 134],
    ][$0.row][$0.column]
  }
  private static let b = Image<UInt8>(shape: [6, 6]) {
    [
      [116, 95, 94, 220, 80, 223], [135, 9, 166, 78, 5, 129], [102, 167, 120, 81, 141, 29],
      [83, 117, 81, 129, 255, 48], [130, 231, 165, 7, 187, 169], [44, 137, 16, 50, 229, 202],
    ][$0.row][$0.column]
  }
  private static let sums: [Float] = [
    8423, 11816, 10372, 41125, 35287, 31747, 29370, 65887, 38811, 61252, 51033, 51845, 24756,
    60119, 109133, 35101, 70005, 18757, 8641, 62463, 126935, 14530, 2255, -64752, 36623, 110426,
    163513, 33812, -50035, -146450, 22268, 100132, 130190, 83010, -10163, -88994,
  ]

  @Test(
    "Windowed sums of A² - B² of bytes, to the digit", arguments: [Boundary.zero, .renormalize])
  func windowedSums(boundary: Boundary) throws {
    let (a, b) = (Self.a.widened(), Self.b.widened())
    let difference = try a * a - b * b
    let options = WindowOptions(boundary: boundary)
    #expect(try difference.windowSum(of: [3, 3], options: options).elements == Self.sums)
    let mapped = try difference.mapWindows(of: [3, 3], options: options) { $0.reduce(0, +) }
    #expect(mapped.elements == Self.sums)
  }

  @Test("The same as a convolution with ones, and inside alone", arguments: [false, true])
  func convolvedSums(transformed: Bool) throws {
    let (a, b) = (Self.a.converted(to: Double.self), Self.b.converted(to: Double.self))
    let difference = try a * a - b * b
    var options = ConvolutionOptions(mode: .same)
    options.algorithm = transformed ? .fft : .direct
    let same = try difference.convolved(with: .ones([3, 3]), options: options)
    #expect(same.elements.map { Float($0.rounded()) } == Self.sums)
    #expect(relativeL2Error(same.elements, Self.sums.map(Double.init)) < 1e-14)
    options.mode = .valid
    let inside = try difference.convolved(with: .ones([3, 3]), options: options)
    #expect(
      inside.elements.map { $0.rounded() } == [
        65887, 38811, 61252, 51033, 60119, 109133, 35101, 70005, 62463, 126935, 14530, 2255,
        110426, 163513, 33812, -50035,
      ])
    // What the first answer printed for 3 × 3 is of 2 × 2.
    options.mode = .same
    let small = try difference.convolved(with: .ones([2, 2]), options: options)
    #expect(small.elements.prefix(3).map { $0.rounded() } == [18585, 18969, -2523])
  }

  @Test("1…4 with itself, as correlate and as correlate2d (JAX PR#2675)")
  func evenCentring() throws {
    let ramp = Signal<Double>([1, 2, 3, 4])
    var options = ConvolutionOptions(mode: .same)
    for algorithm in ConvolutionAlgorithm.forced {
      options.algorithm = algorithm
      options.anchor = .scipy
      let correlated = try ramp.correlated(with: ramp, options: options)
      #expect(relativeL2Error(correlated.elements, [11, 20, 30, 20]) < 1e-15)
      options.anchor = .correlate2d
      let plane = try ramp.correlated(with: ramp, options: options)
      #expect(relativeL2Error(plane.elements, [20, 30, 20, 11]) < 1e-15)
    }
  }

  @Test("Ones with ones of even extents (scipy#1968)")
  func ones() throws {
    let ones = Image<Double>.ones([4, 4])
    var options = ConvolutionOptions(mode: .same)
    let correlate = try ones.correlated(with: ones, options: options)
    #expect(
      correlate.elements.map { $0.rounded() }
        == [4, 6, 8, 6, 6, 9, 12, 9, 8, 12, 16, 12, 6, 9, 12, 9])
    options.anchor = .correlate2d
    let plane = try ones.correlated(with: ones, options: options)
    #expect(
      plane.elements.map { $0.rounded() }
        == [9, 12, 9, 6, 12, 16, 12, 8, 9, 12, 9, 6, 6, 8, 6, 4])
  }

  @Test("An asymmetric kernel as OpenCV's filter2D correlates it")
  func filter2D() throws {
    let golden = try GoldenFile()
    let image = try golden.image("image")
    let kernel = try golden.image("asymmetric")
    let cases = golden.cases("filter2D")
    #expect(cases.count == 4)
    for (words, expected) in cases {
      let boundary = try #require(Boundary(words[0]))
      var options = ConvolutionOptions(mode: .same, boundary: boundary)
      options.anchor = .opencv
      let result = try image.correlated(with: kernel, options: options)
      #expect(result.elements == expected.values, "\(words)")
    }
  }

  @Test("Gaussian filters and their derivatives are SciPy's for every boundary")
  func gaussianFilters() throws {
    let golden = try GoldenFile()
    let image = try golden.image("image")
    let cases = golden.cases("gaussian")
    #expect(cases.count == 36)
    for (words, expected) in cases {
      let boundary = try #require(Boundary(words[0]))
      let found = try image.gaussianFiltered(
        sigma: GoldenFile.numbers(words[1]), order: GoldenFile.integers(words[2]),
        options: ConvolutionOptions(mode: .same, boundary: boundary))
      #expect(relativeL2Error(found, expected) < 1e-14, "\(words)")
      let float = try image.converted(to: Float.self).gaussianFiltered(
        sigma: GoldenFile.numbers(words[1]), order: GoldenFile.integers(words[2]),
        options: ConvolutionOptions(mode: .same, boundary: boundary))
      #expect(relativeL2Error(float, expected) < 2e-6, "\(words)")
    }
    #expect(throws: ConcordError.elementCount(expected: 2, found: 3)) {
      try image.gaussianFiltered(sigma: [1, 1, 1])
    }
    #expect(throws: ConcordError.elementCount(expected: 2, found: 3)) {
      try image.gaussianFiltered(sigma: [1], order: [0, 0, 0])
    }
  }
}
