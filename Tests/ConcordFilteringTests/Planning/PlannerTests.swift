import ConcordArrays
import ConcordFiltering
import Testing

/// Decisions, without any data.
@Suite("The planner", .standardCosts)
struct PlannerTests {
  private func problem(
    _ image: [Int], _ kernel: [Int], _ mode: ConvolutionMode = .same, _ boundary: Boundary = .zero,
    threads: Int = 1
  ) throws -> ConvolutionProblem {
    ConvolutionProblem(
      geometry: try ConvolutionGeometry(
        image: image, kernel: kernel, operation: .correlation,
        options: ConvolutionOptions(mode: mode, boundary: boundary)),
      threads: threads, processors: threads)
  }

  private func choice(_ problem: ConvolutionProblem) throws -> ConvolutionStrategy {
    try ConvolutionPlanner.choose(for: problem, options: ConvolutionOptions()).strategy
  }

  @Test(
    "Takes the direct sum for small kernels",
    arguments: [
      ([64, 64], [3, 3]), ([2048, 2048], [3, 3]), ([2048, 2048], [7, 7]), ([1_000_000], [5]),
      ([100, 100, 100], [3, 3, 3]), ([10_000, 10_000], [5, 5]), ([8], [8]),
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
    #expect(try [.fft, .overlapSave].contains(choice(problem(image, kernel)).algorithm))
  }

  /// The transforms of the whole image among the candidates.
  private func wholeImage(_ candidates: [StrategyEstimate]) -> Set<String> {
    Set(candidates.map(\.strategy).filter { $0.algorithm == .fft }.map { "\($0)" })
  }

  @Test("Needs no padding beyond the image's fast lengths in mode 'valid'")
  func validLengths() throws {
    let all = try ConvolutionPlanner.candidates(for: problem([1024, 900], [301, 133], .valid))
    #expect(wholeImage(all) == ["fft 1024 × 960 zero-padded"])
  }

  @Test("Offers the circular layout for 'wrap', and the extension for other rules")
  func boundaries() throws {
    let wrap = try ConvolutionPlanner.candidates(for: problem([100, 96], [9, 9], .same, .wrap))
    #expect(wholeImage(wrap) == ["fft 100 × 96 circular", "fft 108 × 108 extended"])
    // The full result is longer than the period, so one period can't hold it.
    let full = try ConvolutionPlanner.candidates(for: problem([100, 96], [9, 9], .full, .wrap))
    #expect(!full.contains { "\($0.strategy)".hasSuffix("circular") })
    let zero = try ConvolutionPlanner.candidates(for: problem([100, 96], [9, 9]))
    #expect(wholeImage(zero) == ["fft 108 × 100 zero-padded"], "\(zero)")
    for rule in [Boundary.replicate, .symmetric, .reflect, .constant(1)] {
      let some = try ConvolutionPlanner.candidates(for: problem([100, 96], [9, 9], .same, rule))
      #expect(wholeImage(some) == ["fft 108 × 108 extended"])
    }
  }

  @Test("Estimates every candidate, fastest first")
  func estimates() throws {
    for (image, kernel) in [([33], [4]), ([100, 90], [7, 8]), ([9, 8, 7], [3, 3, 3])] {
      for boundary in [Boundary.zero, .wrap, .reflect, .renormalize] {
        let all = try ConvolutionPlanner.candidates(for: problem(image, kernel, .same, boundary))
        #expect(all.allSatisfy { $0.seconds > 0 && $0.seconds < 1 && $0.bytes > 0 })
        #expect(all.map(\.seconds) == all.map(\.seconds).sorted())
        #expect(Set(all.map(\.strategy.algorithm)) == [.direct, .matrix, .fft, .overlapSave])
        #expect(Set(all.map(\.strategy)).count == all.count)
      }
    }
  }

  @Test("Costs grow with the work: precision, complex numbers, kernel, fewer threads")
  func costs() throws {
    func seconds(_ change: (inout ConvolutionProblem) -> Void) throws -> [Double] {
      var problem = try problem([1000, 1000], [31, 31], threads: 4)
      change(&problem)
      // A complex kernel is no matrix.
      return ConvolutionPlanner.candidates(for: problem).filter { $0.strategy != .matrix }.sorted {
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
    let lean = try #require(all.min { $0.bytes < $1.bytes })
    #expect(fast.strategy.algorithm != .direct)
    #expect(lean.bytes < fast.bytes)
    var options = ConvolutionOptions()
    for limit in all.flatMap({ [$0.bytes, $0.bytes - 1] }) where limit >= lean.bytes {
      options.memoryLimit = limit
      let fitting = all.first { $0.bytes <= limit }
      #expect(try ConvolutionPlanner.choose(for: problem, options: options) == fitting)
    }
    options.memoryLimit = 10
    #expect(throws: ConcordError.memoryLimit(needed: lean.bytes, limit: 10)) {
      try ConvolutionPlanner.choose(for: problem, options: options)
    }
    options.algorithm = .fft
    options.memoryLimit = lean.bytes
    let whole = try #require(all.first { $0.strategy.algorithm == .fft })
    #expect(throws: ConcordError.memoryLimit(needed: whole.bytes, limit: lean.bytes)) {
      try ConvolutionPlanner.choose(for: problem, options: options)
    }
  }

  @Test("Offers tiles of several sizes, and says where a kernel is too large for any")
  func tiles() throws {
    let all = try ConvolutionPlanner.candidates(for: problem([5000, 4000], [63, 31]))
    let tiles = all.filter { $0.strategy.algorithm == .overlapSave }
    #expect(tiles.count == 3)
    #expect(zip(tiles, tiles.dropFirst()).allSatisfy { $0.bytes >= 2 * $1.bytes })
    let huge = try problem([3000, 20], [2100, 3])
    #expect(
      !ConvolutionPlanner.candidates(for: huge).contains { $0.strategy.algorithm == .overlapSave })
    var options = ConvolutionOptions()
    options.algorithm = .overlapSave
    #expect(
      throws: ConcordError.algorithmCannotServe(
        algorithm: "overlap-save",
        why: "expected a kernel that leaves an eighth of a tile of 2048 elements along each axis, "
          + "found 1 × 2100 × 3")
    ) { try ConvolutionPlanner.choose(for: huge, options: options) }
  }

  @Test("Chooses the same whatever the number of threads, so that results are the same")
  func threads() throws {
    for (image, kernel) in [([512, 512], [63, 63]), ([100_000], [900]), ([300, 40], [5, 5])] {
      let choices = try [1, 2, 5].map { threads in
        var problem = try problem(image, kernel, threads: threads)
        problem.processors = 4
        return try choice(problem)
      }
      #expect(Set(choices).count == 1)
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
