import ArgumentParser
import Concord
import ConcordFiles

/// What all filters are told alike.
struct FilterArguments: ParsableArguments {
  @Argument(help: "The image: a file, '-', or a quoted pattern or folder for a stack.")
  var image: String

  @OptionGroup var job: JobArguments

  /// Runs a filter; `axes` is how many numbers its size was given by.
  func run(
    _ operation: some ImageOperation, name: String, axes: Int, precision: Precision? = nil
  ) throws {
    try job.run("filter \(name)", reading: [image]) { (settings) throws(ConcordError) in
      var settings = settings
      settings.precision = precision ?? settings.precision
      let file = try readInput(image)
      try checkAxes(
        axes, of: file, option: name == "gaussian" ? "--sigma, --order, --radius" : "--size")
      return try ImageJob(
        title: "filter \(name) of \(file.summary)", inputs: [file], operation: operation,
        isPlanewise: axes == 2 && file.rank == 3, isComplex: file.isComplex, settings: settings
      ).run()
    }
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

/// What second moments are divided by.
struct FreedomArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Divide a variance, std or covariance by the count minus this; 1 is the sample's.",
      valueName: "n"))
  var ddof = 0

  func validate() throws {
    if !(0...1).contains(ddof) {
      throw ValidationError("--ddof: expected 0 or 1, found \(ddof)")
    }
  }
}

extension FilterArguments {
  /// Runs a filter by windows.
  func run(
    _ reduction: WindowReduction, name: String, size: SizeArguments, boundary: BoundaryArgument,
    freedom: FreedomArguments? = nil
  ) throws {
    try run(
      WindowOperation(
        statistic: .reduction(reduction), size: size.size.values,
        options: boundary.windows(job.machine),
        ddof: freedom?.ddof ?? 0),
      name: name, axes: size.size.values.count)
  }
}
