import ConcordArrays
import ConcordMatching
import ConcordTestSupport
import Foundation
import Testing

@Suite("Peaks between elements")
struct SubpixelTests {
  /// A quadratic with a peak of 7 near the middle, tilted.
  private func quadratic<let rank: Int>(
    _ shape: Shape<rank>, at peak: [Double], sign: Double = 1
  ) -> NDArray<rank, Double> {
    NDArray(shape: shape) { position in
      let d = (0..<rank).map { Double(position[$0]) - peak[$0] }
      var value = 0.0
      for i in 0..<rank {
        value += (1 + 0.5 * Double(i)) * d[i] * d[i]
        for j in 0..<i { value += 0.6 * d[i] * d[j] }
      }
      return sign * (7 - value)
    }
  }

  private func expectFit<let rank: Int>(
    _ fit: PeakFit<rank>?, _ offset: [Double], value: Double, within bound: Double = 1e-12
  ) throws {
    let fit = try #require(fit)
    for axis in 0..<rank {
      #expect(abs(fit.offset[axis] - offset[axis]) < bound, "\(fit.offset), not \(offset)")
    }
    #expect(abs(fit.value - value) < bound, "\(fit.value), not \(value)")
  }

  @Test(
    "Tilted quadratics are fitted exactly",
    arguments: [SubpixelMethod.newton, .polynomial(size: 3), .polynomial(size: 5)])
  func quadratics(method: SubpixelMethod) throws {
    let signal = quadratic(Shape<1>(count: 9), at: [4.3])
    try expectFit(signal.peakFit(at: [4], by: method), [0.3], value: 7)
    let image = quadratic(Shape<2>(rows: 9, columns: 8), at: [4.3, 2.8])
    try expectFit(image.peakFit(at: [4, 3], by: method), [0.3, -0.2], value: 7)
    let volume = quadratic(Shape<3>(planes: 7, rows: 8, columns: 9), at: [3.1, 4.35, 3.6])
    try expectFit(volume.peakFit(at: [3, 4, 4], by: method), [0.1, 0.35, -0.4], value: 7)
    let pit = quadratic(Shape<2>(rows: 9, columns: 8), at: [4.3, 2.8], sign: -1)
    try expectFit(
      pit.peakFit(at: [4, 3], by: method, seeking: .minima), [0.3, -0.2], value: -7)
    #expect(try pit.peakFit(at: [4, 3], by: method) == nil)
    #expect(try image.peakFit(at: [4, 3], by: method, seeking: .minima) == nil)
  }

  @Test("A quadratic of noise is that of least squares")
  func leastSquares() throws {
    // numpy.linalg.lstsq over the 5 x 5 elements about [3, 4].
    let image = Image<Double>(shape: [7, 8]) {
      let (y, x) = (Double($0.row) - 3.2, Double($0.column) - 3.9)
      return 5 - 0.4 * y * y - 0.3 * x * x + 0.1 * x * y
        + 0.05 * Double(($0.row * 5 + $0.column * 3) % 7)
    }
    try expectFit(
      image.peakFit(at: [3, 4], by: .polynomial(size: 5)),
      [0.20926486695444904, -0.10409414092457457],
      value: 5.157682629777346)
  }

  @Test("Gaussians are placed exactly, whatever their widths and tilt")
  func gaussians() throws {
    func exponential<let rank: Int>(_ shape: Shape<rank>, _ peak: [Double]) -> NDArray<rank, Double>
    {
      quadratic(shape, at: peak).map { 3 * exp(0.2 * ($0 - 7)) }
    }
    let signal = exponential(Shape<1>(count: 9), [4.3])
    try expectFit(signal.peakFit(at: [4], by: .gaussian), [0.3], value: 3)
    let image = exponential(Shape<2>(rows: 9, columns: 8), [4.3, 2.8])
    try expectFit(image.peakFit(at: [4, 3], by: .gaussian), [0.3, -0.2], value: 3)
    let volume = exponential(Shape<3>(planes: 7, rows: 8, columns: 9), [3.1, 4.35, 3.6])
    try expectFit(volume.peakFit(at: [3, 4, 4], by: .gaussian), [0.1, 0.35, -0.4], value: 3)
    // The formula of three points, in one dimension.
    let (l, c, r) = (2.0, 5.0, 3.0)
    let three = Signal<Double>([l, c, r])
    let offset = (log(l) - log(r)) / (2 * (log(l) - 2 * log(c) + log(r)))
    let fit = try #require(try three.peakFit(at: [1], by: .gaussian))
    #expect(abs(fit.offset[0] - offset) < 1e-15)
    // Logarithms need positive values.
    #expect(try (signal - 3).peakFit(at: [4], by: .gaussian) == nil)
  }

