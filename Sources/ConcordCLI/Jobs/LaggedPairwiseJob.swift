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
    let precision = Precision(settings.precision, for: [first, second])
    guard try measure.isOfComplexRows([first, second]) else {
      return precision == .float ? try real(Float.self) : try real(Double.self)
    }
    return precision == .float ? try self.complex(Float.self) : try self.complex(Double.self)
  }

  private func real<S: RealScalar & CommandElement>(
    _ type: S.Type
  ) throws(ConcordError) -> Report {
    try report { (file) throws(ConcordError) in
      try file.rowMatrix(of: type)
    } correlate: { (a, b) throws(ConcordError) in
      try a.rowCorrelations(
        with: b, mode: mode, lags: lags, measure: measure, algorithm: algorithm, threads: threads,
        memoryLimit: memoryLimit)
    }
  }

  private func complex<S: RealScalar & CommandElement>(
    _ type: S.Type
  ) throws(ConcordError) -> Report {
    try report { (file) throws(ConcordError) in
      try file.complexRowMatrix(of: type)
    } correlate: { (a, b) throws(ConcordError) in
      try a.rowCorrelations(
        with: b, mode: mode, lags: lags, algorithm: algorithm, threads: threads,
        memoryLimit: memoryLimit)
    }
  }

  /// Reads, computes, verifies and writes.
  private func report<Element: CommandElement>(
    read: (FileArray) throws(ConcordError) -> Image<Element>,
    correlate: (Image<Element>, Image<Element>) throws(ConcordError) -> LaggedRowPairs<Element>
  ) throws(ConcordError) -> Report {
    let (a, b) = (try read(first), try read(second))
    settings.progress.begin(steps: settings.applications)
    var measured = try settings.measure { () throws(ConcordError) in
    } run: { (_: Void) throws(ConcordError) in
      let result = try correlate(a, b)
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
      let definition = RowDefinition(
        measure: measure, isComplex: first.isComplex || second.isComplex)
      try verification.check(
        result.values,
        by: definition.outputs(Grid(a), Grid(b), firstLag: result.lags.lowerBound),
        samples: samples)
      try verification.finish(in: &report, precision: Element.precision)
    }
    if let output = settings.output {
      try Element.write([result.values], to: output, range: settings.range)
      report.addOutput(output, shape: shape, precision: Element.precision)
    }
    return report
  }
}
