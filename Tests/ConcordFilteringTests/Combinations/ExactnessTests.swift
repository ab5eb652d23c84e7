import ConcordArrays
import ConcordBackends
import ConcordTestSupport
import Testing

@testable import ConcordFiltering

@Suite("Sums that have to be exact", .standardCosts)
struct ExactnessTests {
  private func integers(_ shape: Shape<2>, _ range: ClosedRange<Int>, seed: UInt64) -> Image<Double>
  {
    var random = SplitMix64(seed: seed)
    return Image(shape: shape) { _ in
      Double(range.lowerBound + Int(random.next() % UInt64(range.count)))
    }
  }

  /// In integers, which nothing rounds.
  private func sums(_ image: Image<Double>, _ kernel: Image<Double>, outside: Int) -> [Int] {
    let (pixels, taps) = (image.elements.map { Int($0) }, kernel.elements.map { Int($0) })
    var sums: [Int] = []
    for row in 0..<image.rows {
      for column in 0..<image.columns {
        var sum = 0
        for i in 0..<kernel.rows {
          for j in 0..<kernel.columns {
            let (y, x) = (row + i - kernel.rows / 2, column + j - kernel.columns / 2)
            let isInside = (0..<image.rows).contains(y) && (0..<image.columns).contains(x)
            sum +=
              (isInside ? pixels[y * image.columns + x] : outside) * taps[i * kernel.columns + j]
          }
        }
        sums.append(sum)
      }
    }
    return sums
  }

  private static let algorithms: [ConvolutionAlgorithm] = [.automatic, .direct, .fft, .overlapSave]

