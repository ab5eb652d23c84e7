import ComplexModule
import ConcordArrays
import ConcordFiltering
import ConcordTestSupport
import NaiveReference
import Testing

/// Kernels that are sums of products, through passes along the axes, against the textbook loops with
/// the kernel as it stands.
@Suite("Separable filtering agrees with the textbook loops", .standardCosts)
struct SeparableTests {
  @Test(
    "Images: one term to three, every mode, boundary and anchor",
    arguments: [
      ([7, 9], [3, 5], 1), ([8, 6], [4, 2], 1), ([9, 12], [7, 7], 3), ([6, 9], [6, 9], 2),
      ([5, 4], [8, 9], 3), ([1, 11], [3, 4], 1), ([20, 70], [5, 5], 2),
    ])
  func images(image: [Int], kernel: [Int], terms: Int) throws {
    try check(Shape<2> { image[$0] }, Shape<2> { kernel[$0] }, terms: terms)
  }

  @Test(
    "Volumes: one term to three",
    arguments: [
      ([3, 4, 5], [2, 3, 3], 1), ([4, 3, 6], [3, 2, 4], 2), ([6, 5, 7], [4, 3, 4], 3),
      ([2, 3, 4], [4, 5, 5], 1), ([3, 6, 7], [1, 4, 4], 2), ([6, 3, 7], [5, 1, 4], 2),
    ])
  func volumes(image: [Int], kernel: [Int], terms: Int) throws {
    try check(Shape<3> { image[$0] }, Shape<3> { kernel[$0] }, terms: terms)
  }

  @Test("Signals", arguments: [([13], [4]), ([12], [31]), ([1], [3]), ([300], [140])])
  func signals(image: [Int], kernel: [Int]) throws {
    try check(Shape<1> { image[$0] }, Shape<1> { kernel[$0] }, terms: 1)
  }

  private func check<let rank: Int>(
    _ shape: Shape<rank>, _ kernelShape: Shape<rank>, terms: Int
  ) throws {
    var samples = RandomSamples(seed: 0x5e9)
    let image = samples.real(shape)
    let complex = try samples.complex(shape)
    let positive: NDArray<rank, Double> = try samples.kernel(kernelShape, terms: terms, in: 0.5...1)
    let signed: NDArray<rank, Double> = try samples.kernel(kernelShape, terms: terms)
    var mismatches = Mismatches()
    for filter in FilterCase.all(kernel: kernelShape.components) {
      let weights = filter.divides ? positive : signed
      let float = weights.converted(to: Float.self)
      guard let expected = try? NaiveArray(image).filtered(with: NaiveArray(weights), filter.naive)
      else { continue }
      mismatches.note(
        try run(image.converted(to: Double.self), weights, filter, terms), expected, "\(filter)")
      mismatches.note(
        try run(image, float, filter, terms),
        try NaiveArray(image).filtered(with: NaiveArray(float), filter.naive), "\(filter)")
      guard filter.options.anchor == .scipy else { continue }
      mismatches.note(
        try filter.run(complex, real: float, .separable),
        try NaiveComplexArray(complex).filtered(
          with: NaiveComplexArray(NaiveArray(float)), filter.naive), "complex image, \(filter)")
    }
    #expect(mismatches.comparisons > 100)
    #expect(mismatches.isEmpty, "\(samples.random) \(shape), \(kernelShape): \(mismatches)")
  }

  private func run<let rank: Int, Scalar: RealScalar>(
    _ image: NDArray<rank, Scalar>, _ kernel: NDArray<rank, Scalar>, _ filter: FilterCase,
    _ terms: Int
  ) throws -> NDArray<rank, Scalar> {
    let plan = try ConvolutionPlan(
      image: image.shape, kernel: kernel, filter.operation, options: filter.options(.separable))
    try #require(plan.choice.strategy == .separable(terms: terms), "\(plan.choice.strategy)")
    return try plan(image)
  }

