import Concord
import ConcordFiles

/// The rows of one matrix against the rows of another at several lags.
struct LaggedPairwiseJob {
  let first: FileArray
  let second: FileArray
  let measure: RowMeasure
  /// The lags that are wanted; nil for those of the mode.
  let lags: ClosedRange<Int>?
  let mode: ConvolutionMode
  let algorithm: ConvolutionAlgorithm
  let threads: Int?
  let memoryLimit: Int?
  let settings: JobSettings

  func run() throws(ConcordError) -> Report {
    try settings.checkOutput()
    for file in [first, second] where file.isComplex {
      throw .file(
        path: file.path,
        problem: "expected real elements for several lags, found \(file.elementType.rawValue)")
    }
    let precision = Precision(settings.precision, for: [first, second])
    return precision == .float ? try run(Float.self) : try run(Double.self)
  }

  private func run<S: RealScalar & CommandElement>(
    _ type: S.Type
  ) throws(ConcordError) -> Report {
    let a: Image<S> = try matrix(first)
    let b: Image<S> = try matrix(second)
    settings.progress.begin(steps: settings.applications)
    var measured = try settings.measure { () throws(ConcordError) in
    } run: { (_: Void) throws(ConcordError) in
      let result = try a.rowCorrelations(
        with: b, mode: mode, lags: lags, measure: measure, algorithm: algorithm, threads: threads,
        memoryLimit: memoryLimit)
      settings.progress.step()
      return result
    }
    measured.timing.planning = nil
    let result = measured.result
    let shape = result.values.shape.components
    var report = Report(
      title: "pairwise \(measure.rawValue) of the rows of \(first.summary) and \(second.summary)",
      algorithm: result.algorithm.rawValue, shape: shape, timing: measured.timing)
    report.fields.append(("measure", .string(measure.rawValue)))
    report.add(
      "lags", "\(result.lags.lowerBound) to \(result.lags.upperBound - 1)", key: "lags",
      .integers([result.lags.lowerBound, result.lags.upperBound - 1]))
    if let samples = settings.samples {
      var verification = Verification(samples: samples)
      let definition = RowDefinition(measure: measure, isComplex: false)
      try verification.check(
        result.values,
        by: definition.outputs(Grid(a), Grid(b), firstLag: result.lags.lowerBound),
        samples: samples)
      try verification.finish(in: &report, precision: S.precision)
    }
    if let output = settings.output {
      try S.write([result.values], to: output, range: settings.range)
      report.addOutput(output, shape: shape, precision: S.precision)
    }
    return report
  }

  /// A matrix; a signal is one with a single row.
  private func matrix<S: RealScalar>(_ file: FileArray) throws(ConcordError) -> Image<S> {
    guard file.rank == 1 else { return try file.array() }
    let row: Signal<S> = try file.array()
    return try row.reshaped(to: Shape(rows: 1, columns: row.count))
  }
}
