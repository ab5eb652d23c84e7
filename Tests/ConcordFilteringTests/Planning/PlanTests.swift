import ComplexModule
import ConcordArrays
import ConcordBackends
import ConcordFiltering
import ConcordTestSupport
import Testing

@Suite("Plans", .standardCosts)
struct PlanTests {
  private let kernel = Image<Float>(shape: [3, 4], repeating: 1)

  @Test("Print the problem, every candidate and the choice")
  func description() throws {
    var options = ConvolutionOptions(mode: .same, boundary: .wrap)
    options.threads = 1
    options.effort = .estimate
    let plan = try ConvolutionPlan(
      image: [96, 100], kernel: kernel, .convolution, options: options)
    let lines = plan.description.split(separator: "\n").map(String.init)
    #expect(lines.first == "convolution of 96 × 100 with 3 × 4, same, wrap, Float")
    #expect(lines.count == 1 + plan.candidates.count)
    #expect(lines[1].hasPrefix("→ direct: ") && lines[1].hasSuffix(" bytes"), "\(lines)")
    for name in ["fft", "overlap-save"] {
      #expect(lines.contains { $0.hasPrefix("  \(name) ") && $0.contains(" ms, ") }, "\(lines)")
    }
  }

  @Test("Say what they are for")
  func properties() throws {
    let plan = try ConvolutionPlan(
      image: [9, 8], kernel: kernel, .correlation, options: ConvolutionOptions(mode: .full))
    #expect(plan.imageShape == [9, 8])
    #expect(plan.kernelShape == [3, 4])
    #expect(plan.outputShape == [11, 11])
    #expect(plan.operation == .correlation)
    #expect(plan.candidates.contains(plan.choice))
    #expect(plan.firstLag(axis: 0) == -2 && plan.firstLag(axis: 1) == -3)
    #expect(plan.lags == [-2..<9, -3..<8])
  }

