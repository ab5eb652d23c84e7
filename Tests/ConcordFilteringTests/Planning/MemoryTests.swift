import ConcordArrays
import ConcordBackends
import ConcordTestSupport
import Testing

@testable import ConcordFiltering

/// An arena counts what is allocated while something is computed.
@Suite("Working memory stays within what is predicted, and within the limit", .standardCosts)
struct MemoryTests {
  /// Lists and marks that don't grow with the image's area.
  private static let little = 64 << 10

  private func bytes(_ work: () throws -> Void) throws -> Int {
    let arena = ScratchArena()
    try ScratchArena.$current.withValue(arena) { try work() }
    return arena.byteCount
  }

  private func image(_ rows: Int, _ columns: Int, nan: Bool = false) -> Image<Float> {
    var random = SplitMix64(seed: 12)
    var image: Image<Float> = random.array([rows, columns])
    if nan {
      image[rows / 2, columns / 3] = .nan
      image[rows / 3, columns / 2] = .infinity
    }
    return image
  }

  @Test(
    "Plans, whether values are finite or not",
    arguments: ConvolutionAlgorithm.allCases.filter { $0 != .automatic }, [false, true])
  func plans(algorithm: ConvolutionAlgorithm, nan: Bool) throws {
    var options = ConvolutionOptions(mode: .same, boundary: .reflect)
    options.algorithm = algorithm
    options.effort = .estimate
    var random = SplitMix64(seed: 4)
    let factors: [Signal<Float>] = [random.array([15]), random.array([11])]
    let kernel =
      algorithm == .box ? Image<Float>(shape: [15, 11], repeating: 1) : try .separable(factors)
    let image = image(700, 800, nan: nan)
    let plan = try ConvolutionPlan(
      image: image.shape, kernel: kernel, .convolution, options: options)
    var result = Image<Float>(shape: plan.outputShape, repeating: 0)
    var workspace = plan.makeWorkspace()
    try plan(image, into: &result, using: &workspace)
    #expect(workspace.byteCount <= plan.choice.bytes + Self.little)
  }

  @Test("Direct sums of complex images")
  func complexSums() throws {
    let part = image(300, 400)
    let kernel = Image<Float>(shape: [5, 5], repeating: 1)
    let options = ConvolutionOptions(mode: .same)
    let geometry = try ConvolutionGeometry(
      image: [300, 400], kernel: [5, 5], operation: .correlation, options: options)
    let engine = try ConvolutionEngine<Float>(
      weights: Samples(real: kernel.buffer, imaginary: kernel.buffer), mirrors: false,
      geometry: geometry, strategy: .direct, options: options)
    var out = Samples<Float>(
      real: SharedBuffer(repeating: 0, count: part.count),
      imaginary: SharedBuffer(repeating: 0, count: part.count))
    let used = try bytes {
      engine.run(Samples(real: part.buffer, imaginary: part.buffer), into: &out)
    }
    let problem = ConvolutionProblem(
      geometry: geometry, isComplex: true, threads: options.threadCount)
    #expect(used <= CostModel.standard.estimate(.direct, for: problem).bytes)
  }

  @Test(
    "Sums that are right under each window", arguments: [ConvolutionAlgorithm.fft, .overlapSave])
  func localSums(algorithm: ConvolutionAlgorithm) throws {
    var options = ConvolutionOptions(mode: .same)
    options.algorithm = algorithm
    options.effort = .estimate
    options.exactness = .local
    var image = image(700, 800)
    image[300, 300] = 1e6
    var random = SplitMix64(seed: 4)
    let kernel: Image<Float> = random.array([21, 21])
    let plan = try ConvolutionPlan(
      image: image.shape, kernel: kernel, .convolution, options: options)
    let used = try bytes { _ = try plan(image) }
    #expect(used <= plan.choice.bytes + 4 * image.count + Self.little)
    options.memoryLimit =
      plan.candidates.filter { $0.strategy.algorithm == algorithm }
      .reduce(.max) { min($0, $1.bytes) } - 1
    #expect(throws: ConcordError.self) {
      try ConvolutionPlan(image: image.shape, kernel: kernel, .convolution, options: options)
    }
  }

  @Test(
    "Banks of kernels", arguments: [ConvolutionAlgorithm.direct, .matrix, .overlapSave],
    [Boundary.reflect, .renormalize])
  func banks(algorithm: ConvolutionAlgorithm, boundary: Boundary) throws {
    var options = ConvolutionOptions(mode: .same, boundary: boundary)
    options.algorithm = algorithm
    let kernels = (0..<5).map { Image<Float>(shape: [9, 9], repeating: Float($0 + 1)) }
    for stride in [[], [2, 3]] {
      for nan in [false, true] {
        let image = image(300, 400, nan: nan)
        let bank = try FilterBank(
          image: image.shape, kernels: kernels, .convolution, options: options, stride: stride)
        let used = try bytes { _ = try bank(image) }
        let results = 4 * bank.kernelCount * bank.outputShape.count
        #expect(used <= bank.choice.bytes + results + Self.little, "\(stride) \(nan)")
      }
    }
  }

  @Test("Pairs of images, each by itself", arguments: [ConvolutionAlgorithm.direct, .fft, .box])
  func pairs(algorithm: ConvolutionAlgorithm) throws {
    var random = SplitMix64(seed: 13)
    let images: Volume<Float> = random.array([6, 200, 210])
    let kernels = Volume<Float>(shape: [6, 9, 9], repeating: 1)
    var options = ConvolutionOptions(mode: .same)
    options.algorithm = algorithm == .box ? .automatic : algorithm
    options.effort = .estimate
    options.memoryLimit = 1
    var least = 0
    do {
      _ = try images.convolvedInPairs(with: kernels, options: options)
    } catch ConcordError.memoryLimit(let needed, let limit) {
      #expect(limit == 1)
      least = needed
    }
    options.memoryLimit = least
    let used = try bytes { _ = try images.convolvedInPairs(with: kernels, options: options) }
    #expect(used <= least + 4 * images.count + Self.little)
    options.memoryLimit = least - 1
    #expect(throws: ConcordError.memoryLimit(needed: least, limit: least - 1)) {
      try images.convolvedInPairs(with: kernels, options: options)
    }
  }

  @Test(
    "Windows of expressions, strip by strip", arguments: WindowReduction.allCases, Boundary.all)
  func expressions(reduction: WindowReduction, boundary: Boundary) throws {
    let (a, b) = (image(300, 200), image(300, 200))
    let expression = try PixelExpression("abs(a - 2 * b)")
    var options = WindowOptions(boundary: boundary)
    func run(_ options: WindowOptions) throws -> Image<Float> {
      try a.windowed(
        expression, with: b, reduction: reduction, of: [5, 4], options: options, as: Float.self)
    }
    let whole = try run(options)
    options.memoryLimit = 300_000
    var result = whole
    let used = try bytes { result = try run(options) }
    // An expression in Double alone has 480000.
    #expect(used <= 300_000 + 4 * whole.count + Self.little)
    #expect(relativeL2Error(result, whole) < 1e-6)
    options.memoryLimit = 5_000
    #expect(throws: ConcordError.self) { try run(options) }
  }
}
