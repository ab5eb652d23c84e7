import ConcordArrays
import ConcordFiltering
import Testing

/// Decisions, without any data.
@Suite("The planner")
struct PlannerTests {
  private func problem(
    _ image: [Int], _ kernel: [Int], _ mode: ConvolutionMode = .same, _ boundary: Boundary = .zero,
    threads: Int = 1
  ) throws -> ConvolutionProblem {
    ConvolutionProblem(
      geometry: try ConvolutionGeometry(
        image: image, kernel: kernel, operation: .correlation,
        options: ConvolutionOptions(mode: mode, boundary: boundary)),
      threads: threads)
  }

  private func choice(_ problem: ConvolutionProblem) throws -> ConvolutionStrategy {
    try ConvolutionPlanner.choose(for: problem, options: ConvolutionOptions()).strategy
  }

  @Test(
    "Takes the direct sum for small kernels",
    arguments: [
      ([64, 64], [3, 3]), ([2048, 2048], [3, 3]), ([2048, 2048], [7, 7]), ([1_000_000], [5]),
      ([100, 100, 100], [3, 3, 3]), ([10_000, 10_000], [9, 9]), ([8], [8]),
    ])
  func direct(image: [Int], kernel: [Int]) throws {
    #expect(try choice(problem(image, kernel)) == .direct)
  }

  @Test(
    "Takes transforms for large ones",
    arguments: [
      ([2048, 2048], [127, 127]), ([2048, 2048], [2048, 2048]), ([1_000_000], [100_000]),
      ([100, 100, 100], [31, 31, 31]),
    ])
  func transforms(image: [Int], kernel: [Int]) throws {
    #expect(try choice(problem(image, kernel)).algorithm == .fft)
  }

  @Test("Needs no padding beyond the image's fast lengths in mode 'valid'")
  func validLengths() throws {
    let strategies = try ConvolutionPlanner.candidates(
      for: problem([1024, 900], [301, 133], .valid)
    ).map(\.strategy)
    #expect(Set(strategies.map { "\($0)" }) == ["direct", "fft 1024 × 960 zero-padded"])
  }

  @Test("Offers the circular layout for 'wrap', and the extension for other rules")
  func boundaries() throws {
    let wrap = try ConvolutionPlanner.candidates(for: problem([100, 96], [9, 9], .same, .wrap))
    #expect(
      Set(wrap.map { "\($0.strategy)" })
        == ["direct", "fft 100 × 96 circular", "fft 108 × 108 extended"])
    // The full result is longer than the period, so one period can't hold it.
    let full = try ConvolutionPlanner.candidates(for: problem([100, 96], [9, 9], .full, .wrap))
    #expect(!full.contains { "\($0.strategy)".hasSuffix("circular") })
    let zero = try ConvolutionPlanner.candidates(for: problem([100, 96], [9, 9]))
    #expect(
      Set(zero.map { "\($0.strategy)" }) == ["direct", "fft 108 × 100 zero-padded"], "\(zero)")
    for rule in [Boundary.replicate, .symmetric, .reflect, .constant(1)] {
      let some = try ConvolutionPlanner.candidates(for: problem([100, 96], [9, 9], .same, rule))
      #expect(Set(some.map { "\($0.strategy)" }) == ["direct", "fft 108 × 108 extended"])
    }
  }

  @Test("Estimates every candidate, fastest first")
  func estimates() throws {
    for (image, kernel) in [([33], [4]), ([100, 90], [7, 8]), ([9, 8, 7], [3, 3, 3])] {
      for boundary in [Boundary.zero, .wrap, .reflect, .renormalize] {
        let all = try ConvolutionPlanner.candidates(for: problem(image, kernel, .same, boundary))
        #expect(all.allSatisfy { $0.seconds > 0 && $0.seconds < 1 && $0.bytes > 0 })
        #expect(all.map(\.seconds) == all.map(\.seconds).sorted())
        #expect(Set(all.map(\.strategy.algorithm)) == [.direct, .fft])
        #expect(Set(all.map(\.strategy)).count == all.count)
      }
    }
  }

  @Test("Costs grow with the work: precision, complex numbers, kernel, fewer threads")
  func costs() throws {
    func seconds(_ change: (inout ConvolutionProblem) -> Void) throws -> [Double] {
      var problem = try problem([1000, 1000], [31, 31], threads: 4)
      change(&problem)
      return ConvolutionPlanner.candidates(for: problem).sorted {
        "\($0.strategy)" < "\($1.strategy)"
      }.map(\.seconds)
    }
    let plain = try seconds { _ in }
    for dearer in [
      try seconds { $0.isDouble = true }, try seconds { $0.isComplex = true },
      try seconds { $0.threads = 1 },
    ] {
      #expect(zip(plain, dearer).allSatisfy { $0 < $1 })
    }
  }

  @Test("Keeps within the memory limit, or says what would be needed")
  func memory() throws {
    let problem = try problem([512, 512], [301, 301])
    let all = ConvolutionPlanner.candidates(for: problem)
    let fast = try #require(all.first)
    let lean = try #require(all.last)
    #expect(fast.strategy.algorithm == .fft && lean.strategy == .direct)
    #expect(lean.bytes < fast.bytes)
    var options = ConvolutionOptions()
    options.memoryLimit = fast.bytes
    #expect(try ConvolutionPlanner.choose(for: problem, options: options) == fast)
    options.memoryLimit = fast.bytes - 1
    #expect(try ConvolutionPlanner.choose(for: problem, options: options) == lean)
    options.memoryLimit = 10
    #expect(throws: ConcordError.memoryLimit(needed: lean.bytes, limit: 10)) {
      try ConvolutionPlanner.choose(for: problem, options: options)
    }
    options.algorithm = .fft
    options.memoryLimit = lean.bytes
    #expect(throws: ConcordError.memoryLimit(needed: fast.bytes, limit: lean.bytes)) {
      try ConvolutionPlanner.choose(for: problem, options: options)
    }
  }

  @Test("Has but the direct sum for a kernel with NaN")
  func nonFiniteKernel() throws {
    var problem = try problem([512, 512], [301, 301])
    problem.kernelIsFinite = false
    #expect(try choice(problem) == .direct)
    var options = ConvolutionOptions()
    options.algorithm = .fft
    #expect(
      throws: ConcordError.algorithmCannotServe(
        algorithm: "fft", why: "expected a kernel of finite numbers, found NaN or infinity")
    ) { try ConvolutionPlanner.choose(for: problem, options: options) }
  }
}