  @Test("Serve many threads and images at once")
  func sharing() async throws {
    var options = ConvolutionOptions(mode: .same, boundary: .reflect)
    options.effort = .estimate
    for algorithm in ConvolutionAlgorithm.forced {
      options.algorithm = algorithm
      let plan = try ConvolutionPlan(
        image: [20, 30], kernel: kernel, .convolution, options: options)
      let images = (0..<8).map { seed -> Image<Float> in
        var random = SplitMix64(seed: UInt64(seed))
        return random.array([20, 30])
      }
      let alone = try images.map { try plan($0) }
      let together = try await withThrowingTaskGroup(of: (Int, Image<Float>).self) { group in
        for (index, image) in images.enumerated() {
          group.addTask { (index, try plan(image)) }
        }
        return try await group.reduce(into: [Int: Image<Float>]()) { $0[$1.0] = $1.1 }
      }
      for index in images.indices { #expect(together[index] == alone[index]) }
    }
  }

  @Test("Time what is predicted to be about as fast, if asked to, and take one of these")
  func measuring() throws {
    var options = ConvolutionOptions(mode: .same, boundary: .reflect)
    options.effort = .measure
    let weights = Image<Float>(shape: [15, 15], repeating: 1)
    let plan = try ConvolutionPlan(
      image: [200, 210], kernel: weights, .correlation, options: options)
    let fastest = try #require(plan.candidates.first)
    #expect(plan.candidates.contains { $0.strategy == plan.choice.strategy })
    #expect(plan.choice.seconds <= 2.1 * fastest.seconds)
    let image = Image<Float>(shape: [200, 210]) { Float($0.row % 7 + $0.column % 3) }
    options.effort = .estimate
    options.algorithm = .direct
    let direct = try image.correlated(with: weights, options: options)
    #expect(relativeL2Error(try plan(image), direct.converted(to: Double.self)) < 2e-6)
    // A forced algorithm stays what it is.
    options.algorithm = .overlapSave
    options.effort = .measure
    let forced = try ConvolutionPlan(
      image: [200, 210], kernel: weights, .correlation, options: options)
    #expect(forced.choice.strategy.algorithm == .overlapSave)
  }

  @Test("Time factors too, if asked to")
  func measuringFactors() throws {
    var options = ConvolutionOptions(mode: .same, boundary: .reflect)
    options.effort = .measure
    let factors = [Signal<Float>](repeating: try .gaussianTaps(sigma: 6), count: 2)
    let plan = try ConvolutionPlan<2, Float>(
      image: [150, 160], factors: factors, .correlation, options: options)
    let fastest = try #require(plan.candidates.first)
    #expect(plan.candidates.contains { $0.strategy == plan.choice.strategy })
    #expect(plan.choice.seconds <= 2.1 * fastest.seconds)
    let image = Image<Float>(shape: [150, 160]) { Float($0.row % 7 + $0.column % 3) }
    let smooth = try plan(image)
    for algorithm in [ConvolutionAlgorithm.separable, .fft] {
      options.algorithm = algorithm
      let forced = try ConvolutionPlan<2, Float>(
        image: [150, 160], factors: factors, .correlation, options: options)
      #expect(forced.choice.strategy.algorithm == algorithm)
      #expect(relativeL2Error(try forced(image), smooth.converted(to: Double.self)) < 2e-6)
    }
  }

  @Test("Race only what the options allow and predictions think near")
  func finalists() throws {
    let plan = try ConvolutionPlan(image: [99, 98], kernel: kernel, .correlation)
    var all = plan.candidates
    try #require(all.count >= 4 && Set(all.map { $0.strategy }).count == all.count)
    for index in all.indices {
      (all[index].seconds, all[index].bytes) = (1 + 0.3 * Double(index), 0)
    }
    all[1].bytes = 5000
    var options = ConvolutionOptions()
    options.memoryLimit = 1000
    #expect(StrategyRace.finalists(all[0], among: all, arrays: 100, options) == [all[0]])
    options.effort = .measure
    #expect(
      StrategyRace.finalists(all[0], among: all, arrays: 100, options) == [all[0], all[2], all[3]])
    all[3].seconds = 2.1
    #expect(!StrategyRace.finalists(all[0], among: all, arrays: 100, options).contains(all[3]))
    for tooMuch in [1001, StrategyRace.largestArrays + 1] {
      #expect(StrategyRace.finalists(all[0], among: all, arrays: tooMuch, options) == [all[0]])
    }
    options.algorithm = all[0].strategy.algorithm
    #expect(
      StrategyRace.finalists(all[0], among: all, arrays: 100, options)
        .allSatisfy { $0.strategy.algorithm == options.algorithm })
  }

  @Test("Refuse an image of another shape")
  func otherShape() throws {
    let plan = try ConvolutionPlan(image: [9, 8], kernel: kernel, .correlation)
    let other = ConcordError.shapesDiffer(expected: [9, 8], found: [8, 9])
    #expect(throws: other) { try plan(Image<Float>(shape: [8, 9], repeating: 0)) }
    #expect(throws: other) {
      try plan(Image<Complex<Float>>(shape: [8, 9], repeating: 0))
    }
  }

  @Test("Refuse a real image for a complex kernel")
  func realImage() throws {
    let complex = Image<Complex<Float>>(shape: [2, 2], repeating: 1)
    let plan = try ConvolutionPlan<2, Float>(image: [9, 8], kernel: complex, .correlation)
    #expect {
      try plan(Image<Float>(shape: [9, 8], repeating: 0))
    } throws: {
      if case .algorithmCannotServe? = $0 as? ConcordError { true } else { false }
    }
  }

  @Test("Refuse empty arrays, misplaced anchors, and 'valid' without a dominant array")
  func refusals() throws {
    func plan(
      _ image: Shape<2>, _ kernel: Shape<2>, _ change: (inout ConvolutionOptions) -> Void = { _ in }
    ) throws {
      var options = ConvolutionOptions(mode: .same)
      change(&options)
      _ = try ConvolutionPlan(
        image: image, kernel: Image<Float>(shape: kernel, repeating: 1), .convolution,
        options: options)
    }
    #expect(throws: ConcordError.empty(what: "the image")) { try plan([0, 4], [1, 1]) }
    #expect(throws: ConcordError.empty(what: "the kernel")) { try plan([4, 4], [3, 0]) }
    #expect(throws: ConcordError.validNeedsDominance(image: [3, 9], kernel: [4, 2])) {
      try plan([3, 9], [4, 2]) { $0.mode = .valid }
    }
    #expect(throws: ConcordError.elementCount(expected: 2, found: 1)) {
      try plan([4, 4], [3, 3]) { $0.origin = [1] }
    }
    #expect(throws: ConcordError.elementCount(expected: 2, found: 3)) {
      try plan([4, 4], [3, 3]) { $0.anchor = .index([1, 1, 1]) }
    }
    #expect(throws: ConcordError.anchorOutsideKernel(anchor: [1, 3], kernel: [3, 3])) {
      try plan([4, 4], [3, 3]) { $0.origin = [0, 2] }
    }
    #expect(throws: ConcordError.anchorOutsideKernel(anchor: [-1, 0], kernel: [3, 3])) {
      try plan([4, 4], [3, 3]) { $0.anchor = .index([-1, 0]) }
    }
    #expect(throws: ConcordError.self) { try plan([4, 4], [3, 3]) { $0.memoryLimit = 0 } }
  }
}
