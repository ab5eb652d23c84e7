import Concord
import ConcordFiles

/// What all computing commands are told alike.
struct JobSettings {
  /// The precision asked for; nil to follow the inputs.
  var precision: Precision?
  /// Repeated runs; nil for a single one.
  var repeats: Int?
  /// Outputs to recompute.
  var samples: Int?
  /// Where the result goes.
  var output: String?
  /// What a picture's black and white stand for.
  var range: ClosedRange<Double>?
  /// The bar for work that is under way.
  var progress: Progress

  init(
    precision: PrecisionOptions, run: RunOptions, output: String?, range: RangeOptions,
    progress: Progress
  ) {
    self.precision = precision.precision
    repeats = run.repeats
    samples = run.verify
    self.output = output
    self.range = range.range
    self.progress = progress
  }

  /// Refuses an output that could not be written, before anything is computed.
  func checkOutput() throws(ConcordError) {
    if let output { try ArrayFile.checkOutput(output) }
  }

  /// How often the computation runs.
  var applications: Int { 1 + (repeats ?? 0) }

  /// Prepares once, runs as often as was asked for, and takes the time.
  func measure<Prepared, Result>(
    prepare: () throws(ConcordError) -> Prepared,
    run: (Prepared) throws(ConcordError) -> Result
  ) throws(ConcordError) -> Measured<Prepared, Result> {
    defer { progress.end() }
    let clock = ContinuousClock()
    let start = clock.now
    let prepared = try prepare()
    let ready = clock.now
    var result = try progress.watching { () throws(ConcordError) in try run(prepared) }
    let first = clock.now
    var timing = Timing(
      seconds: (first - ready).inSeconds, planning: (ready - start).inSeconds)
    for _ in 0..<(repeats ?? 0) {
      let begin = clock.now
      result = try progress.watching { () throws(ConcordError) in try run(prepared) }
      timing.runs.append((clock.now - begin).inSeconds)
    }
    if repeats != nil {
      timing.first = (first - start).inSeconds
      timing.seconds = median(timing.runs)
    }
    return Measured(prepared: prepared, result: result, timing: timing)
  }

  private func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}

/// A result, what it was computed with, and the time it took.
struct Measured<Prepared, Result> {
  let prepared: Prepared
  let result: Result
  var timing: Timing
}

extension Duration {
  /// The duration as a number of seconds.
  var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}

/// Names the files that an error of the computation is about.
func naming<Result>(
  _ names: [String], _ body: () throws(ConcordError) -> Result
) throws(ConcordError) -> Result {
  do {
    return try body()
  } catch {
    if case .file = error { throw error }
    throw .file(path: names.joined(separator: ", "), problem: error.description)
  }
}
