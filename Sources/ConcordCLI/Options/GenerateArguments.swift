import ArgumentParser
import Concord
import ConcordBackends

/// What all generators are told alike.
struct GenerateArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp("Extents, outermost first: one, two or three.", valueName: "h,w"),
    transform: ExtentList.parsed)
  var shape: ExtentList

  @Option(help: ArgumentHelp("What the random numbers are made from.", valueName: "n"))
  var seed: UInt64 = 0

  @OptionGroup var output: OutputOptions

  @Option(help: "Compute in double and write in this precision.")
  var precision: Precision = .float

  @Flag(help: "Print one JSON object on standard output, and nothing else.")
  var json = false

  @Flag(help: "Print no summary and no warnings.")
  var quiet = false

  func validate() throws {
    if quiet { Warnings.handle { _ in } }
    if output.output == "-" && json {
      throw ValidationError("'-o -' and '--json' both want standard output: give only one.")
    }
    // Generators compute in double, and keep two copies at most beside the result.
    let bytes = shape.values.reduce(3.0 * 8) { $0 * Double($1) }
    if bytes > Double(physicalMemory / 2) {
      throw ValidationError(
        "--shape: expected at most \(physicalMemory / 2) bytes of work, found \(bytes)")
    }
  }

  /// A shift of one number for each axis; zeros if none is given.
  func displacement(_ shift: Numbers?) throws -> [Double] {
    guard let shift else { return shape.values.map { _ in 0 } }
    guard shift.values.count == shape.values.count else {
      throw ValidationError(
        "--shift: expected \(shape.values.count) numbers as --shape has, found "
          + "\(shift.values.count)")
    }
    if let wrong = shift.values.first(where: { abs($0) > 1e9 }) {
      throw ValidationError("--shift: expected -1e9 to 1e9, found \(wrong)")
    }
    return shift.values
  }

  /// Makes and writes a field, and tells the truth about it.
  func run(
    _ field: some GeneratedField, truth: [(key: String, value: JSONValue)]
  ) throws {
    switch (shape.values.count, precision) {
    case (1, .float): try write(field, NDArray<1, Float>.self, truth)
    case (2, .float): try write(field, NDArray<2, Float>.self, truth)
    case (_, .float): try write(field, NDArray<3, Float>.self, truth)
    case (1, .double): try write(field, NDArray<1, Double>.self, truth)
    case (2, .double): try write(field, NDArray<2, Double>.self, truth)
    case (_, .double): try write(field, NDArray<3, Double>.self, truth)
    }
  }

  private func write<let rank: Int, S: RealScalar & CommandElement>(
    _ field: some GeneratedField, _ type: NDArray<rank, S>.Type,
    _ truth: [(key: String, value: JSONValue)]
  ) throws {
    let clock = ContinuousClock()
    let start = clock.now
    let extents = shape.values
    let array: NDArray<rank, S> = try field.image(Shape { extents[$0] })
    let timing = Timing(seconds: (clock.now - start).inSeconds)
    try S.write([array], to: output.output, range: output.range.range)
    var report = Report(
      title: "generate \(field.name)", algorithm: field.name, shape: extents, timing: timing)
    report.lines.removeFirst()
    report.addOutput(output.output, shape: extents, precision: precision)
    for (key, value) in truth { report.add(key, value.text, key: key, value) }
    try print(report)
  }

  /// Prints the object or the summary.
  func print(_ report: Report) throws(ConcordError) {
    if json {
      try Terminal.write(report.json.text + "\n")
    } else if !quiet && output.output != "-" {
      try Terminal.write(report.summary)
    }
  }
}

/// Something that can be generated for any shape.
protocol GeneratedField {
  var name: String { get }

  func image<let rank: Int, S: RealScalar>(
    _ shape: Shape<rank>
  ) throws(ConcordError) -> NDArray<rank, S>
}

/// A shift of the content.
struct ShiftArguments: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Move the content, one number for each axis, in pixels and parts of pixels.",
      valueName: "y,x"),
    transform: Numbers.parsed)
  var shift: Numbers?
}
