import ComplexModule
import ConcordArrays
import ConcordBackends
import ConcordFiltering
import ConcordTestSupport
import Testing

@Suite("Workspaces", .standardCosts)
struct WorkspaceTests {
  /// The bits of real numbers, which tell NaN from NaN.
  private func bits<let rank: Int, Scalar: RealScalar>(_ array: NDArray<rank, Scalar>) -> [UInt64] {
    array.elements.map { Double($0).bitPattern }
  }

  private func plan<let rank: Int, Scalar: RealScalar>(
    _ shape: Shape<rank>, _ kernel: NDArray<rank, Scalar>, _ filter: FilterCase,
    _ algorithm: ConvolutionAlgorithm, threads: Int
  ) throws -> ConvolutionPlan<rank, Scalar> {
    var options = filter.options(algorithm)
    options.threads = threads
    let plan = try ConvolutionPlan(
      image: shape, kernel: kernel, filter.operation, options: options)
    try #require(plan.choice.strategy.algorithm == algorithm)
    return plan
  }

  /// Three calls: the first makes memory, the second finds it full of NaN, the third as well.
  private func check<let rank: Int, Scalar: RealScalar>(
    _ plan: ConvolutionPlan<rank, Scalar>, _ image: NDArray<rank, Scalar>, _ what: String
  ) throws {
    let expected = bits(try plan(image))
    var result = NDArray<rank, Scalar>(shape: plan.outputShape, repeating: .nan)
    var workspace = plan.makeWorkspace()
    try plan(image, into: &result, using: &workspace)
    #expect(bits(result) == expected, "first call, \(what)")
    let (bytes, allocations) = (workspace.byteCount, workspace.arena.allocations)
    for _ in 0..<2 {
      workspace.arena.spoil()
      result = NDArray(shape: plan.outputShape, repeating: .nan)
      try plan(image, into: &result, using: &workspace)
      #expect(bits(result) == expected, "later call, \(what)")
    }
    #expect(workspace.byteCount == bytes && workspace.arena.allocations == allocations, "\(what)")
  }

  private static let algorithms = ConvolutionAlgorithm.forced + [.separable]

  /// A product, so that every algorithm serves.
  private func kernel<let rank: Int, Scalar: RealScalar>(
    _ type: Scalar.Type
  ) throws -> NDArray<rank, Scalar> {
    try .separable((0..<rank).map { Signal<Scalar>([1, 2, 0.5, Scalar($0 + 1)]) })
  }

  @Test("Change no bit and allocate once", arguments: algorithms, FilterCase.withoutAnchors)
  func sameBits(algorithm: ConvolutionAlgorithm, filter: FilterCase) throws {
    func all<Scalar: RealScalar>(_ type: Scalar.Type) throws {
      var random = SplitMix64(seed: 5)
      for threads in [1, 3] {
        let signal: Signal<Scalar> = random.array([301])
        let image: Image<Scalar> = random.array([45, 38])
        let volume: Volume<Scalar> = random.array([9, 10, 20])
        let what = "\(type) \(threads) threads"
        try check(
          plan(signal.shape, kernel(type), filter, algorithm, threads: threads), signal, what)
        try check(
          plan(image.shape, kernel(type), filter, algorithm, threads: threads), image, what)
        try check(
          plan(volume.shape, kernel(type), filter, algorithm, threads: threads), volume, what)
      }
    }
    try all(Float.self)
    try all(Double.self)
  }

  /// Large enough for many tiles and tasks, and with several threads at work.
  @Test("Allocate nothing from the second call on", arguments: algorithms)
  func largeImages(algorithm: ConvolutionAlgorithm) throws {
    var random = SplitMix64(seed: 6)
    let image: Image<Float> = random.array([500, 600])
    let filter = FilterCase(.convolution, .same, .reflect)
    let plan = try plan(image.shape, kernel(Float.self), filter, algorithm, threads: 4)
    try check(plan, image, "\(algorithm)")
  }

  @Test("Change no bit where values aren't finite", arguments: algorithms)
  func nonFinite(algorithm: ConvolutionAlgorithm) throws {
    var random = SplitMix64(seed: 7)
    var image: Image<Float> = random.array([70, 80])
    image[30, 40] = .nan
    image[5, 6] = .infinity
    let filter = FilterCase(.correlation, .full, .constant(1))
    try check(
      plan(image.shape, kernel(Float.self), filter, algorithm, threads: 1), image, "\(algorithm)")
  }

