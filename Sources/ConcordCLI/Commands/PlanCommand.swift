import ArgumentParser
import Concord

/// The command `concord plan`.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show every way to compute a convolution, its predicted cost, and the choice.",
    discussion: "Nothing is computed. Memory is beside input and output.")

  @Option(
    help: ArgumentHelp("The extents of the image, outermost first.", valueName: "h,w"),
    transform: ExtentList.parsed)
  var image: ExtentList

  @Option(
    help: ArgumentHelp("The extents of the kernel, outermost first.", valueName: "h,w"),
    transform: ExtentList.parsed)
  var kernel: ExtentList

  @Option(help: "Which part of the result: all of it, as large as the image, or full overlap only.")
  var mode: ConvolutionMode = .full

  @Option(help: BoundaryArgument.help)
  var boundary = BoundaryArgument(.zero)

  @Option(help: "The precision of the numbers.")
  var precision: Precision = .float

  @Flag(help: "Complex image and kernel.")
  var complex = false

  @Option(
    help: ArgumentHelp(
      "Of how many products of one factor for each axis the kernel is a sum, if it is one: 1 for a "
        + "Gaussian, a box or Sobel's kernels.", valueName: "n"))
  var terms: Int?

  @Flag(help: "All elements of the kernel are equal, as those of a mean over windows are.")
  var box = false

  @Option(help: "The way to compute it; auto takes the fastest for the sizes.")
  var algorithm: ConvolutionAlgorithm = .automatic

  @OptionGroup var machine: MachineOptions

  @Flag(help: "Print one JSON object on standard output, and nothing else.")
  var json = false

  func validate() throws {
    if image.values.count != kernel.values.count {
      throw ValidationError(
        "--kernel: expected \(image.values.count) extents as --image has, found "
          + "\(kernel.values.count)")
    }
    if let terms, terms < 1 {
      throw ValidationError("--terms: expected at least 1, found \(terms)")
    }
    if box, let terms, terms != 1 {
      throw ValidationError("--box: expected --terms 1 or none, found \(terms)")
    }
    if box && complex { throw ValidationError("--box: expected a real kernel, found --complex") }
  }

  func run() throws {
    var options = ConvolutionOptions(mode: mode, boundary: boundary.rule)
    options.algorithm = algorithm
    options.threads = machine.threads
    options.memoryLimit = machine.memoryLimit?.bytes
    let samples: SampleKind =
      complex
      ? (precision == .float ? .complexFloat : .complexDouble)
      : (precision == .float ? .float : .double)
    let clock = ContinuousClock()
    let start = clock.now
    let forecast = try ConvolutionForecast(
      image: image.values, kernel: kernel.values, .convolution, samples: samples,
      separableTerms: terms, equalElements: box, options: options)
    let timing = Timing(seconds: (clock.now - start).inSeconds)
    let report = makeReport(forecast, timing, title: title(samples))
    try Terminal.write(json ? report.json.text + "\n" : report.title + "\n" + report.details)
  }

  private func title(_ samples: SampleKind) -> String {
    "convolution of \(Format.extents(image.values)) with \(Format.extents(kernel.values)), "
      + "mode \(mode.rawValue), boundary \(boundary.rule), "
      + "\(complex ? "complex " : "")\(precision.rawValue)"
  }

  private func makeReport(
    _ forecast: ConvolutionForecast, _ timing: Timing, title: String
  ) -> Report {
    let choice = forecast.choice
    var report = Report(
      title: title, algorithm: choice.strategy.algorithm.rawValue, shape: forecast.outputShape,
      timing: timing)
    report.fields += [
      ("strategy", .string(choice.strategy.description)),
      ("predicted_seconds", .number(choice.seconds)),
      ("predicted_bytes", .integer(choice.bytes)),
      (
        "candidates",
        .array(
          forecast.candidates.map { candidate in
            .object([
              ("algorithm", .string(candidate.strategy.algorithm.rawValue)),
              ("strategy", .string(candidate.strategy.description)),
              ("predicted_seconds", .number(candidate.seconds)),
              ("predicted_bytes", .integer(candidate.bytes)),
              ("chosen", .boolean(candidate == choice)),
            ])
          })
      ),
    ]
    let rows = forecast.candidates.map { candidate in
      [
        candidate == choice ? "  →" : "   ", candidate.strategy.description,
        Format.seconds(candidate.seconds), Format.bytes(candidate.bytes),
      ]
    }
    report.details =
      Format.table([["   ", "candidate", "time", "memory"]] + rows, leading: 2)
      + "the result is \(Format.extents(forecast.outputShape)); → marks the choice\n"
    return report
  }
}
