import ConcordArrays
import ConcordFiltering
import ConcordTestSupport
import Testing

@Suite("Statistics weighted by Gaussians", .standardCosts)
struct GaussianStatisticsTests {
  /// Weighted moments about the weighted means, element by element.
  private func naive(
    _ a: Image<Double>, _ b: Image<Double>, _ taps: [Double], row: Int, column: Int
  ) -> (variance: Double, covariance: Double, correlation: Double) {
    let radius = taps.count / 2
    func mirrored(_ i: Int, _ n: Int) -> Int { i < 0 ? -1 - i : i >= n ? 2 * n - 1 - i : i }
    var elements: [(w: Double, x: Double, y: Double)] = []
    for i in -radius...radius {
      for j in -radius...radius {
        let (r, c) = (mirrored(row + i, a.rows), mirrored(column + j, a.columns))
        elements.append((taps[i + radius] * taps[j + radius], a[r, c], b[r, c]))
      }
    }
    let x = elements.reduce(0) { $0 + $1.w * $1.x }
    let y = elements.reduce(0) { $0 + $1.w * $1.y }
    let xx = elements.reduce(0) { $0 + $1.w * ($1.x - x) * ($1.x - x) }
    let yy = elements.reduce(0) { $0 + $1.w * ($1.y - y) * ($1.y - y) }
    let xy = elements.reduce(0) { $0 + $1.w * ($1.x - x) * ($1.y - y) }
    return (xx, xy, xy / (xx * yy).squareRoot())
  }

  @Test("Agree with the definition, whatever the offset", arguments: [0.0, 1e3, 1e6])
  func definition(offset: Double) throws {
    var random = SplitMix64(seed: 3)
    let a = Image<Double>(shape: [20, 26]) { _ in offset + random.uniform() }
    let b = Image<Double>(shape: [20, 26]) { 0.3 * a[$0] - offset + random.uniform() }
    let taps = try Signal<Double>.gaussianTaps(sigma: 1.5, truncate: 3.5).elements
    let variance = try a.gaussianVariance(sigma: [1.5], truncate: 3.5)
    let covariance = try a.gaussianCovariance(with: b, sigma: [1.5], truncate: 3.5)
    let correlation = try a.gaussianCorrelation(with: b, sigma: [1.5], truncate: 3.5)
    for (row, column) in [(0, 0), (3, 4), (10, 13), (19, 25), (19, 2)] {
      let expected = naive(a, b, taps, row: row, column: column)
      #expect(abs(variance[row, column] - expected.variance) < 1e-10)
      #expect(abs(covariance[row, column] - expected.covariance) < 1e-10)
      #expect(abs(correlation[row, column] - expected.correlation) < 1e-8)
    }
  }

  @Test("Are right where constants stand outside")
  func constants() throws {
    var random = SplitMix64(seed: 4)
    let image = Image<Double>(shape: [12, 13]) { _ in 100 + random.uniform() }
    let options = ConvolutionOptions(mode: .same, boundary: .constant(90))
    let found = try image.gaussianVariance(sigma: [1], options: options)
    let wide = Image<Double>(shape: [32, 33]) { p in
      (10..<22).contains(p.row) && (10..<23).contains(p.column)
        ? image[p.row - 10, p.column - 10] : 90
    }
    let expected = try wide.gaussianVariance(sigma: [1])
    for row in 0..<12 {
      for column in 0..<13 {
        #expect(abs(found[row, column] - expected[row + 10, column + 10]) < 1e-9)
      }
    }
  }

  @Test("Are NaN where windows hold NaN, and there only")
  func nonFinite() throws {
    var random = SplitMix64(seed: 5)
    var image = Image<Float>(shape: [40, 41]) { _ in Float(random.uniform()) }
    let other = Image<Float>(shape: [40, 41]) { _ in Float(random.uniform()) }
    image[20, 20] = .nan
    let radius = 4
    let results = [
      try image.gaussianVariance(sigma: [1]),
      try image.gaussianCovariance(with: other, sigma: [1]),
      try other.gaussianCorrelation(with: image, sigma: [1]),
    ]
    for result in results {
      for row in 0..<40 {
        for column in 0..<41 {
          let isTouched = abs(row - 20) <= radius && abs(column - 20) <= radius
          #expect(result[row, column].isNaN == isTouched, "\(row) \(column)")
        }
      }
    }
  }

  @Test("State what flat surroundings score")
  func flat() throws {
    let flat = Image<Float>(shape: [15, 15], repeating: 0.1)
    let ramp = Image<Float>(shape: [15, 15]) { Float($0.row) }
    let zero = try flat.gaussianCorrelation(with: ramp, sigma: [1])
    #expect(zero.elements.allSatisfy { $0 == 0 })
    let unknown = try ramp.gaussianCorrelation(with: flat, sigma: [1], flatWindows: .nan)
    #expect(unknown.elements.allSatisfy { $0.isNaN })
    let same = try ramp.gaussianCorrelation(with: ramp, sigma: [1])
    #expect(same.elements.allSatisfy { abs($0 - 1) < 1e-6 && $0 <= 1 })
    #expect(throws: ConcordError.self) {
      try ramp.gaussianCovariance(with: Image(shape: [3, 3], repeating: 1), sigma: [1])
    }
  }
}
