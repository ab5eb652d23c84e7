import Concord
import ConcordFiles

/// The rows of one matrix against the rows of another.
struct PairwiseJob {
  let first: FileArray
  let second: FileArray
  /// Whether both are the same rows, which halves the work.
  let isSymmetric: Bool
  let measure: RowMeasure
  let threads: Int?
  let memoryLimit: Int?
  let settings: JobSettings

  func run() throws(ConcordError) -> Report {
    try settings.checkOutput()
    let precision = Precision(settings.precision, for: [first, second])
    return precision == .float ? try run(Float.self) : try run(Double.self)
  }

  private func run<S: RealScalar & CommandElement>(
    _ type: S.Type
  ) throws(ConcordError) -> Report {
    let a: Image<S> = try rows(of: first)
    let b: Image<S> = isSymmetric ? a : try rows(of: second)
    settings.progress.begin(steps: settings.applications)
    var measured = try settings.measure { () throws(ConcordError) in
    } run: { (_: Void) throws(ConcordError) in
      let result =
        isSymmetric
        ? try a.rowPairs(measure: measure, threads: threads, memoryLimit: memoryLimit)
        : try a.rowPairs(with: b, measure: measure, threads: threads, memoryLimit: memoryLimit)
      settings.progress.step()
      return result
    }
    measured.timing.planning = nil
    let shape = measured.result.shape.components
    var report = Report(
      title: "pairwise \(measure.rawValue) of the rows of \(first.summary) and \(second.summary)",
      algorithm: "matrix", shape: shape, timing: measured.timing)
    report.fields.append(("measure", .string(measure.rawValue)))
    if let samples = settings.samples {
      var verification = Verification(samples: samples)
      let definition = RowDefinition(measure: measure)
      try verification.check(
        measured.result, by: definition.outputs(Grid(a), Grid(b)), samples: samples)
      try verification.finish(in: &report, precision: S.precision)
    }
    if let output = settings.output {
      try S.write([measured.result], to: output, range: settings.range)
      report.addOutput(output, shape: shape, precision: S.precision)
    }
    return report
  }

  /// A matrix; a signal is its only row.
  private func rows<S: RealScalar>(of file: FileArray) throws(ConcordError) -> Image<S> {
    guard file.rank == 1 else { return try file.array() }
    let signal: Signal<S> = try file.array()
    return try signal.reshaped(to: Shape(rows: 1, columns: signal.count))
  }
}
