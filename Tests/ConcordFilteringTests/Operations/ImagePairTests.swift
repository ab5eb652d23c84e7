import ConcordArrays
import ConcordFiltering
import ConcordTestSupport
import NaiveReference
import Testing

@Suite("Stacks of images with kernels of their own agree with the textbook loops", .standardCosts)
struct ImagePairTests {
  static let algorithms: [ConvolutionAlgorithm] = [.direct, .overlapSave, .fft, .matrix]

  @Test(
    "Every mode, boundary and anchor",
    arguments: [
      (3, [7, 9], [3, 5]), (2, [8, 6], [4, 2]), (5, [5, 4], [8, 9]), (1, [20, 30], [17, 9]),
      (2, [1, 11], [3, 4]), (3, [16, 16], [15, 13]), (2, [40, 25], [10, 20]),
    ])
  func pairs(count: Int, image: [Int], kernel: [Int]) throws {
    var samples = RandomSamples(seed: 0xa1)
    let images = (0..<count).map { _ in samples.real(Shape<2> { image[$0] }) }
    let kernels = (0..<count).map { _ in samples.real(Shape<2> { kernel[$0] }) }
    let positive = (0..<count).map { _ in samples.real(Shape<2> { kernel[$0] }, in: 0.5...1) }
    var mismatches = Mismatches()
    for filter in FilterCase.all(kernel: kernel) {
      let weights = filter.divides ? positive : kernels
      let expected = try? zip(images, weights).map {
        try NaiveArray($0).filtered(with: NaiveArray($1), filter.naive)
      }
      guard let expected else { continue }
      for algorithm in Self.algorithms {
        let float = try run(stack(images), stack(weights), filter, algorithm)
        let double = try run(
          stack(images).converted(to: Double.self), stack(weights).converted(to: Double.self),
          filter,
          algorithm)
        for index in 0..<count {
          mismatches.note(try plane(float, index), expected[index], "\(filter) \(algorithm)")
          mismatches.note(try plane(double, index), expected[index], "\(filter) \(algorithm)")
        }
      }
    }
    #expect(mismatches.comparisons > 100)
    #expect(mismatches.isEmpty, "\(mismatches)")
  }

  @Test("One kernel for all images", arguments: [([9, 12], [4, 5]), ([30, 20], [7, 3])])
  func oneKernel(image: [Int], kernel: [Int]) throws {
    var samples = RandomSamples(seed: 0xa2)
    let images = (0..<4).map { _ in samples.real(Shape<2> { image[$0] }) }
    let weights = samples.real(Shape<2> { kernel[$0] }, in: 0.5...1)
    var mismatches = Mismatches()
    for filter in FilterCase.all(kernel: kernel) {
      let result =
        try filter.operation == .convolution
        ? stack(images).convolvedEach(with: weights, options: filter.options)
        : stack(images).correlatedEach(with: weights, options: filter.options)
      for (index, image) in images.enumerated() {
        mismatches.note(
          try plane(result, index),
          try NaiveArray(image).filtered(with: NaiveArray(weights), filter.naive), "\(filter)")
      }
    }
    #expect(mismatches.isEmpty, "\(mismatches)")
  }

  @Test("Pairs of very different size, and NaN, don't disturb each other", arguments: algorithms)
  func neighbours(algorithm: ConvolutionAlgorithm) throws {
    var samples = RandomSamples(seed: 0xa3)
    var images = (0..<7).map { _ in samples.real(Shape(rows: 20, columns: 18)) }
    var kernels = (0..<7).map { _ in samples.real(Shape(rows: 11, columns: 13)) }
    images[1] = images[1] * 1e9
    kernels[2] = kernels[2] * 1e-15
    images[3] = images[3] * 1e18
    kernels[3] = kernels[3] * 1e-18
    images[5][4, 4] = .nan
    kernels[6] = kernels[6] * 1e12
    let filter = FilterCase(.convolution, .full)
    let result = try run(stack(images), stack(kernels), filter, algorithm)
    var mismatches = Mismatches()
    for index in images.indices {
      mismatches.note(
        try plane(result, index),
        try NaiveArray(images[index]).filtered(with: NaiveArray(kernels[index]), filter.naive),
        "\(index)")
    }
    #expect(mismatches.isEmpty, "\(mismatches)")
  }

  @Test("Larger tiles, and the same bits for any number of threads", arguments: [128, 130, 300])
  func larger(extent: Int) throws {
    var samples = RandomSamples(seed: 0xa4)
    let images = samples.real(Shape(planes: 5, rows: extent, columns: extent - 3))
    let kernels = samples.real(Shape(planes: 5, rows: extent - 20, columns: extent - 9))
    func run(_ threads: Int) throws -> Volume<Float> {
      var options = ConvolutionOptions(mode: .same, boundary: .reflect)
      options.algorithm = .overlapSave
      options.threads = threads
      return try images.correlatedInPairs(with: kernels, options: options)
    }
    let one = try run(1)
    for threads in [2, 5] { #expect(try run(threads) == one, "\(threads)") }
    let options = ConvolutionOptions(mode: .same, boundary: .reflect)
    for index in [0, 4] {
      let expected = try plane(images, index).converted(to: Double.self).correlated(
        with: plane(kernels, index).converted(to: Double.self), options: options)
      #expect(relativeL2Error(try plane(one, index), expected) < 2e-6)
    }
  }

  @Test("Refuse another number of kernels, none, and weights that sum to nothing")
  func refusals() throws {
    let images = Volume<Float>(shape: [3, 8, 8], repeating: 1)
    let kernels = Volume<Float>(shape: [2, 3, 3], repeating: 1)
    #expect(throws: ConcordError.elementCount(expected: 3, found: 2)) {
      try images.convolvedInPairs(with: kernels)
    }
    var zero = Volume<Float>(shape: [3, 1, 2], repeating: 1)
    zero[2, 0, 1] = -1
    #expect(throws: ConcordError.weightsSumToZero) {
      try images.convolvedInPairs(
        with: zero, options: ConvolutionOptions(mode: .same, boundary: .renormalize))
    }
    let none = Volume<Float>(shape: [0, 8, 8], repeating: 1)
    #expect(throws: ConcordError.empty(what: "the stack of images")) {
      try none.convolvedInPairs(with: Volume<Float>(shape: [0, 3, 3], repeating: 1))
    }
  }

  private func run<Scalar: RealScalar>(
    _ images: Volume<Scalar>, _ kernels: Volume<Scalar>, _ filter: FilterCase,
    _ algorithm: ConvolutionAlgorithm
  ) throws -> Volume<Scalar> {
    // Shrinking windows are rescaled one by one, for which tiles of pairs have no use.
    let options = filter.options(filter.divides && algorithm == .overlapSave ? .fft : algorithm)
    return try filter.operation == .convolution
      ? images.convolvedInPairs(with: kernels, options: options)
      : images.correlatedInPairs(with: kernels, options: options)
  }

  private func stack(_ images: [Image<Float>]) throws -> Volume<Float> {
    try Volume(
      shape: Shape(planes: images.count, rows: images[0].shape[0], columns: images[0].shape[1]),
      elements: images.flatMap { $0.elements })
  }

  private func plane<Scalar: RealScalar>(
    _ volume: Volume<Scalar>, _ index: Int
  ) throws -> Image<Scalar> {
    let shape = Shape<2>(rows: volume.shape[1], columns: volume.shape[2])
    return try Image(
      shape: shape,
      elements: Array(volume.elements[index * shape.count..<(index + 1) * shape.count]))
  }
}
