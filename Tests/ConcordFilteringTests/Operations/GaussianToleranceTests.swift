import ConcordArrays
import ConcordBackends
import ConcordTestSupport
import Foundation
import NaiveReference
import Testing

@testable import ConcordFiltering

/// Sigmas for which lower rates pay, beside ones for which they don't.
@Suite("Gaussians within a tolerance", .standardCosts)
struct GaussianToleranceTests {
  @Test("Keep the tolerance at every boundary", arguments: Boundary.all)
  func boundaries(boundary: Boundary) throws {
    for sigma in [[5.0], [3.1, 12], [20, 0]] {
      try check(image: Shape(rows: 41, columns: 63), sigma: sigma, tolerance: 1.2e-4, boundary)
    }
  }

  @Test("Keep small and large tolerances", arguments: [1e-10, 1e-7, 1e-3, 0.1])
  func tolerances(tolerance: Double) throws {
    try check(image: Shape(rows: 61, columns: 83), sigma: [9, 4], tolerance: tolerance, .reflect)
  }

  @Test("Keep the tolerance in every rank")
  func ranks() throws {
    for (extent, sigma) in [(1, 4.0), (2, 40), (301, 6), (40_000, 4)] {
      try check(image: Shape(count: extent), sigma: [sigma], tolerance: 1e-5, .symmetric)
    }
    try check(
      image: Shape(planes: 19, rows: 30, columns: 27), sigma: [4, 5, 8], tolerance: 1e-4, .reflect)
    try check(
      image: Shape(planes: 9, rows: 40, columns: 33), sigma: [0, 10, 4], tolerance: 1e-4, .replicate
    )
    try check(
      image: Shape(planes: 40, rows: 6, columns: 7), sigma: [6, 0, 0], tolerance: 1e-4, .wrap)
    try check(image: Shape(rows: 1, columns: 70), sigma: [3, 5], tolerance: 1e-4, .zero)
  }

  @Test("Keep the tolerance as derivatives", arguments: [[1, 0], [0, 2], [1, 1], [3, 0]])
  func derivatives(order: [Int]) throws {
    for boundary in [Boundary.reflect, .zero, .constant(2)] {
      try check(
        image: Shape(rows: 70, columns: 66), sigma: [8, 6], tolerance: 1e-4, boundary, order: order)
    }
  }

  /// Lengths at the lower rate that are by chance those of the image are among them.
  @Test(
    "Keep the tolerance at a lower rate for lines of every length", arguments: [1e-12, 1e-6, 1e-3])
  func lengths(tolerance: Double) throws {
    var samples = RandomSamples(seed: 32)
    for sigma in [8.0, 20] {
      let gaussian = [GaussianAxis(sigma: sigma, order: 0)]
      for extent in 17...120 {
        let line = samples.real(Shape(count: extent))
        let ideal = gaussian.filtered(line, NaiveBoundary(.symmetric))
        let filter = MultirateGaussian<Double>(
          axes: [(extent, sigma, 0)], tolerance: tolerance, boundary: .symmetric, threads: 1)
        var result = SharedBuffer<Double>(repeating: 0, count: extent)
        let isFinite = filter?.run(line.converted(to: Double.self).buffer, into: &result)
        #expect(isFinite == true)
        let error = ideal.indices.map { abs(result[$0] - ideal[$0]) }.max() ?? 0
        #expect(error <= tolerance + 1e-14, "\(extent) sigma \(sigma)")
      }
    }
  }

  private func check<let rank: Int>(
    image shape: Shape<rank>, sigma: [Double], tolerance: Double, _ boundary: Boundary,
    order: [Int] = [0]
  ) throws {
    var samples = RandomSamples(seed: 31)
    let image = samples.real(shape)
    var options = ConvolutionOptions(mode: .same, boundary: boundary)
    options.effort = .estimate
    let axes = (0..<rank).map { axis in
      GaussianAxis(
        sigma: sigma.count == 1 ? sigma[0] : sigma[axis],
        order: order.count == 1 ? order[0] : order[axis])
    }
    let ideal = axes.filtered(image, NaiveBoundary(boundary))
    let gain = axes.reduce(1) { $0 * $1.gain }
    let largest = max(1, abs(NaiveBoundary(boundary).outside))
    let double = try image.converted(to: Double.self).gaussianFiltered(
      sigma: sigma, tolerance: tolerance, order: order, options: options)
    let float = try image.gaussianFiltered(
      sigma: sigma, tolerance: tolerance, order: order, options: options)
    let scale = boundary == .renormalize ? pow(2.0, Double(rank)) : 1
    let (doubles, floats) = (double.elements, float.elements)
    for (index, expected) in ideal.enumerated() {
      let bound = tolerance * largest * gain * scale
      let error = abs(doubles[index] - expected)
      let floatError = abs(Double(floats[index]) - expected)
      guard error <= bound && floatError <= bound + 2e-6 * gain * largest else {
        Issue.record(
          "\(shape) \(sigma) \(boundary) at \(index): \(error), \(floatError) > \(bound)")
        return
      }
    }
  }

