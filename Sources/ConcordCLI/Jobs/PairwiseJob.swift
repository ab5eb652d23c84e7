import Concord
import ConcordFiles

/// The rows of one matrix against the rows of another.
struct PairwiseJob {
  let first: FileArray
  let second: FileArray
  /// Whether both are the same rows, which saves work.
  let isSymmetric: Bool
  let measure: RowMeasure
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
    } compare: { (a, b) throws(ConcordError) in
      try a.rowPairs(with: b, measure: measure, threads: threads, memoryLimit: memoryLimit)
    } itself: { (a) throws(ConcordError) in
      try a.rowPairs(measure: measure, threads: threads, memoryLimit: memoryLimit)
    }
  }

  private func complex<S: RealScalar & CommandElement>(
    _ type: S.Type
  ) throws(ConcordError) -> Report {
    try report { (file) throws(ConcordError) in
      try file.complexRowMatrix(of: type)
    } compare: { (a, b) throws(ConcordError) in
      try a.rowPairs(with: b, threads: threads, memoryLimit: memoryLimit)
    } itself: { (a) throws(ConcordError) in
      try a.rowPairs(threads: threads, memoryLimit: memoryLimit)
    }
  }

  /// Reads, computes, verifies and writes.
  private func report<Element: CommandElement>(
    read: (FileArray) throws(ConcordError) -> Image<Element>,
    compare: (Image<Element>, Image<Element>) throws(ConcordError) -> Image<Element>,
    itself: (Image<Element>) throws(ConcordError) -> Image<Element>
  ) throws(ConcordError) -> Report {
    let a = try read(first)
    let b = isSymmetric ? a : try read(second)
    settings.progress.begin(steps: settings.applications)
    var measured = try settings.measure { () throws(ConcordError) in
    } run: { (_: Void) throws(ConcordError) in
      let result = isSymmetric ? try itself(a) : try compare(a, b)
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
      let definition = RowDefinition(
        measure: measure, isComplex: first.isComplex || second.isComplex)
      try verification.check(
        measured.result, by: definition.outputs(Grid(a), Grid(b)), samples: samples)
      try verification.finish(in: &report, precision: Element.precision)
    }
    if let output = settings.output {
      try Element.write([measured.result], to: output, range: settings.range)
      report.addOutput(output, shape: shape, precision: Element.precision)
    }
    return report
  }
}