  @Test("Where no fit can be trusted there is none")
  func fallbacks() throws {
    // A saddle, a ridge without curvature, NaN beside the peak.
    let saddle = Image<Double>(shape: [3, 3]) {
      let (y, x) = (Double($0.row - 1), Double($0.column - 1))
      return 3 * x * y - 0.1 * (x * x + y * y)
    }
    #expect(try saddle.peakFit(at: [1, 1]) == nil)
    let ridge = try Image<Double>(rows: [[0, 0, 0], [1, 1, 1], [0, 0, 0]])
    #expect(try ridge.peakFit(at: [1, 1]) == nil)
    #expect(try Signal<Float>([1, 2, .nan]).peakFit(at: [1]) == nil)
    // The extremum of the quadratic is two elements away.
    #expect(try Signal<Double>([0, 3, 5]).peakFit(at: [1]) == nil)
    #expect(try Signal<Float>([5]).peakFit(at: [0]) == nil)
    #expect(throws: ConcordError.self) { try ridge.peakFit(at: [3, 0]) }
    #expect(throws: ConcordError.self) { try ridge.peakFit(at: [1, 1], by: .polynomial(size: 4)) }
  }

  @Test("At a border the place moves along the other axes only")
  func borders() throws {
    let image = quadratic(Shape<2>(rows: 6, columns: 8), at: [0, 3.25])
    let fit = try #require(try image.peakFit(at: [0, 3]))
    #expect(fit.offset[0] == 0)
    #expect(abs(fit.offset[1] - 0.25) < 1e-12)
    #expect(try image.peakFit(at: [0, 7]) == nil)
    // A window of 5 has room for 3 columns, and for 5 rows.
    let near = quadratic(Shape<2>(rows: 9, columns: 8), at: [4.3, 0.8])
    try expectFit(near.peakFit(at: [4, 1], by: .polynomial(size: 5)), [0.3, -0.2], value: 7)
  }

  @Test("Peaks come with their fits, and with places")
  func places() throws {
    let map = quadratic(Shape<2>(rows: 20, columns: 30), at: [11.3, 20.9]).converted(to: Float.self)
    var options = PeakOptions(count: 1)
    #expect(try map.peaks(options)[0].place == [11, 21])
    options.subpixel = .newton
    let peak = try map.peaks(options)[0]
    #expect(peak.position == [11, 21])
    #expect(abs(peak.place[0] - 11.3) < 1e-4 && abs(peak.place[1] - 20.9) < 1e-4)
    #expect(peak.score == Double(map[11, 21]))
  }

  @Test("Images of a stack are apart: no place lies between them")
  func stacks() throws {
    let stack = quadratic(Shape<3>(planes: 4, rows: 9, columns: 8), at: [1.2, 4.3, 2.8])
    var options = PeakOptions()
    options.subpixel = .newton
    #expect(try stack.peaks(options).count == 1)
    options.neighborhood = [0, 1, 1]
    let peaks = try stack.peaks(options)
    #expect(peaks.map { $0.position[0] }.sorted() == [0, 1, 2, 3])
    #expect(peaks.allSatisfy { $0.fit?.offset[0] == 0 && $0.fit?.offset[1] != 0 })
  }

  @Test("A shift between elements is found by the scores", arguments: [0.0, 0.2, -0.35])
  func plantedShift(shift: Double) throws {
    func pattern(_ y: Double, _ x: Double) -> Float {
      Float(
        sin(0.31 * y + 0.1 * x) + cos(0.27 * x - 0.05 * y) + 0.5 * sin(0.11 * x * 0.9 + 0.2 * y))
    }
    let scene = Image<Float>(shape: [60, 70]) {
      pattern(Double($0.row), Double($0.column)) * 50 + 1000
    }
    let template = Image<Float>(shape: [24, 24]) {
      pattern(Double($0.row) + 15 + shift, Double($0.column) + 20 - shift)
    }
    let matcher = try TemplateMatcher(template: template, scene: scene.shape)
    var options = PeakOptions(count: 1)
    options.subpixel = .newton
    let scores = try matcher.scores(in: scene)
    let match = try #require(try matcher.matches(in: scene, scores: scores, options).first)
    #expect(match.position == [15, 20])
    #expect(abs(match.place[0] - (15 + shift)) < 0.02, "\(match.place)")
    #expect(abs(match.place[1] - (20 - shift)) < 0.02, "\(match.place)")
  }
}
