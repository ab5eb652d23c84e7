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
      value, where a positive lag means that the first signal comes later.
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

  @OptionGroup var range: RangeOptions
  @OptionGroup var convolution: ConvolutionArguments
  @OptionGroup var scaling: ScaleArguments
  @OptionGroup var machine: MachineOptions
  @OptionGroup var precision: PrecisionOptions
  @OptionGroup var repetition: RunOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    try range.check(outputs: [output])
    try report.check(outputs: [output])
    try checkStandardInput([image, kernel.name])
    if !lags && output == nil { throw ValidationError("Missing expected argument '--output'") }
    guard lags else { return }
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
    let options = convolution.options(machine, repetition)
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
      return try ImageJob.resolve(
        operation, verb: "correlate", image: image, settings: settings
      ).runAsSuits()
    }
    try report.print(result, outputs: [output])
  }
}
