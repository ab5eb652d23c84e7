import ArgumentParser
import Concord

/// The command `concord correlate`.
struct CorrelateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "correlate",
    abstract: "Correlate with a kernel, or find the lag between two signals.",
    discussion: """
      out[n] = Σ conj(kernel[j]) image[n + j], as scipy.signal.correlate: the kernel is not \
      flipped. With --lags, image and kernel are two signals and the output is a table of lag and \
      value, where a positive lag means that the first signal comes later. With --lag-range only \
      some lags are computed, of signals as of images: out[i] belongs to lag low + i.
      """)

  @Argument(help: "The image: a file, '-', or a quoted pattern or folder for a stack.")
  var image: String

  @Argument(help: KernelArgument.help, transform: KernelArgument.parsed)
  var kernel: KernelArgument

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The file to write: .npy, .tif, .png or .csv, or '-' for standard output (.npy); with --lags "
        + ".csv, or '-' for text, and not required."))
  var output: String?

  @Flag(help: "Correlate two signals and tell the lag of the largest value.")
  var lags = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The only lags that are wanted: the first and the last, for all axes or for each, such as "
        + "-5:5,-8:8.", valueName: "low:high[,low:high…]"),
    transform: LagRanges.parsed)
  var lagRange: LagRanges?

  @OptionGroup var range: RangeOptions
  @OptionGroup var convolution: ConvolutionArguments
  @OptionGroup var scaling: ScaleArguments
  @OptionGroup var machine: MachineOptions
  @OptionGroup var precision: PrecisionOptions
  @OptionGroup var repetition: RunOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    try checkName(output)
    try range.check(outputs: [output])
    try report.check(outputs: [output])
    try checkStandardInput([image, kernel.name])
    if !lags && output == nil { throw ValidationError("Missing expected argument '--output'") }
    if lagRange != nil && convolution.mode != .full {
      throw ValidationError(
        "--lag-range: expected no --mode, as the lags say what is wanted, found "
          + "\(convolution.mode.rawValue)")
    }
    guard lags else { return }
    if let count = lagRange?.ranges.count, count != 1 {
      throw ValidationError("--lag-range: expected one range for --lags, found \(count)")
    }
    if !scaling.isNeutral {
      throw ValidationError("--lags: expected no --scale and no --offset")
    }
    if let output, output != "-", !output.lowercased().hasSuffix(".csv") {
      throw ValidationError("--lags: expected an output that ends in .csv, found '\(output)'")
    }
  }

  func run() throws {
    let settings = JobSettings(
      precision: precision, run: repetition, output: output, range: range,
      progress: report.makeProgress("correlate"))
    var options = convolution.options(machine, repetition)
    if lags, let lagRange { options.lags = lagRange.ranges }
    let result = try naming([image, kernel.name]) { () throws(ConcordError) in
      let kernel = try ResolvedKernel(kernel)
      if lags {
        return try LagJob(
          first: try readInput(image), second: kernel, options: options, settings: settings
        ).run()
      }
      let operation = KernelOperation(
        operation: .correlation, kernel: kernel, options: options, scale: scaling.scale,
        offset: scaling.offset)
      let job = try ImageJob.resolve(
        operation, verb: "correlate", image: image, settings: settings)
      guard let lagRange else { return try job.runAsSuits() }
      return try job.run(lags: lagRange)
    }
    try report.print(result, outputs: [output])
  }
}