  @Test(
    "Change no bit of complex results", arguments: ConvolutionAlgorithm.forced,
    [Boundary.zero, .constant(2), .renormalize])
  func complex(algorithm: ConvolutionAlgorithm, boundary: Boundary) throws {
    var samples = RandomSamples(seed: 8)
    let image: Image<Complex<Float>> = try samples.complex([40, 50])
    let weights: Image<Complex<Float>> = try samples.complex([4, 5], in: 0.5...1)
    let options = FilterCase(.correlation, .same, boundary).options(algorithm)
    let plans = [
      try ConvolutionPlan<2, Float>(
        image: image.shape, kernel: weights, .correlation, options: options),
      try ConvolutionPlan(
        image: image.shape, kernel: weights.real, .correlation, options: options),
    ]
    for plan in plans {
      let expected = try plan(image)
      var result = Image<Complex<Float>>(shape: plan.outputShape, repeating: Complex(.nan, .nan))
      var workspace = plan.makeWorkspace()
      try plan(image, into: &result, using: &workspace)
      let allocations = workspace.arena.allocations
      for _ in 0..<2 {
        workspace.arena.spoil()
        try plan(image, into: &result, using: &workspace)
        #expect(bits(result.real) == bits(expected.real))
        #expect(bits(result.imaginary) == bits(expected.imaginary))
      }
      #expect(workspace.arena.allocations == allocations)
    }
  }

  @Test("Write in place, unless somebody else would see it")
  func places() throws {
    let image = Image<Float>(shape: [20, 30]) { Float($0.row * $0.column % 7) }
    let options = FilterCase(.convolution, .same).options(.direct)
    let plan = try ConvolutionPlan(
      image: image.shape, kernel: kernel(Float.self), .convolution, options: options)
    var workspace = plan.makeWorkspace()
    var result = Image<Float>(shape: plan.outputShape, repeating: 3)
    let copy = result
    try plan(image, into: &result, using: &workspace)
    #expect(!shareMemory(result, copy))
    #expect(copy == Image<Float>(shape: plan.outputShape, repeating: 3))
    let expected = try plan(image)
    #expect(result == expected)
    // In place of the image itself, whose elements are still being read.
    var both = image
    try plan(image, into: &both, using: &workspace)
    #expect(both == expected && image != expected)
  }

  @Test("Serve plans of other sizes and scalars, one after another")
  func severalPlans() throws {
    var random = SplitMix64(seed: 9)
    var workspace = Workspace()
    for (rows, columns) in [(30, 40), (200, 210), (12, 9), (200, 210)] {
      for algorithm in Self.algorithms {
        let image: Image<Double> = random.array(Shape(rows: rows, columns: columns))
        let filter = FilterCase(.correlation, .full, .symmetric)
        let plan = try plan(image.shape, kernel(Double.self), filter, algorithm, threads: 2)
        var result = Image<Double>(shape: plan.outputShape, repeating: 0)
        try plan(image, into: &result, using: &workspace)
        #expect(bits(result) == bits(try plan(image)))
      }
    }
  }

  @Test("Of many threads' own serve one plan", arguments: algorithms)
  func sharing(algorithm: ConvolutionAlgorithm) async throws {
    let filter = FilterCase(.convolution, .same, .replicate)
    let plan: ConvolutionPlan<2, Float> = try plan(
      [120, 130], kernel(Float.self), filter, algorithm, threads: 2)
    let agreements = try await withThrowingTaskGroup(of: Int.self) { group in
      for seed in 0..<8 {
        group.addTask {
          var workspace = plan.makeWorkspace()
          var result = Image<Float>(shape: plan.outputShape, repeating: .nan)
          var agreements = 0
          for round in 0..<4 {
            var random = SplitMix64(seed: UInt64(8 * round + seed))
            let image: Image<Float> = random.array([120, 130])
            try plan(image, into: &result, using: &workspace)
            if result == (try plan(image)) { agreements += 1 }
            workspace.arena.spoil()
          }
          return agreements
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(agreements == 32)
  }

  @Test("Refuse arrays of another shape, which stay as they are")
  func refusals() throws {
    let plan = try ConvolutionPlan(
      image: [9, 8], kernel: Image<Float>(shape: [3, 3], repeating: 1), .correlation)
    var workspace = plan.makeWorkspace()
    var result = Image<Float>(shape: [9, 8], repeating: 4)
    let image = Image<Float>(shape: [9, 8], repeating: 0)
    #expect(throws: ConcordError.shapesDiffer(expected: [11, 10], found: [9, 8])) {
      try plan(image, into: &result, using: &workspace)
    }
    #expect(throws: ConcordError.shapesDiffer(expected: [9, 8], found: [9, 7])) {
      try plan(Image<Float>(shape: [9, 7], repeating: 0), into: &result, using: &workspace)
    }
    #expect(result == Image<Float>(shape: [9, 8], repeating: 4))
    #expect(workspace.byteCount == 0)
  }
}
