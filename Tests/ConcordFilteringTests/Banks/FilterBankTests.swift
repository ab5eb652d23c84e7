import ConcordArrays
import ConcordFiltering
import ConcordTestSupport
import NaiveReference
import Testing

/// Every strategy for banks, forced, against the textbook loops of each kernel.
@Suite("Filter banks agree with the textbook loops", .standardCosts)
struct FilterBankTests {
  static let algorithms: [ConvolutionAlgorithm] = [.direct, .matrix, .overlapSave]

  @Test(
    "Images: every mode, boundary and anchor, with and without strides",
    arguments: [
      ([7, 9], [3, 5], [1, 1]), ([8, 6], [4, 2], [2, 2]), ([9, 12], [7, 7], [3, 1]),
      ([5, 4], [8, 9], [1, 2]), ([1, 11], [3, 4], [2, 3]), ([20, 70], [5, 5], [2, 4]),
    ])
  func images(image: [Int], kernel: [Int], stride: [Int]) throws {
    try check(Shape<2> { image[$0] }, Shape<2> { kernel[$0] }, stride)
  }

  @Test(
    "Signals",
    arguments: [([13], [4], [1]), ([12], [31], [2]), ([1], [3], [2]), ([300], [40], [7])])
  func signals(image: [Int], kernel: [Int], stride: [Int]) throws {
    try check(Shape<1> { image[$0] }, Shape<1> { kernel[$0] }, stride)
  }

  @Test(
    "Volumes",
    arguments: [
      ([3, 4, 5], [2, 3, 3], [1, 1, 1]), ([6, 5, 7], [4, 3, 4], [2, 1, 3]),
      ([5, 3, 4], [3, 5, 5], [3, 2, 2]),
    ])
  func volumes(image: [Int], kernel: [Int], stride: [Int]) throws {
    try check(Shape<3> { image[$0] }, Shape<3> { kernel[$0] }, stride)
  }

  private func check<let rank: Int>(
    _ shape: Shape<rank>, _ kernelShape: Shape<rank>, _ stride: [Int]
  ) throws {
    var samples = RandomSamples(seed: 0xba2)
    let image = samples.real(shape)
    let wide = image.converted(to: Double.self)
    let signed = (0..<3).map { _ in samples.real(kernelShape) }
    let positive = (0..<3).map { _ in samples.real(kernelShape, in: 0.5...1) }
    var mismatches = Mismatches()
    for filter in FilterCase.all(kernel: kernelShape.components) {
      let kernels = filter.divides ? positive : signed
      let expected = try? kernels.map {
        try NaiveArray(image).filtered(with: NaiveArray($0), filter.naive)
          .strided(threeAxes(stride))
      }
      guard let expected else { continue }
      for algorithm in Self.algorithms {
        let float = try run(image, kernels, filter, algorithm, stride)
        let double = try run(
          wide, kernels.map { $0.converted(to: Double.self) }, filter, algorithm, stride)
        for index in kernels.indices {
          mismatches.note(float[index], expected[index], "\(filter) \(algorithm) \(index)")
          mismatches.note(double[index], expected[index], "\(filter) \(algorithm) \(index)")
        }
      }
    }
    #expect(mismatches.comparisons > 300)
    #expect(mismatches.isEmpty, "\(samples.random) \(shape), \(kernelShape): \(mismatches)")
  }

  private func run<let rank: Int, Scalar: RealScalar>(
    _ image: NDArray<rank, Scalar>, _ kernels: [NDArray<rank, Scalar>], _ filter: FilterCase,
    _ algorithm: ConvolutionAlgorithm, _ stride: [Int]
  ) throws -> [NDArray<rank, Scalar>] {
    let bank = try FilterBank(
      image: image.shape, kernels: kernels, filter.operation, options: filter.options(algorithm),
      stride: stride)
    try #require(bank.choice.strategy.algorithm == algorithm)
    return try bank(image)
  }

