import ArgumentParser
import Concord
import ConcordBackends

/// How time and memory grow with what there is to do.
struct ScalingSuite: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scaling",
    abstract: "How time and memory grow with image, kernel, frames, maps and threads.",
    discussion: "Exponents are fitted to the medians: time ∝ sizeᵇ, for pixels, taps, and so on.")

  @OptionGroup var suite: SuiteOptions

  @Option(help: "Only the series whose names hold this.")
  var only = ""

  func run() throws {
    var session = try SuiteSession("scaling", suite)
    if suite.precision == .float {
      try run(Float.self, &session)
    } else {
      try run(Double.self, &session)
    }
    print(ScalingTable(session.report.entries).text)
  }

  private func run<Scalar: RealScalar>(
    _ scalar: Scalar.Type, _ session: inout SuiteSession
  ) throws {
    for (algorithm, largest) in [("auto", 4096), ("direct", 4096), ("fft", 4096)] {
      for n in [256, 512, 1024, 2048, 4096] where n <= largest {
        try filter("pixels of an image, with 15²", size: n * n, n, 15, algorithm, scalar, &session)
      }
    }
    for (algorithm, largest) in [("auto", 255), ("direct", 31), ("overlap-save", 255)] {
      for k in [3, 7, 15, 31, 63, 127, 255] where k <= largest {
        try filter(
          "taps of a kernel, over 2048²", size: k * k, 2048, k, algorithm, scalar, &session)
      }
    }
    for threads in 1...suite.threads {
      for (n, k) in [(2048, 7), (2048, 63)] {
        try filter(
          "threads, 2048² with \(k)²", size: threads, n, k, "auto", threads: threads, scalar,
          &session)
      }
    }
    for window in [3, 15, 63, 255] { try mean(window, scalar, &session) }
    for frames in [100, 1000, 10_000] { try pairs(frames, scalar, &session) }
    for maps in [128, 256, 512, 1024] { try rows(maps, scalar, &session) }
  }

  /// One point: an entry with its place in a series, and the memory that a run takes.
  private func point(
    _ series: String, size: Int, threads: Int, pixels: Double, algorithm: String,
    _ session: inout SuiteSession,
    prepare: () throws -> (run: () throws -> Void, strategy: String, error: Double)
  ) throws {
    guard only.isEmpty || series.contains(only) else { return }
    try session.run("\(series) \(size) \(algorithm)") {
      let prepared = try prepare()
      ProcessMemory.forgetPeak()
      let before = ProcessMemory.resident
      try prepared.run()
      let peak = ProcessMemory.peak
      var contest = Contest()
      contest.admit(
        Entrant(
          contender: Contender(name: algorithm, run: prepared.run), strategy: prepared.strategy,
          threads: threads, error: prepared.error,
          limit: suite.precision == .float ? 1e-5 : 1e-12))
      try contest.demandAllRight()
      return try contest.hold(suite.policy).map { entrant, timing in
        var entry = Entry(
          suite: "scaling", problem: "\(series): \(size)", entrant: entrant,
          precision: suite.precision, timing: timing, work: (pixels, "Gpx/s"))
        entry.series = series
        entry.size = Double(size)
        if let before, let peak { entry.workingBytes = max(0, peak - before) }
        return entry
      }
    }
  }

  private func filter<Scalar: RealScalar>(
    _ series: String, size: Int, _ n: Int, _ k: Int, _ algorithm: String, threads: Int? = nil,
    _ scalar: Scalar.Type, _ session: inout SuiteSession
  ) throws {
    let threads = threads ?? suite.threads
    try point(
      series, size: size, threads: threads, pixels: Double(n * n), algorithm: algorithm, &session
    ) {
      let problem = Problem(
        .correlate, image: [n, n], kernel: [k, k], precision: suite.precision, boundary: .reflect)
      let inputs = try ProblemInputs<Scalar>(problem)
      var options = ConvolutionOptions(mode: .same, boundary: .reflect)
      options.threads = threads
      options.algorithm = ConvolutionAlgorithm(rawValue: algorithm) ?? .automatic
      options.effort = .measure
      let plan = try ConvolutionPlan(
        image: inputs.image.shape, kernel: inputs.other, .correlation, options: options)
      let error = Definition(problem, inputs).error(of: try plan(inputs.image))
      return ({ blackHole(try plan(inputs.image).count) }, "\(plan.choice.strategy)", error)
    }
  }

  private func mean<Scalar: RealScalar>(
    _ window: Int, _ scalar: Scalar.Type, _ session: inout SuiteSession
  ) throws {
    try point(
      "elements of a window, mean over 2048²", size: window * window, threads: suite.threads,
      pixels: 2048 * 2048, algorithm: "box", &session
    ) {
      let problem = Problem(
        .boxMean, image: [2048, 2048], kernel: [window, window], precision: suite.precision,
        boundary: .reflect)
      let inputs = try ProblemInputs<Scalar>(problem)
      var options = WindowOptions(boundary: .reflect)
      options.threads = suite.threads
      let settled = options
      func mean() throws -> Image<Scalar> {
        try inputs.image.windowMean(of: [window, window], options: settled)
      }
      let error = Definition(problem, inputs).error(of: try mean())
      return ({ blackHole(try mean().count) }, "one pass", error)
    }
  }

  private func pairs<Scalar: RealScalar>(
    _ count: Int, _ scalar: Scalar.Type, _ session: inout SuiteSession
  ) throws {
    try point(
      "frames of 64² with kernels of 64²", size: count, threads: suite.threads,
      pixels: Double(count * 64 * 64), algorithm: "pairs", &session
    ) {
      let shape = Shape<3>(planes: count, rows: 64, columns: 64)
      let images = try randomImage(count * 64, 64, seed: 3, as: scalar).reshaped(to: shape)
      let kernels = try randomImage(count * 64, 64, seed: 4, as: scalar).reshaped(to: shape)
      var options = ConvolutionOptions(mode: .full)
      options.threads = suite.threads
      let settled = options
      let some = count / 2
      let expected = try images.plane(some).copied().convolved(
        with: kernels.plane(some).copied(), options: settled)
      let found = try images.convolvedInPairs(with: kernels, options: settled).plane(some).copied()
      return (
        { blackHole(try images.convolvedInPairs(with: kernels, options: settled).count) },
        "many at a time", difference(found, expected)
      )
    }
  }

  private func rows<Scalar: RealScalar>(
    _ count: Int, _ scalar: Scalar.Type, _ session: inout SuiteSession
  ) throws {
    try point(
      "maps of 64², all pairs, Pearson", size: count, threads: suite.threads,
      pixels: Double(count * 64 * 64), algorithm: "matrix", &session
    ) {
      let maps = randomImage(count, 64 * 64, seed: 5, as: scalar)
      let threads = suite.threads
      func all() throws -> Image<Scalar> { try maps.rowPairs(measure: .pearson, threads: threads) }
      // A row is like itself, and one pair is summed by the definition.
      let found = try all()
      let error = max(abs(Double(found[3, 3]) - 1), abs(Double(found[1, 0]) - pearson(maps, 1, 0)))
      return ({ blackHole(try all().count) }, "matrix product", error)
    }
  }

  private func pearson<Scalar: RealScalar>(_ maps: Image<Scalar>, _ i: Int, _ j: Int) -> Double {
    let a = (0..<maps.columns).map { Double(maps[i, $0]) }
    let b = (0..<maps.columns).map { Double(maps[j, $0]) }
    let (x, y) = (a.reduce(0, +) / Double(a.count), b.reduce(0, +) / Double(b.count))
    func sum(_ p: [Double], _ m: Double, _ q: [Double], _ n: Double) -> Double {
      zip(p, q).reduce(0) { $0 + ($1.0 - m) * ($1.1 - n) }
    }
    return sum(a, x, b, y) / (sum(a, x, a, x) * sum(b, y, b, y)).squareRoot()
  }

  private func difference<Scalar: RealScalar>(
    _ found: Image<Scalar>, _ expected: Image<Scalar>
  ) -> Double {
    let pairs = zip(found.elements, expected.elements).map { (Double($0), Double($1)) }
    let largest = pairs.map { abs($0.1) }.max() ?? 1
    return (pairs.map { abs($0.0 - $0.1) }.max() ?? .infinity) / largest
  }
}