  @Test("Take a lower rate for large sigmas, and none where it is not allowed")
  func choice() throws {
    func strategy(_ sigma: Double, _ change: (inout ConvolutionOptions) -> Void = { _ in }) throws
      -> String
    {
      var options = ConvolutionOptions(mode: .same, boundary: .symmetric)
      options.effort = .estimate
      change(&options)
      return
        "\(try GaussianFilter<2, Float>(image: [900, 800], sigma: [sigma], tolerance: 1e-4, options: options))"
    }
    #expect(try strategy(20) == "lower rate (1/12, 1/12)")
    #expect(try strategy(1) == "separable")
    #expect(try strategy(20) { $0.algorithm = .separable } == "separable")
    #expect(try strategy(20) { $0.algorithm = .fft }.hasPrefix("fft"))
    #expect(try strategy(20) { $0.mode = .full } != "lower rate (1/12, 1/12)")
    #expect(try strategy(20) { $0.exactness = .local } != "lower rate (1/12, 1/12)")
    #expect(try strategy(20) { $0.verification = .sample(3) } != "lower rate (1/12, 1/12)")
    #expect(throws: ConcordError.self) { try strategy(20) { $0.memoryLimit = 100_000 } }
  }

  @Test("Confine NaN to its windows, and count threads for nothing")
  func nonFinite() throws {
    var samples = RandomSamples(seed: 8)
    var image = samples.real(Shape(rows: 90, columns: 120))
    var options = ConvolutionOptions(mode: .same, boundary: .zero)
    options.threads = 1
    let one = try image.gaussianFiltered(sigma: [7], tolerance: 1e-4, options: options)
    options.threads = 3
    let three = try image.gaussianFiltered(sigma: [7], tolerance: 1e-4, options: options)
    #expect(one.elements.map(\.bitPattern) == three.elements.map(\.bitPattern))
    image[10, 10] = .nan
    let touched = try image.gaussianFiltered(sigma: [7], tolerance: 1e-4, options: options)
    #expect(touched[10, 30].isNaN && touched[30, 10].isNaN)
    // Beyond five sigma.
    #expect(abs(touched[60, 60] - one[60, 60]) < 1e-4)
    #expect(abs(touched[10, 50] - one[10, 50]) < 1e-3)
  }

  @Test("Say what is wrong with a tolerance")
  func failures() throws {
    let image = Image<Float>(shape: [5, 5], repeating: 1)
    for tolerance in [0, -1, 1, .nan] {
      #expect(throws: ConcordError.self) {
        try image.gaussianFiltered(sigma: [2], tolerance: tolerance)
      }
    }
    #expect(throws: ConcordError.self) {
      try image.gaussianFiltered(sigma: [-2], tolerance: 0.1)
    }
  }
}

/// One axis of the Gaussian itself, out to nine sigma.
private struct GaussianAxis {
  let taps: [Double]

  init(sigma: Double, order: Int) {
    guard sigma > 0 else {
      taps = [1]
      return
    }
    let radius = Int(9 * sigma) + 1
    let values = (-radius...radius).map { exp(-0.5 * Double($0 * $0) / (sigma * sigma)) }
    let sum = values.reduce(0, +)
    taps = zip(-radius...radius, values).map { t, value in
      // Of a correlation: x = -t.
      let x = Double(-t) / sigma
      let polynomial: Double =
        switch order {
        case 0: 1
        case 1: -x
        case 2: x * x - 1
        default: 3 * x - x * x * x
        }
      return value / sum * polynomial / pow(sigma, Double(order))
    }
  }

  var gain: Double { taps.reduce(0) { $0 + abs($1) } }
}

extension [GaussianAxis] {
  /// One axis after the other.
  fileprivate func filtered<let rank: Int>(
    _ image: NDArray<rank, Float>, _ boundary: NaiveBoundary
  ) -> [Double] {
    var values = image.elements.map(Double.init)
    let shape = image.shape.components
    for (axis, gaussian) in enumerated() where gaussian.taps.count > 1 {
      let stride = shape[(axis + 1)...].reduce(1, *)
      let (source, extent, radius) = (values, shape[axis], gaussian.taps.count / 2)
      for index in source.indices {
        let place = index / stride % extent
        var (sum, inside) = (0.0, 0.0)
        for (tap, weight) in gaussian.taps.enumerated() {
          if let other = boundary.index(place + tap - radius, extent: extent) {
            sum += weight * source[index + (other - place) * stride]
            inside += weight
          } else {
            sum += weight * boundary.outside
          }
        }
        values[index] = boundary == .renormalize ? sum / inside : sum
      }
    }
    return values
  }
}

extension NaiveBoundary {
  fileprivate var outside: Double {
    if case .constant(let value) = self { return value }
    return 0
  }
}
