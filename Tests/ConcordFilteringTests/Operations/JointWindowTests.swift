import ConcordArrays
import ConcordFiltering
import ConcordTestSupport
import NaiveReference
import Testing

@Suite("Covariance, correlation and deviation of windows", .standardCosts)
struct JointWindowTests {
  @Test("Agree with the textbook loops at every edge", arguments: Boundary.all)
  func reference(boundary: Boundary) throws {
    try check(Shape(count: 40), Shape(count: 6), boundary, Double.self)
    try check(Shape(rows: 20, columns: 17), Shape(rows: 5, columns: 4), boundary, Float.self)
    try check(
      Shape(planes: 4, rows: 6, columns: 7), Shape(planes: 2, rows: 3, columns: 3), boundary,
      Double.self)
  }

  private func check<let rank: Int, Scalar: RealScalar>(
    _ shape: Shape<rank>, _ window: Shape<rank>, _ boundary: Boundary, _ scalar: Scalar.Type
  ) throws {
    var random = SplitMix64(seed: 0x2b)
    let a: NDArray<rank, Scalar> = random.array(shape)
    let b: NDArray<rank, Scalar> = random.array(shape)
    let options = WindowOptions(boundary: boundary)
    let limit = Scalar.self == Float.self ? 1e-6 : 1e-12
    let covariance = try joint(a, b, window, boundary) { x, y in energy(x, y) / Double(x.count) }
    let found = try a.windowCovariance(with: b, of: window, options: options)
    #expect(relativeL2Error(found, covariance) < limit, "\(boundary) \(random)")
    let correlation = try joint(a, b, window, boundary) { x, y in
      let norm = (energy(x, x) * energy(y, y)).squareRoot()
      return norm > 0 ? energy(x, y) / norm : 0
    }
    let map = try a.windowCorrelation(with: b, of: window, options: options)
    #expect(relativeL2Error(map, correlation) < limit, "\(boundary) \(random)")
    #expect(map.elements.allSatisfy { abs($0) <= 1 })
    let deviation = try joint(a, b, window, boundary) { x, _ in
      x.count > 1 ? (energy(x, x) / Double(x.count - 1)).squareRoot() : .nan
    }
    let spread = try a.windowStandardDeviation(of: window, ddof: 1, options: options)
    #expect(relativeL2Error(spread, deviation) < limit, "\(boundary) \(random)")
  }

  private func energy(_ x: [Double], _ y: [Double]) -> Double {
    let n = Double(x.count)
    let (meanX, meanY) = (x.reduce(0, +) / n, y.reduce(0, +) / n)
    return zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
  }

  private func joint<let rank: Int, Scalar: RealScalar>(
    _ a: NDArray<rank, Scalar>, _ b: NDArray<rank, Scalar>, _ window: Shape<rank>,
    _ boundary: Boundary, _ value: ([Double], [Double]) -> Double
  ) throws -> NaiveArray {
    let edges: NaiveEdges =
      boundary == .renormalize ? .shrinking : .extended(NaiveBoundary(boundary))
    func collected(_ array: NDArray<rank, Scalar>) throws -> [[Double]] {
      var windows: [[Double]] = []
      _ = try NaiveArray(array).mapWindows(window.components, edges: edges) { elements in
        windows.append(elements)
        return 0
      }
      return windows
    }
    let values = zip(try collected(a), try collected(b)).map(value)
    return NaiveArray(shape: a.shape.components, values: values)
  }

  @Test("Withstand offsets and scales", arguments: [0.0, 1e4, 1e6], [1e-12, 1, 1e12])
  func torture(offset: Double, scale: Double) throws {
    var random = SplitMix64(seed: 0x70)
    let x: Image<Double> = random.array([40, 33])
    let y: Image<Double> = random.array([40, 33])
    let (a, b) = (x, try x * 0.5 + y)
    let far = (a + offset) * scale
    let other = (b - 3 * offset) * scale
    let window: Shape<2> = [7, 4]
    let limit = 1e-13 * max(1, offset)
    let variance = try a.windowVariance(of: window) * (scale * scale)
    #expect(relativeL2Error(try far.windowVariance(of: window), variance) < limit)
    let covariance = try a.windowCovariance(with: b, of: window) * (scale * scale)
    #expect(relativeL2Error(try far.windowCovariance(with: other, of: window), covariance) < limit)
    let correlation = try a.windowCorrelation(with: b, of: window)
    let found = try far.windowCorrelation(with: other, of: window)
    #expect(relativeL2Error(found, correlation) < limit)
  }

  @Test("Flat windows score what is asked for, and NaN reaches only its own windows")
  func flat() throws {
    var random = SplitMix64(seed: 9)
    var a: Image<Float> = random.array([12, 15])
    let flat = Image<Float>(shape: a.shape, repeating: 1e6 / 3)
    #expect(try a.windowCorrelation(with: flat, of: [3, 3]).elements.allSatisfy { $0 == 0 })
    let nans = try flat.windowCorrelation(with: a, of: [3, 3], flatWindows: .nan)
    #expect(nans.elements.allSatisfy { $0.isNaN })
    #expect(try flat.windowStandardDeviation(of: [3, 5]).elements.allSatisfy { $0 == 0 })
    let b: Image<Float> = random.array([12, 15])
    a[5, 6] = .nan
    let map = try a.windowCorrelation(with: b, of: [3, 5])
    for row in 0..<12 {
      for column in 0..<15 {
        #expect(map[row, column].isNaN == ((4...6).contains(row) && (4...8).contains(column)))
      }
    }
    let itself = try b.windowCorrelation(with: b, of: [4, 4])
    #expect(itself.elements.allSatisfy { abs($0 - 1) < 1e-6 })
  }

  @Test("Arrays of different shapes are refused")
  func shapes() throws {
    let a = Image<Float>(shape: [4, 4], repeating: 1)
    let b = Image<Float>(shape: [4, 5], repeating: 1)
    #expect(throws: ConcordError.shapesDiffer(expected: [4, 4], found: [4, 5])) {
      try a.windowCorrelation(with: b, of: [3, 3])
    }
  }

  @Test(
    "Expressions that are summed in one pass give what their values give",
    arguments: ["a", "b", "a*b", "b*a", "a^2", "b*b", "a**2 - b^2", "b^2 - a*a", "(a*a) - (b*b)"])
  func fused(text: String) throws {
    var random = SplitMix64(seed: 0xf0)
    let a: Image<Float> = random.array([30, 41])
    let b: Image<Float> = random.array([30, 41])
    let expression = try PixelExpression(text)
    for boundary in Boundary.all {
      for reduction in [WindowReduction.sum, .mean, .variance] {
        let options = WindowOptions(boundary: boundary)
        let expected = try expression.values(a: a, b: b)
          .windowReduced(reduction, of: [4, 9], options: options)
        let found = try a.windowed(
          expression, with: b, reduction: reduction, of: [4, 9], options: options)
        #expect(relativeL2Error(found, expected) < 1e-13, "\(boundary) \(reduction)")
        let float = try a.windowed(
          expression, with: b, reduction: reduction, of: [4, 9], options: options, as: Float.self)
        #expect(relativeL2Error(float, NaiveArray(expected)) < 1e-6, "\(boundary) \(reduction)")
      }
    }
  }
}
