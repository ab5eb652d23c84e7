import Concord
import ConcordFiles

/// The correlation of two signals with its lags.
struct LagJob {
  let first: FileArray
  let second: ResolvedKernel
  let options: ConvolutionOptions
  let settings: JobSettings

  func run() throws(ConcordError) -> Report {
    try settings.checkOutput()
    try checkCentre(options, axes: 1, kernel: second.name)
    let needed: Precision? = second.needsDouble ? .double : nil
    let precision = Precision(settings.precision ?? needed, for: [first])
    let isComplex = first.isComplex || second.isComplex
    switch (precision, isComplex) {
    case (.float, false): return try real(Float.self)
    case (.double, false): return try real(Double.self)
    case (.float, true): return try complex(Float.self)
    case (.double, true): return try complex(Double.self)
    }
  }

  private func real<S: RealScalar & CommandElement>(
    _ type: S.Type
  ) throws(ConcordError) -> Report {
    let x: Signal<S> = try signal(first)
    let y: Signal<S> = try kernel()
    return try report(x, y) { () throws(ConcordError) in
      try ConvolutionPlan(image: x.shape, kernel: y, .correlation, options: options)
    } run: { (plan) throws(ConcordError) in
      try plan(x)
    } magnitude: {
      $0
    }
  }

  private func complex<S: RealScalar & CommandElement>(
    _ type: S.Type
  ) throws(ConcordError) -> Report {
    let x: Signal<Complex<S>> = try first.complexArray()
    let y: Signal<Complex<S>> = try second.complexArray()
    return try report(x, y) { () throws(ConcordError) in
      try ConvolutionPlan<1, S>(image: x.shape, kernel: y, .correlation, options: options)
    } run: { (plan) throws(ConcordError) in
      try plan(x)
    } magnitude: {
      $0.magnitude
    }
  }

  private func signal<S: RealScalar>(_ file: FileArray) throws(ConcordError) -> Signal<S> {
    try file.array()
  }

  private func kernel<S: RealScalar>() throws(ConcordError) -> Signal<S> {
    try second.array()
  }

  /// Computes, finds the largest value, and writes the table.
  private func report<Element: CommandElement, S: RealScalar>(
    _ x: Signal<Element>, _ y: Signal<Element>,
    prepare: () throws(ConcordError) -> ConvolutionPlan<1, S>,
    run: (ConvolutionPlan<1, S>) throws(ConcordError) -> Signal<Element>,
    magnitude: (Signal<Element>) -> Signal<S>
  ) throws(ConcordError) -> Report {
    settings.progress.begin(steps: settings.applications)
    let measured = try settings.measure(prepare: prepare) { (plan) throws(ConcordError) in
      let values = try run(plan)
      settings.progress.step()
      return values
    }
    let plan = measured.prepared
    let values = measured.result
    var report = Report(
      title: "correlate \(first.summary) with \(second.name)",
      algorithm: plan.choice.strategy.algorithm.rawValue, shape: values.shape.components,
      timing: measured.timing)
    let lags = plan.lags[0]
    let sizes = magnitude(values)
    guard let peak = sizes.positionOfLargest else {
      throw .outOfRange(what: "the correlation", found: .nan, allowed: "a largest value")
    }
    report.add(
      "largest",
      "\(Format.significant(Double(sizes[peak]), digits: 6)) at lag "
        + "\(lags.lowerBound + peak[0])",
      key: "lag", .integer(lags.lowerBound + peak[0]))
    report.fields.append(("value", .number(Double(sizes[peak]))))
    report.add(
      "lags", "\(lags.lowerBound) to \(lags.upperBound - 1)", key: "lags",
      .integers([lags.lowerBound, lags.upperBound - 1]))
    try verify(values, x, y, in: &report)
    if let output = settings.output { try write(values, lags, to: output, in: &report) }
    return report
  }

  private func verify<Element: CommandElement>(
    _ values: Signal<Element>, _ x: Signal<Element>, _ y: Signal<Element>, in report: inout Report
  ) throws(ConcordError) {
    guard let samples = settings.samples else { return }
    let definition = ConvolutionDefinition(
      operation: .correlation, options: options, scale: 1, offset: 0)
    var verification = Verification(samples: samples)
    try verification.check(
      values, by: definition.outputs(image: Grid(x), kernel: Grid(y), rank: 1), samples: samples)
    try verification.finish(in: &report, precision: Element.precision)
  }

  private func write<Element: CommandElement>(
    _ values: Signal<Element>, _ lags: Range<Int>, to output: String, in report: inout Report
  ) throws(ConcordError) {
    let isComplex = first.isComplex || second.isComplex
    var text = isComplex ? "lag,real,imaginary\n" : "lag,value\n"
    let elements = values.span
    for index in elements.indices {
      let columns = isComplex ? elements[index].parts : [elements[index].parts[0]]
      text += "\(lags.lowerBound + index)," + columns.joined(separator: ",") + "\n"
    }
    if output == "-" {
      try Terminal.write(text)
    } else {
      try AtomicFile.write(text, to: output)
    }
    report.addOutput(output, shape: values.shape.components, precision: Element.precision)
  }
}

extension CommandElement {
  /// The real and the imaginary part in the digits that read back to the same number.
  fileprivate var parts: [String] {
    let storage = complexDouble.rawStorage
    return [storage.x, storage.y].map { Self.precision == .float ? "\(Float($0))" : "\($0)" }
  }
}
