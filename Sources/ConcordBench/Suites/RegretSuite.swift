import ArgumentParser
import Concord
import ConcordBackends
import Foundation

/// What the planner's choices cost beside the best candidate, over a grid of problems.
struct RegretSuite: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "regret",
    abstract: "Every candidate of the planner, timed: how much slower than the best is its choice?")

  @OptionGroup var suite: SuiteOptions

  @Option(help: "Candidates predicted to be slower than the best by this factor are left out.")
  var patience = 12.0

  @Option(help: "Seconds that each problem may take, about.")
  var budget = 0.6

  @Option(help: "Take only each n-th problem.")
  var every = 1

  func run() throws {
    var session = try SuiteSession("regret", suite)
    for (index, problem) in RegretProblem.grid.enumerated() where index % every == 0 {
      try session.run("\(problem)") {
        suite.precision == .float
          ? try measure(problem, as: Float.self) : try measure(problem, as: Double.self)
      } show: { entries in
        for row in RegretTable(entries).rows { say(row.line) }
      }
    }
    say(RegretTable(session.report.entries).summary)
  }

  private func measure<Scalar: RealScalar>(
    _ problem: RegretProblem, as scalar: Scalar.Type
  ) throws -> [Entry] {
    var options = ConvolutionOptions(mode: problem.mode)
    options.threads = suite.threads
    let geometry = try ConvolutionGeometry(
      image: problem.image, kernel: problem.kernel, operation: .correlation, options: options)
    let planned = ConvolutionProblem(
      geometry: geometry, isDouble: Scalar.self == Double.self, threads: suite.threads)
    let choice = try ConvolutionPlanner.choose(for: planned, options: options)
    let best = choice.seconds
    let candidates = ConvolutionPlanner.candidates(for: planned).filter {
      $0.seconds <= patience * best && $0.bytes <= physicalMemory / 4
    }
    let image = Samples<Scalar>(real: randomBuffer(geometry.image.count, seed: 1))
    let weights = Samples<Scalar>(real: randomBuffer(geometry.kernel.count, seed: 2))
    let engines = try candidates.map {
      try ConvolutionEngine(
        weights: weights, mirrors: false, geometry: geometry, strategy: $0.strategy,
        options: options,
        threads: CostModel.current.usefulThreads($0.strategy, for: planned))
    }
    let reference = engines.last?.run(image).real
    let limit = Scalar.self == Float.self ? 1e-4 : 1e-12
    var contest = Contest()
    for (candidate, engine) in zip(candidates, engines) {
      contest.admit(
        Entrant(
          contender: Contender(name: candidate.strategy.algorithm.rawValue) {
            blackHole(engine.run(image).real.count)
          }, strategy: "\(candidate.strategy)", threads: suite.threads,
          error: difference(engine.run(image).real, reference), limit: limit))
    }
    try contest.demandAllRight()
    let policy = RunPolicy(minimumRuns: 3, seconds: budget / Double(max(1, engines.count)))
    return zip(candidates, try contest.hold(policy)).map { candidate, held in
      var entry = Entry(
        suite: "regret", problem: "\(problem)", entrant: held.entrant,
        precision: suite.precision, timing: held.timing,
        work: (Double(geometry.output.count), "Gpx/s"))
      entry.predicted = candidate.seconds
      entry.isChoice = candidate.strategy == choice.strategy
      return entry
    }
  }

  /// The largest difference, relative to the root mean square.
  private func difference<Scalar: RealScalar>(
    _ result: SharedBuffer<Scalar>, _ reference: SharedBuffer<Scalar>?
  ) -> Double {
    guard let reference else { return .nan }
    let step = max(1, result.count / 5000)
    var worst = 0.0
    var squares = 0.0
    var samples = 0.0
    for index in stride(from: 0, to: result.count, by: step) {
      let expected = Double(reference[index])
      worst = max(worst, abs(Double(result[index]) - expected))
      squares += expected * expected
      samples += 1
    }
    return worst / (squares / samples).squareRoot()
  }
}

/// One convolution whose candidates are compared.
struct RegretProblem: CustomStringConvertible {
  let image: [Int]
  let kernel: [Int]
  var mode = ConvolutionMode.same

  var description: String {
    func text(_ extents: [Int]) -> String { extents.map(String.init).joined(separator: "×") }
    return "\(text(image)) ⋆ \(text(kernel)) \(mode.rawValue)"
  }

  /// Sizes 32² to 8192², kernels 1 to 1023, square and not; lines and volumes; full and valid too.
  static var grid: [RegretProblem] {
    squares + oblongs + lines + volumes
  }

  private static var squares: [RegretProblem] {
    [32, 64, 128, 256, 500, 1024, 2048, 4096, 8192].flatMap { n in
      [1, 3, 5, 7, 9, 11, 13, 17, 23, 31, 63, 127, 255, 511, 1023].compactMap { k in
        k <= n ? RegretProblem(image: [n, n], kernel: [k, k]) : nil
      }
    }
      + [64, 256, 1024, 2048].flatMap { n in
        [ConvolutionMode.full, .valid].flatMap { mode in
          [n / 8, n].map { RegretProblem(image: [n, n], kernel: [$0, $0], mode: mode) }
        }
      }
  }

  private static var oblongs: [RegretProblem] {
    [[100, 5000], [5000, 100], [1080, 1920]].flatMap { image in
      [[1, 9], [9, 1], [3, 31], [31, 3], [1, 101], [101, 1], [15, 65]].filter {
        $0[0] <= image[0] && $0[1] <= image[1]
      }.map { RegretProblem(image: image, kernel: $0) }
    }
  }

  private static var lines: [RegretProblem] {
    [1000, 30_000, 1_000_000, 10_000_000].flatMap { n in
      [3, 16, 64, 200, 1024, 10_000, 262_144].compactMap { k in
        k <= n ? RegretProblem(image: [n], kernel: [k]) : nil
      }
    }
  }

  private static var volumes: [RegretProblem] {
    [32, 64, 128, 200].flatMap { n in
      [3, 5, 7, 11, 15, 31].map {
        RegretProblem(image: [n, n, n], kernel: [$0, $0, $0])
      }
    }
  }
}

/// Random numbers in 0..<1.
private func randomBuffer<Scalar: RealScalar>(_ count: Int, seed: UInt64) -> SharedBuffer<Scalar> {
  var generator = SplitMix64(seed: seed)
  return SharedBuffer(
    (0..<count).map { _ in Scalar(Double(generator.next() >> 11) * 0x1p-53) })
}
