import ArgumentParser
import Concord
import ConcordFiles

/// What all filters are told alike.
struct FilterArguments: ParsableArguments {
  @Argument(help: "The image: a file, '-', or a quoted pattern or folder for a stack.")
  var image: String

  @OptionGroup var output: OutputOptions
  @OptionGroup var machine: MachineOptions
  @OptionGroup var precision: PrecisionOptions
  @OptionGroup var repetition: RunOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    try report.check(outputs: [output.output])
  }

  /// Runs a filter; `axes` is how many numbers its size was given by.
  func run(_ operation: some ImageOperation, name: String, axes: Int) throws {
    let settings = JobSettings(
      precision: precision, run: repetition, output: output.output, range: output.range,
      progress: report.makeProgress("filter \(name)"))
    let result = try naming([image]) { () throws(ConcordError) in
      let file = try readInput(image)
      try checkAxes(axes, of: file, option: name == "gaussian" ? "--sigma, --order" : "--size")
      return try ImageJob(
        title: "filter \(name) of \(file.summary)", inputs: [file], operation: operation,
        isPlanewise: axes == 2 && file.rank == 3, isComplex: file.isComplex, settings: settings
      ).run()
    }
    try report.print(result, outputs: [output.output])
  }
}

/// Refuses a list that has neither one number, nor one for each axis, nor two for a stack's images.
func checkAxes(_ count: Int, of file: FileArray, option: String) throws(ConcordError) {
  guard count == 1 || count == file.rank || (count == 2 && file.rank == 3) else {
    let allowed = file.rank == 1 ? "1 number" : file.rank == 2 ? "1 or 2 numbers" : "1 to 3 numbers"
    throw .file(
      path: file.path,
      problem: "\(option): expected \(allowed) for \(file.rank) dimension"
        + "\(file.rank == 1 ? "" : "s"), found \(count)")
  }
}

/// The extents of a window.
struct SizeArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Extents of the window: one for all axes, or one for each; two filter every image of a stack. "
        + "An even window has its centre at extent/2.", valueName: "h,w"),
    transform: ExtentList.parsed)
  var size: ExtentList
}

extension FilterArguments {
  /// Runs a filter by windows.
  func run(
    _ reduction: WindowReduction, name: String, size: SizeArguments, boundary: BoundaryArgument,
    ddof: Int = 0
  ) throws {
    var options = WindowOptions(boundary: boundary.rule)
    options.threads = machine.threads
    options.memoryLimit = machine.memoryLimit?.bytes
    try run(
      WindowOperation(
        statistic: .reduction(reduction), size: size.size.values, options: options, ddof: ddof),
      name: name, axes: size.size.values.count)
  }
}