  @Test("Serve images of other shapes, as banks made for them do", arguments: algorithms)
  func resized(algorithm: ConvolutionAlgorithm) throws {
    var samples = RandomSamples(seed: 0x51e)
    let kernels: [[Image<Float>]] = (0..<3).map { _ in
      [samples.real([4, 3]), samples.real([4, 3])]
    }
    var options = ConvolutionOptions(mode: .same, boundary: .reflect)
    options.algorithm = algorithm
    let bank = try FilterBank(
      image: [40, 50], kernels: kernels, .convolution, options: options, stride: [2, 3])
    for shape: Shape<2> in [[20, 25], [64, 31], [40, 50], [3, 2]] {
      let image: [Image<Float>] = [samples.real(shape), samples.real(shape)]
      let other = try bank.resized(for: shape)
      #expect(other.imageShape == shape && other.stride == [2, 3] && other.channelCount == 2)
      let expected = try FilterBank(
        image: shape, kernels: kernels, .convolution, options: options, stride: [2, 3])(image)
      #expect(try other(image).map { $0.elements } == expected.map { $0.elements })
    }
    options.mode = .valid
    let valid = try FilterBank(image: [40, 50], kernels: kernels, .correlation, options: options)
    #expect(throws: ConcordError.validNeedsDominance(image: [3, 9], kernel: [4, 3])) {
      try valid.resized(for: [3, 9])
    }
    #expect(throws: ConcordError.self) { try bank.resized(for: [0, 9]) }
  }

  @Test("Are timed if asked to, and right whatever wins")
  func measured() throws {
    var samples = RandomSamples(seed: 0x7ace)
    let image: Image<Float> = samples.real([90, 100])
    let kernels: [Image<Float>] = (0..<8).map { _ in samples.real([9, 9]) }
    var options = ConvolutionOptions(mode: .same, boundary: .symmetric)
    options.effort = .measure
    let bank = try FilterBank(image: image.shape, kernels: kernels, .correlation, options: options)
    let fastest = try #require(bank.candidates.first)
    #expect(bank.choice.seconds <= 2.1 * fastest.seconds)
    options.effort = .estimate
    options.algorithm = .direct
    let direct = try FilterBank(
      image: image.shape, kernels: kernels, .correlation, options: options)(image)
    for (found, expected) in zip(try bank(image), direct) {
      #expect(relativeL2Error(found, expected) < 2e-6)
    }
  }

  @Test("Channels are summed", arguments: [[1, 1], [2, 3]], algorithms)
  func channels(stride: [Int], algorithm: ConvolutionAlgorithm) throws {
    var samples = RandomSamples(seed: 0xba3)
    let channels = (0..<4).map { _ in samples.real(Shape(rows: 21, columns: 34)) }
    let kernels = (0..<5).map { _ in (0..<4).map { _ in samples.real(Shape(rows: 4, columns: 3)) } }
    let filter = FilterCase(.convolution, .same, .reflect)
    let bank = try FilterBank(
      image: channels[0].shape, kernels: kernels, filter.operation,
      options: filter.options(algorithm), stride: stride)
    try #require(bank.choice.strategy.algorithm == algorithm)
    let results = try bank(channels)
    let stack = try bank.stack(channels)
    var mismatches = Mismatches()
    for (index, kernel) in kernels.enumerated() {
      var sum: NaiveArray?
      for (part, channel) in zip(kernel, channels) {
        let result = try NaiveArray(channel).filtered(with: NaiveArray(part), filter.naive)
          .strided(threeAxes(stride))
        sum =
          sum.map { sum in
            NaiveArray(shape: sum.shape, values: zip(sum.values, result.values).map { $0 + $1 })
          } ?? result
      }
      let expected = try #require(sum)
      mismatches.note(results[index], expected, "\(index)")
      #expect(
        Array(stack.elements[index * expected.count..<(index + 1) * expected.count])
          == results[index].elements)
    }
    #expect(mismatches.isEmpty, "\(mismatches)")
  }

  @Test("Several tiles: the same as plans of single kernels", arguments: algorithms)
  func several(algorithm: ConvolutionAlgorithm) throws {
    var samples = RandomSamples(seed: 0xba4)
    let image = samples.real(Shape(rows: 300, columns: 411))
    let kernels = (0..<3).map { _ in samples.real(Shape(rows: 17, columns: 14)) }
    let filter = FilterCase(.correlation, .full, .symmetric)
    let bank = try FilterBank(
      image: image.shape, kernels: kernels, .correlation, options: filter.options(algorithm))
    let strided = try FilterBank(
      image: image.shape, kernels: kernels, .correlation, options: filter.options(algorithm),
      stride: [2, 3])
    let results = try bank(image)
    let fewer = try strided(image)
    for (index, kernel) in kernels.enumerated() {
      let expected = try filter.run(
        image.converted(to: Double.self), kernel.converted(to: Double.self), .direct)
      #expect(relativeL2Error(results[index], expected) < 2e-6)
      #expect(
        relativeL2Error(fewer[index], NaiveArray(expected).strided([1, 2, 3])) < 2e-6)
    }
  }

  @Test("NaN and infinity reach the outputs whose windows hold them", arguments: algorithms)
  func nonFinite(algorithm: ConvolutionAlgorithm) throws {
    var samples = RandomSamples(seed: 0xba5)
    var image = samples.real(Shape(rows: 24, columns: 40))
    image[5, 7] = .nan
    image[20, 33] = .infinity
    let kernels = (0..<2).map { _ in samples.real(Shape(rows: 3, columns: 5)) }
    let filter = FilterCase(.correlation, .same, .reflect)
    var mismatches = Mismatches()
    for stride in [[1, 1], [2, 2]] {
      let results = try run(image, kernels, filter, algorithm, stride)
      for (result, kernel) in zip(results, kernels) {
        mismatches.note(
          result,
          try NaiveArray(image).filtered(with: NaiveArray(kernel), filter.naive)
            .strided(threeAxes(stride)), "\(stride)")
      }
    }
    #expect(mismatches.isEmpty, "\(mismatches)")
  }

  @Test("The same bits for any number of threads", arguments: algorithms)
  func threads(algorithm: ConvolutionAlgorithm) throws {
    var samples = RandomSamples(seed: 0xba6)
    let image = samples.real(Shape(rows: 200, columns: 500))
    let kernels = (0..<3).map { _ in samples.real(Shape(rows: 9, columns: 8)) }
    func run(_ threads: Int) throws -> [UInt32] {
      var options = ConvolutionOptions(mode: .same, boundary: .reflect)
      options.algorithm = algorithm
      options.threads = threads
      let bank = try FilterBank(
        image: image.shape, kernels: kernels, .correlation, options: options)
      return try bank(image).flatMap { $0.elements.map { $0.bitPattern } }
    }
    let one = try run(1)
    for threads in [2, 3, 7] { #expect(try run(threads) == one, "\(threads)") }
  }

  @Test("What can't serve is refused with numbers")
  func refusals() throws {
    let kernel = Image<Float>(shape: [3, 3], repeating: 1)
    let other = Image<Float>(shape: [3, 4], repeating: 1)
    func refusal(
      _ kernels: [[Image<Float>]], _ algorithm: ConvolutionAlgorithm = .automatic,
      stride: [Int] = [], boundary: Boundary = .zero
    ) -> ConcordError? {
      var options = ConvolutionOptions(mode: .same, boundary: boundary)
      options.algorithm = algorithm
      do {
        _ = try FilterBank(
          image: [8, 8], kernels: kernels, .convolution, options: options, stride: stride)
        return nil
      } catch {
        return error
      }
    }
    #expect(refusal([[kernel]]) == nil)
    #expect(refusal([]) == .empty(what: "the list of kernels"))
    #expect(refusal([[kernel], [other]]) == .shapesDiffer(expected: [3, 3], found: [3, 4]))
    #expect(refusal([[kernel, kernel], [kernel]]) == .elementCount(expected: 2, found: 1))
    #expect(refusal([[kernel]], stride: [2]) == .elementCount(expected: 2, found: 1))
    #expect(
      refusal([[kernel]], stride: [2, 0])
        == .outOfRange(what: "stride", found: 0, allowed: "at least 1"))
    guard case .algorithmCannotServe = refusal([[kernel]], .fft) else {
      Issue.record("fft was taken")
      return
    }
    guard case .boundaryCannotServe = refusal([[kernel, kernel]], boundary: .renormalize) else {
      Issue.record("two channels were rescaled")
      return
    }
    let bank = try FilterBank(image: [8, 8], kernels: [kernel], .convolution)
    #expect(throws: ConcordError.shapesDiffer(expected: [8, 8], found: [8, 9])) {
      try bank(Image<Float>(shape: [8, 9], repeating: 0))
    }
    #expect(throws: ConcordError.elementCount(expected: 1, found: 2)) {
      try bank([Image<Float>](repeating: Image(shape: [8, 8], repeating: 0), count: 2))
    }
  }

  @Test("The planner takes tiles for large kernels, and direct sums or a product for small ones")
  func choices() throws {
    func choice(_ image: Int, _ kernel: Int, _ count: Int, channels: Int = 1) throws
      -> ConvolutionAlgorithm
    {
      let part = Image<Float>(shape: Shape(rows: kernel, columns: kernel), repeating: 1)
      let bank = try FilterBank(
        image: Shape(rows: image, columns: image),
        kernels: [[Image<Float>]](
          repeating: [Image<Float>](repeating: part, count: channels), count: count), .correlation,
        options: ConvolutionOptions(mode: .same))
      return bank.choice.strategy.algorithm
    }
    #expect(try choice(512, 31, 4) == .overlapSave)
    #expect(try choice(256, 3, 8) == .direct)
  }
}

/// A stride for each of three axes.
private func threeAxes(_ stride: [Int]) -> [Int] {
  [Int](repeating: 1, count: 3 - stride.count) + stride
}

extension NaiveArray {
  /// Every so many elements along each of three axes.
  fileprivate func strided(_ stride: [Int]) -> NaiveArray {
    let extents = [Int](repeating: 1, count: 3 - shape.count) + shape
    var values: [Double] = []
    for plane in Swift.stride(from: 0, to: extents[0], by: stride[0]) {
      for row in Swift.stride(from: 0, to: extents[1], by: stride[1]) {
        for column in Swift.stride(from: 0, to: extents[2], by: stride[2]) {
          values.append(self.values[(plane * extents[1] + row) * extents[2] + column])
        }
      }
    }
    let counts = (0..<3).map { (extents[$0] + stride[$0] - 1) / stride[$0] }
    return NaiveArray(shape: Array(counts.suffix(shape.count)), values: values)
  }
}
