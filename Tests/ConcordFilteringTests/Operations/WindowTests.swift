import ConcordArrays
import ConcordFiltering
import ConcordTestSupport
import NaiveReference
import Testing

@Suite("Windows", .standardCosts)
struct WindowTests {
  private func apply<let rank: Int, Scalar: RealScalar>(
    _ statistic: NaiveStatistic, _ array: NDArray<rank, Scalar>, _ window: Shape<rank>,
    _ options: WindowOptions
  ) throws -> NDArray<rank, Scalar> {
    switch statistic {
    case .sum: try array.windowSum(of: window, options: options)
    case .mean: try array.windowMean(of: window, options: options)
    case .variance: try array.windowVariance(of: window, options: options)
    case .median: try array.windowMedian(of: window, options: options)
    case .minimum: try array.windowReduced(.minimum, of: window, options: options)
    case .maximum: try array.windowReduced(.maximum, of: window, options: options)
    }
  }

  @Test("Statistics are those of SciPy's generic_filter, origins and large windows included")
  func golden() throws {
    let golden = try GoldenFile()
    let image = try golden.image("image")
    let cases = golden.cases("window")
    #expect(cases.count == 96)
    for (words, expected) in cases {
      let statistic = try #require(NaiveStatistic.allCases.first { "\($0)" == words[0] })
      let size = GoldenFile.integers(words[2])
      var options = WindowOptions(boundary: try #require(Boundary(words[1])))
      options.origin = GoldenFile.integers(words[3])
      let found = try apply(statistic, image, Shape { size[$0] }, options)
      #expect(relativeL2Error(found, expected) < 1e-14, "\(words)")
      let float = try apply(
        statistic, image.converted(to: Float.self), Shape { size[$0] }, options)
      #expect(relativeL2Error(float, expected) < 1e-6, "\(words)")
    }
  }

  @Test("Statistics agree with the textbook loops", arguments: NaiveStatistic.allCases)
  func reference(statistic: NaiveStatistic) throws {
    try check(statistic, Shape(count: 11), Shape(count: 4))
    try check(statistic, Shape(count: 3), Shape(count: 8))
    try check(statistic, Shape(rows: 6, columns: 7), Shape(rows: 3, columns: 2))
    try check(statistic, Shape(rows: 6, columns: 70), Shape(rows: 5, columns: 1))
    try check(
      statistic, Shape(planes: 3, rows: 4, columns: 5), Shape(planes: 2, rows: 5, columns: 3))
  }

  private func check<let rank: Int>(
    _ statistic: NaiveStatistic, _ shape: Shape<rank>, _ window: Shape<rank>
  ) throws {
    var random = SplitMix64(seed: 0x77)
    let array: NDArray<rank, Double> = random.array(shape)
    for boundary in Boundary.all {
      let edges: NaiveEdges =
        boundary == .renormalize ? .shrinking : .extended(NaiveBoundary(boundary))
      let expected = try NaiveArray(array).windowed(
        statistic, window: window.components, edges: edges)
      let found = try apply(statistic, array, window, WindowOptions(boundary: boundary))
      #expect(relativeL2Error(found, expected) < 1e-13, "\(random) \(boundary) \(window)")
    }
    let valid = WindowOptions(mode: .valid)
    if (0..<rank).allSatisfy({ window[$0] <= shape[$0] }) {
      let expected = try NaiveArray(array).windowed(
        statistic, window: window.components, edges: .valid)
      let found = try apply(statistic, array, window, valid)
      #expect(relativeL2Error(found, expected) < 1e-13, "\(random) valid \(window)")
    } else {
      #expect(
        throws: ConcordError.exceeds(
          what: "window", extents: window.components, limit: shape.components)
      ) { try apply(statistic, array, window, valid) }
    }
  }

  @Test("Sums in mode 'full' are correlations with ones", arguments: Boundary.all)
  func fullSums(boundary: Boundary) throws {
    var random = SplitMix64(seed: 0xf)
    let image: Image<Double> = random.array([5, 6])
    let shrinks = boundary == .renormalize
    let expected = try NaiveArray(image).correlated(
      with: NaiveArray(shape: [3, 4], repeating: 1), mode: .full,
      boundary: shrinks ? .zero : NaiveBoundary(boundary))
    let found = try image.windowSum(
      of: [3, 4], options: WindowOptions(boundary: boundary, mode: .full))
    #expect(relativeL2Error(found, expected) < 1e-14)
  }

  @Test("NaN and infinity reach only the windows that hold them")
  func nonFinite() throws {
    var random = SplitMix64(seed: 0xdead)
    var image: Image<Double> = random.array([9, 12])
    image[2, 3] = .nan
    image[7, 9] = .infinity
    for boundary in Boundary.all {
      let edges: NaiveEdges =
        boundary == .renormalize ? .shrinking : .extended(NaiveBoundary(boundary))
      for statistic in [NaiveStatistic.sum, .mean, .variance, .median] {
        let expected = try NaiveArray(image).windowed(statistic, window: [3, 4], edges: edges)
        let found = try apply(statistic, image, [3, 4], WindowOptions(boundary: boundary))
        #expect(relativeL2Error(found, expected) < 1e-13, "\(boundary) \(statistic)")
      }
    }
  }

