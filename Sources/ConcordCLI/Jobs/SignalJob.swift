import Concord
import ConcordFiles

/// The convolution or correlation of a long signal, read, computed and written piece by piece.
struct SignalJob {
  private let job: ImageJob<KernelOperation>
  private let output: String
  private let precision: Precision

  /// Results of more bytes are never held as a whole, where they can be written in pieces.
  private static let heldBytes = 256 << 20
  /// Samples of a piece.
  private static let pieceCount = 1 << 21

  private var signal: FileArray { job.inputs[0] }

  /// Nil where a signal is short, or a result can't be made or written in pieces.
  init?(_ job: ImageJob<KernelOperation>) {
    guard job.inputs[0].rank == 1, job.inputs[0].channels == 1, !job.isComplex,
      job.settings.repeats == nil, let output = job.settings.output,
      output.lowercased().hasSuffix(".npy")
    else { return nil }
    let options = job.operation.options
    guard [.automatic, .direct, .overlapSave].contains(options.algorithm),
      options.exactness == .rounded
    else { return nil }
    let needed: Precision? = job.needsDouble ? .double : nil
    let precision = job.settings.precision ?? needed
    // To look whether integers need Double would be to read the file; most of its memory is let go.
    self.precision = Precision(precision, for: job.inputs)
    let bytes = job.inputs[0].count * (self.precision == .float ? 4 : 8)
    guard bytes > min(Self.heldBytes, options.memoryLimit ?? .max) else { return nil }
    self.job = job
    self.output = output
  }

  func run() throws(ConcordError) -> Report? {
    try job.settings.checkOutput()
    signal.releaseMemory(of: 0..<signal.count)
    switch precision {
    case .float: return try run(Float.self)
    case .double: return try run(Double.self)
    }
  }

  /// Nil for signals that are short beside the taps.
  private func run<S: RealScalar & CommandElement>(
    _ type: S.Type
  ) throws(ConcordError) -> Report? {
    defer { job.settings.progress.end() }
    let taps: Signal<S> = try job.operation.kernel.array()
    guard signal.count >= 4 * taps.count else { return nil }
    let clock = ContinuousClock()
    let start = clock.now
    let pass = try SignalPass(signal: signal, taps: taps, operation: job.operation)
    let planning = (clock.now - start).inSeconds
    let count = try pass.outputCount()
    var checks = try SignalChecks(
      job.operation, signal: signal, taps: taps, count: count, samples: job.settings.samples ?? 0)
    job.settings.progress.begin(steps: pass.steps(of: Self.pieceCount))
    var seconds = 0.0
    try SignalWriter<S>.write(count: count, to: output) { (writer) throws(ConcordError) in
      seconds = try pass.run(pieces: Self.pieceCount, job.settings.progress) {
        (result) throws(ConcordError) in
        checks.look(at: result, from: writer.written)
        try writer.append(result)
      }
    }
    var report = Report(
      title: job.title, algorithm: pass.algorithm, shape: [count],
      timing: Timing(seconds: seconds, planning: planning))
    report.fields.append(("streamed", .boolean(true)))
    try checks.finish(in: &report, precision: S.precision)
    report.addOutput(output, shape: [count], precision: S.precision)
    return report
  }
}

extension ImageJob<KernelOperation> {
  /// Computes, verifies and writes: a long signal piece by piece, and all else as a whole.
  func runAsSuits() throws(ConcordError) -> Report {
    if let report = try SignalJob(self)?.run() { return report }
    return try run()
  }
}