  @Test("Shrinking windows of which hardly a weight is left", arguments: [0.7, 2, 3])
  func taperedKernels(sigma: Double) throws {
    var samples = RandomSamples(seed: 0x6b)
    let image = samples.real(Shape(rows: 30, columns: 24), in: 0...1)
    let wide = image.converted(to: Double.self)
    let taps = try Signal<Double>.gaussianTaps(sigma: sigma)
    let kernel = try Image<Double>.separable([taps, taps])
    var mismatches = Mismatches()
    for operation in [ConvolutionOperation.convolution, .correlation] {
      let filter = FilterCase(operation, .full, .renormalize)
      let expected = try NaiveArray(image).filtered(with: NaiveArray(kernel), filter.naive)
      mismatches.note(try filter.run(wide, kernel, .separable), expected, "dense")
      mismatches.note(
        try filter.run(image, kernel.converted(to: Float.self), .separable), expected, "dense")
      let product = try ConvolutionPlan(
        image: image.shape, factors: [taps, taps], operation, options: filter.options(.separable))
      mismatches.note(try product(wide), expected, "factors")
    }
    #expect(mismatches.isEmpty, "\(mismatches)")
  }

  /// Larger than a strip, a chunk and a band; streamed past the caches or not.
  @Test(
    "Images of several strips and bands, aligned and not",
    arguments: [
      ([75, 1100], [3, 5], 1), ([300, 4500], [11, 9], 1), ([900, 640], [140, 30], 1),
      ([70, 700], [160, 150], 1), ([2100, 3008], [5, 5], 1), ([2100, 3001], [3, 7], 1),
      ([2100, 3008], [7, 7], 2), ([1500, 4480], [131, 3], 1), ([500, 33], [9, 20], 3),
    ])
  func large(image: [Int], kernel: [Int], terms: Int) throws {
    var samples = RandomSamples(seed: 0x1a)
    let pixels = samples.real(Shape(rows: image[0], columns: image[1]))
    let shape = Shape(rows: kernel[0], columns: kernel[1])
    let weights: Image<Double> = try samples.kernel(shape, terms: terms)
    for boundary in [Boundary.reflect, .constant(0.5)] {
      let filter = FilterCase(.correlation, .same, boundary)
      let wide = pixels.converted(to: Double.self)
      let expected = try filter.run(wide, weights, .fft)
      #expect(relativeL2Error(try filter.run(wide, weights, .separable), expected) < 1e-14)
      let float = try filter.run(pixels, weights.converted(to: Float.self), .separable)
      #expect(relativeL2Error(float, expected) < 2e-6)
    }
  }

  @Test("Volumes of several chunks of planes")
  func largeVolumes() throws {
    var samples = RandomSamples(seed: 0x1b)
    let volume = samples.real(Shape(planes: 40, rows: 70, columns: 150))
    for (extents, terms) in [([9, 5, 7], 1), ([5, 21, 4], 2), ([37, 3, 3], 1)] {
      let weights: Volume<Double> = try samples.kernel(Shape<3> { extents[$0] }, terms: terms)
      let filter = FilterCase(.convolution, .same, .symmetric)
      let wide = volume.converted(to: Double.self)
      let expected = try filter.run(wide, weights, .fft)
      #expect(relativeL2Error(try filter.run(wide, weights, .separable), expected) < 1e-14)
      let float = try filter.run(volume, weights.converted(to: Float.self), .separable)
      #expect(relativeL2Error(float, expected) < 2e-6)
    }
  }

  @Test("The same bits for any number of threads", arguments: [1, 3])
  func threads(terms: Int) throws {
    var samples = RandomSamples(seed: 0x1c)
    let image = samples.real(Shape(rows: 200, columns: 700))
    let volume = samples.real(Shape(planes: 20, rows: 30, columns: 40))
    let flat: Image<Float> = try samples.kernel([9, 8], terms: terms)
    let deep: Volume<Float> = try samples.kernel([4, 4, 4], terms: terms)
    func run(_ threads: Int) throws -> [UInt32] {
      var options = ConvolutionOptions(mode: .same, boundary: .reflect)
      options.algorithm = .separable
      options.threads = threads
      return try image.convolved(with: flat, options: options).elements.map(\.bitPattern)
        + volume.convolved(with: deep, options: options).elements.map(\.bitPattern)
    }
    let one = try run(1)
    for threads in [2, 3, 7] { #expect(try run(threads) == one, "\(threads)") }
  }
}