  @Test("The variance of Floats survives an offset, and is never negative")
  func offsets() throws {
    var random = SplitMix64(seed: 0x0ff)
    let small: Image<Double> = random.array([20, 17], in: 0...1)
    for offset in [0, 1e3, 1e4, 1e5, 1e6] {
      let image = (small + offset).converted(to: Float.self)
      for boundary in [Boundary.symmetric, .renormalize] {
        let edges: NaiveEdges =
          boundary == .renormalize ? .shrinking : .extended(NaiveBoundary(boundary))
        let expected = try NaiveArray(image).windowed(.variance, window: [5, 4], edges: edges)
        let found = try image.windowVariance(
          of: [5, 4], options: WindowOptions(boundary: boundary))
        #expect(relativeL2Error(found, expected) < 1e-6, "\(offset) \(boundary)")
        #expect(found.elements.allSatisfy { $0 >= 0 })
      }
    }
    let flat = Image<Float>(shape: [8, 8], repeating: 1e6 / 3)
    #expect(try flat.windowVariance(of: [3, 3]).elements.allSatisfy { $0 == 0 })
  }

  @Test("Delta degrees of freedom divide by less, and NaN where nothing is left")
  func degreesOfFreedom() throws {
    let signal = Signal<Double>([1, 2, 4])
    let sample = try signal.windowVariance(
      of: [3], ddof: 1, options: WindowOptions(boundary: .renormalize))
    #expect(relativeL2Error(sample.elements, [0.5, 7.0 / 3, 2]) < 1e-14)
    let none = try signal.windowVariance(of: [1], ddof: 1)
    #expect(none.elements.allSatisfy { $0.isNaN })
  }

  @Test("Closures see windows in row-major order, and under 'renormalize' only what is inside")
  func closures() throws {
    let image = Image<Float>(shape: [2, 3]) { Float(10 * $0.row + $0.column) }
    let options = WindowOptions(boundary: .renormalize)
    let coded = try image.mapWindows(of: [2, 2], options: options) { window in
      window.reduce(0) { 100 * $0 + $1 + 1 }
    }
    #expect(coded[0, 0] == 1)
    #expect(coded[0, 2] == 203)
    #expect(coded[1, 1] == 1_021_112)
    let counts = try image.mapWindows(of: [3, 3], options: options) { Float($0.count) }
    #expect(counts.elements == [4, 6, 4, 4, 6, 4])
  }

  @Test("Closures see in a span what they see in an array", arguments: Boundary.all)
  func spans(boundary: Boundary) throws {
    try checkSpans(Shape(count: 9), Shape(count: 4), boundary)
    try checkSpans(Shape(rows: 40, columns: 70), Shape(rows: 3, columns: 5), boundary)
    try checkSpans(
      Shape(planes: 3, rows: 4, columns: 5), Shape(planes: 2, rows: 1, columns: 3), boundary)
  }

  private func checkSpans<let rank: Int>(
    _ shape: Shape<rank>, _ window: Shape<rank>, _ boundary: Boundary
  ) throws {
    var random = SplitMix64(seed: 0x5b)
    let array: NDArray<rank, Double> = random.array(shape)
    let options = WindowOptions(boundary: boundary)
    // Neither the order nor the number of elements may differ.
    let expected = try array.mapWindows(of: window, options: options) { window in
      window.reduce(0) { 0.5 * $0 + $1 }
    }
    let found = try array.mapWindowSpans(of: window, options: options) { window in
      var sum = 0.0
      for index in window.indices { sum = 0.5 * sum + window[index] }
      return sum
    }
    #expect(found == expected, "\(boundary) \(window)")
  }

  @Test("Windows without extent and misplaced origins are refused")
  func refusals() throws {
    let image = Image<Float>(shape: [4, 4], repeating: 1)
    #expect(
      throws: ConcordError.outOfRange(what: "window extent", found: 0, allowed: "at least 1")
    ) { try image.windowSum(of: [3, 0]) }
    #expect(throws: ConcordError.empty(what: "the image")) {
      try Image<Float>(shape: [0, 4], repeating: 1).windowMean(of: [3, 3])
    }
    var options = WindowOptions()
    options.origin = [2, 0]
    #expect(throws: ConcordError.anchorOutsideKernel(anchor: [3, 1], kernel: [3, 3])) {
      try image.windowMedian(of: [3, 3], options: options)
    }
    options.origin = [1]
    #expect(throws: ConcordError.elementCount(expected: 2, found: 1)) {
      try image.mapWindows(of: [3, 3], options: options) { $0[0] }
    }
    #expect(throws: ConcordError.elementCount(expected: 2, found: 1)) {
      try image.mapWindowSpans(of: [3, 3], options: options) { $0[0] }
    }
  }

  @Test("Wide images, whose windows are done abreast, with NaN and without")
  func abreast() throws {
    var random = SplitMix64(seed: 21)
    let plain: Image<Float> = random.array([9, 75])
    var holed = plain
    holed[4, 20] = .nan
    holed[0, 74] = .infinity
    for image in [plain, holed] {
      for window: Shape<2> in [[3, 3], [5, 4], [1, 7], [7, 1], [2, 2], [21, 23]] {
        for statistic in [NaiveStatistic.median, .minimum, .maximum] {
          for boundary in [Boundary.symmetric, .renormalize, .constant(0.5)] {
            let found = try apply(statistic, image, window, WindowOptions(boundary: boundary))
            let edges: NaiveEdges =
              boundary == .renormalize ? .shrinking : .extended(NaiveBoundary(boundary))
            let expected = try NaiveArray(image).windowed(
              statistic, window: window.components, edges: edges)
            let isEqual = zip(found.elements, expected.values).allSatisfy {
              Double($0) == Double(Float($1)) || ($0.isNaN && $1.isNaN)
            }
            #expect(isEqual, "\(statistic) \(window) \(boundary)")
          }
        }
      }
    }
  }
}
