import ConcordArrays
import ConcordBackends
import ConcordFiltering
import ConcordTestSupport
import Testing

/// Banks, Gaussians and pairs with memory that is there.
@Suite("Workspaces of banks, Gaussians and pairs", .standardCosts)
struct BatchWorkspaceTests {
  private func bits<let rank: Int>(_ array: NDArray<rank, Float>) -> [UInt32] {
    array.elements.map { $0.bitPattern }
  }

  /// Three calls: the first makes memory, the others find it full of NaN and need no more.
  private func check<let rank: Int>(
    _ expected: NDArray<rank, Float>, _ what: String,
    call: (inout NDArray<rank, Float>, inout Workspace) throws -> Void
  ) throws {
    var workspace = Workspace()
    var result = NDArray<rank, Float>(shape: expected.shape, repeating: .nan)
    try call(&result, &workspace)
    #expect(bits(result) == bits(expected), "first call, \(what)")
    let (bytes, allocations) = (workspace.byteCount, workspace.arena.allocations)
    for _ in 0..<2 {
      workspace.arena.spoil()
      result = NDArray(shape: expected.shape, repeating: .nan)
      try call(&result, &workspace)
      #expect(bits(result) == bits(expected), "later call, \(what)")
    }
    #expect(workspace.byteCount == bytes && workspace.arena.allocations == allocations, "\(what)")
  }

  @Test("Banks", arguments: [ConvolutionAlgorithm.direct, .matrix, .overlapSave])
  func banks(algorithm: ConvolutionAlgorithm) throws {
    var random = SplitMix64(seed: 71)
    let image: Image<Float> = random.array([60, 75])
    let kernels: [Image<Float>] = (0..<5).map { _ in random.array([4, 3]) }
    var options = ConvolutionOptions(mode: .same, boundary: .reflect)
    options.algorithm = algorithm
    options.threads = 2
    let bank = try FilterBank(image: image.shape, kernels: kernels, .correlation, options: options)
    try check(bank.stack([image]), "\(algorithm)") {
      try bank.stack([image], into: &$0, using: &$1)
    }
    let line: Signal<Float> = random.array([500])
    let taps: [Signal<Float>] = (0..<4).map { _ in random.array([9]) }
    let lines = try FilterBank(image: line.shape, kernels: taps, .convolution, options: options)
    let rows = try lines(line).flatMap { $0.elements }
    try check(Image(shape: lines.stackShape, elements: rows), "lines") {
      try lines.stack([line], into: &$0, using: &$1)
    }
    var wrong = Volume<Float>(shape: [5, 60, 74], repeating: 0)
    var workspace = bank.makeWorkspace()
    #expect(throws: ConcordError.self) {
      try bank.stack([image], into: &wrong, using: &workspace)
    }
    #expect(throws: ConcordError.self) {
      try bank.stack([image, image], into: &wrong, using: &workspace)
    }
  }

  @Test("Gaussians by taps, axis by axis, at a lower rate, and of nothing")
  func gaussians() throws {
    var random = SplitMix64(seed: 72)
    let image: Image<Float> = random.array([160, 175])
    let constant = ConvolutionOptions(mode: .same, boundary: .constant(3))
    let filters = [
      try GaussianFilter<2, Float>(image: image.shape, sigma: [1.5]),
      try GaussianFilter<2, Float>(
        image: image.shape, sigma: [2, 1], order: [1, 0], options: constant),
      try GaussianFilter<2, Float>(image: image.shape, sigma: [9], tolerance: 1e-3),
      try GaussianFilter<2, Float>(image: image.shape, sigma: [0]),
    ]
    #expect(filters[1].plans.count == 2)
    #expect(filters[2].description.hasPrefix("lower rate"))
    for filter in filters {
      try check(filter(image), filter.description) { try filter(image, into: &$0, using: &$1) }
    }
    var small = Image<Float>(shape: [160, 17], repeating: 0)
    var workspace = filters[0].makeWorkspace()
    #expect(throws: ConcordError.self) { try filters[0](small, into: &small, using: &workspace) }
    #expect(throws: ConcordError.self) { try filters[0](image, into: &small, using: &workspace) }
  }

  @Test("Pairs", arguments: [ConvolutionAlgorithm.direct, .overlapSave, .fft])
  func pairs(algorithm: ConvolutionAlgorithm) throws {
    var random = SplitMix64(seed: 73)
    let images: Volume<Float> = random.array([7, 20, 18])
    let kernels: Volume<Float> = random.array([7, 5, 6])
    var options = ConvolutionOptions()
    options.algorithm = algorithm
    options.threads = 2
    let plan = try ImagePairPlan<Float>(
      count: 7, image: [20, 18], kernel: [5, 6], .correlation, options: options)
    #expect(plan.algorithm == algorithm && plan.description.hasSuffix(algorithm.rawValue))
    let expected = try images.correlatedInPairs(with: kernels, options: options)
    #expect(try plan(images, kernels) == expected)
    var result = Volume<Float>(shape: plan.outputShape, repeating: .nan)
    var workspace = plan.makeWorkspace()
    for _ in 0..<2 {
      try plan(images, kernels, into: &result, using: &workspace)
      #expect(result == expected)
    }
    #expect(throws: ConcordError.self) { try plan(images, images) }
    #expect(throws: ConcordError.self) { try plan(kernels, kernels) }
    var wrong = images
    #expect(throws: ConcordError.self) {
      try plan(images, kernels, into: &wrong, using: &workspace)
    }
  }
}