  @Test(
    "Integers are the integers, by every algorithm", arguments: algorithms,
    [255, 65_535, 3_000_000])
  func exactIntegers(algorithm: ConvolutionAlgorithm, magnitude: Int) throws {
    let image = integers([50, 61], -magnitude...magnitude, seed: 4)
    let kernel = integers([13, 12], -1000...1000, seed: 5)
    var options = ConvolutionOptions(mode: .same, boundary: .constant(7))
    options.exactness = .integers(magnitude: Double(magnitude))
    options.algorithm = algorithm
    options.effort = .estimate
    let expected = sums(image, kernel, outside: 7)
    #expect(
      try image.correlated(with: kernel, options: options).elements == expected.map(Double.init))
    let float = try image.converted(to: Float.self)
      .correlated(with: kernel.converted(to: Float.self), options: options)
    #expect(float.elements == expected.map(Float.init))
  }

  @Test("Single precision serves where it holds every sum, and double where it doesn't")
  func precision() throws {
    let image = integers([40, 40], 0...255, seed: 6)
    func plan(_ kernel: Image<Double>, _ algorithm: ConvolutionAlgorithm) throws
      -> StrategyEstimate
    {
      var options = ConvolutionOptions(mode: .same)
      options.exactness = .integers(magnitude: 255)
      options.algorithm = algorithm
      return try ConvolutionPlan(
        image: image.shape, kernel: kernel.converted(to: Float.self), .convolution, options: options
      ).choice
    }
    #expect(try !plan(integers([5, 5], 0...9, seed: 7), .direct).isWidened)
    #expect(try plan(integers([5, 5], 0...99_999, seed: 7), .direct).isWidened)
    #expect(try plan(integers([31, 31], 0...99, seed: 7), .fft).isWidened)
  }

  @Test("What is no integer is refused, with what was found")
  func refusals() throws {
    let image = integers([9, 9], 0...9, seed: 8)
    let kernel = integers([3, 3], 0...9, seed: 9)
    func convolve(
      _ image: Image<Double>, _ kernel: Image<Double>, _ boundary: Boundary = .zero,
      magnitude: Double = 9, _ algorithm: ConvolutionAlgorithm = .automatic
    ) throws {
      var options = ConvolutionOptions(mode: .same, boundary: boundary)
      options.exactness = .integers(magnitude: magnitude)
      options.algorithm = algorithm
      _ = try image.convolved(with: kernel, options: options)
    }
    try convolve(image, kernel)
    #expect(throws: ConcordError.self) { try convolve(image + 0.5, kernel) }
    #expect(throws: ConcordError.self) { try convolve(image, kernel * 0.5) }
    #expect(throws: ConcordError.self) { try convolve(image, kernel, magnitude: 3) }
    #expect(throws: ConcordError.self) { try convolve(image, kernel, magnitude: 0x1p50) }
    #expect(throws: ConcordError.self) { try convolve(image, kernel, magnitude: .nan) }
    #expect(throws: ConcordError.self) { try convolve(image, kernel, .constant(0.5)) }
    #expect(throws: ConcordError.self) { try convolve(image, kernel, .renormalize) }
    #expect(throws: ConcordError.self) { try convolve(image, kernel, magnitude: 9, .separable) }
    var holed = image
    holed[2, 2] = .nan
    #expect(throws: ConcordError.self) { try convolve(holed, kernel) }
  }

  @Test("Small values beside large ones keep their digits", arguments: algorithms, Boundary.all)
  func dynamicRange(algorithm: ConvolutionAlgorithm, boundary: Boundary) throws {
    var random = SplitMix64(seed: 10)
    for bright in [1, 40] {
      // A background of order 1, and stars.
      var image = Image<Float>(shape: [64, 90]) { _ in Float(random.uniform()) }
      for _ in 0..<bright {
        image[Int(random.next() % 64), Int(random.next() % 90)] = 1e12
      }
      let kernel = Image<Float>(shape: [7, 8]) { _ in Float(random.uniform()) }
      var options = ConvolutionOptions(mode: .same, boundary: boundary)
      options.effort = .estimate
      options.algorithm = .direct
      let exact = try image.converted(to: Double.self)
        .convolved(with: kernel.converted(to: Double.self), options: options)
      options.algorithm = boundary == .renormalize ? .automatic : algorithm
      options.exactness = .local
      let found = try image.convolved(with: kernel, options: options)
      for (found, exact) in zip(found.elements, exact.elements) where exact < 1e9 {
        guard abs(Double(found) - exact) < 1e-4 * abs(exact) else {
          Issue.record("\(algorithm) \(boundary): \(found), not \(exact)")
          return
        }
      }
    }
  }

  @Test("Where nothing is lost, local sums are the transforms'")
  func evenImages() throws {
    var random = SplitMix64(seed: 11)
    let image = Image<Float>(shape: [70, 80]) { _ in Float(random.uniform()) }
    let kernel = Image<Float>(shape: [9, 9]) { _ in Float(random.uniform()) }
    var options = ConvolutionOptions(mode: .same, boundary: .reflect)
    options.algorithm = .overlapSave
    let plain = try image.convolved(with: kernel, options: options)
    options.exactness = .local
    #expect(try image.convolved(with: kernel, options: options).elements == plain.elements)
  }

  @Test("Verification passes what is right", arguments: algorithms, Boundary.all)
  func verification(algorithm: ConvolutionAlgorithm, boundary: Boundary) throws {
    var samples = RandomSamples(seed: 12)
    var options = ConvolutionOptions(mode: .full, boundary: boundary)
    options.algorithm = algorithm
    options.effort = .estimate
    options.verification = .sample(100)
    let range = boundary == .renormalize ? 0.5...1 : -1.0...1
    var image = samples.real(Shape(rows: 30, columns: 41))
    let kernel = samples.real(Shape(rows: 5, columns: 6), in: range)
    _ = try image.convolved(with: kernel, options: options)
    let waves = try samples.complex(Shape(rows: 30, columns: 41))
    _ = try waves.correlated(
      with: samples.complex(Shape(rows: 5, columns: 6), in: range), options: options)
    _ = try waves.correlated(with: kernel, options: options)
    image[3, 3] = .infinity
    image[9, 9] = .nan
    _ = try image.convolved(with: kernel, options: options)
    options.verification = .sample(0)
    #expect(throws: ConcordError.self) { try image.convolved(with: kernel, options: options) }
  }

  @Test("Verification finds what is wrong")
  func wrongResults() throws {
    var samples = RandomSamples(seed: 13)
    let image = samples.real(Shape(rows: 30, columns: 41))
    let kernel = samples.real(Shape(rows: 5, columns: 6))
    let options = ConvolutionOptions(mode: .same)
    let geometry = try ConvolutionGeometry(
      image: [30, 41], kernel: [5, 6], operation: .correlation, options: options)
    let verification = SampledVerification(
      50, weights: Samples(real: kernel.buffer), geometry: geometry)
    let right = try image.correlated(with: kernel, options: options)
    try verification.check(Samples(real: right.buffer), of: Samples(real: image.buffer))
    let wrong = right * 1.01
    #expect(throws: ConcordError.self) {
      try verification.check(Samples(real: wrong.buffer), of: Samples(real: image.buffer))
    }
  }
}
