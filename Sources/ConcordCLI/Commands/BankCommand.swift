public import ArgumentParser
public import Concord
import ConcordFiles

extension ConvolutionOperation: ExpressibleByArgument {
  /// The names on the command line.
  public init?(argument: String) {
    switch argument {
    case "convolve": self = .convolution
    case "correlate": self = .correlation
    default: return nil
    }
  }

  /// The name on the command line.
  public var defaultValueDescription: String {
    self == .convolution ? "convolve" : "correlate"
  }

  /// The names on the command line.
  public static var allValueStrings: [String] { ["convolve", "correlate"] }
}

/// The command `concord bank`.
struct BankCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bank",
    abstract: "Filter an image with many kernels at once.",
    discussion: """
      The kernels are the planes of a stack; so are the results, for each colour of the image. The \
      image is gathered, or transformed, once for all of them. With --stride, every so many rows and columns of the \
      results are kept, from the first on.
      """)

  @Argument(help: "The image.")
  var image: String

  @Argument(help: BankArgument.help, transform: BankArgument.parsed)
  var kernels: BankArgument

  @Option(help: "Whether kernels are mirrored (convolve) or not (correlate).")
  var operation: ConvolutionOperation = .correlation

  @Option(
    help: ArgumentHelp("How many rows and columns outputs are apart.", valueName: "r,c"),
    transform: ExtentList.parsed)
  var stride: ExtentList?

  @OptionGroup var convolution: ConvolutionArguments
  @OptionGroup var job: JobArguments

  func validate() throws {
    try checkStandardInput([image, kernels.name])
    try convolution.checkIsRounded("a bank of kernels")
    if let stride, stride.values.count != 2 {
      throw ValidationError("--stride: expected 2 numbers, found \(stride.values.count)")
    }
  }

  func run() throws {
    try job.run("bank", reading: [image, kernels.name]) { (settings) throws(ConcordError) in
      let image = try readInput(image)
      let kernels = try kernels.stack()
      try checkGrey(kernels)
      return try BankJob(
        kind: .bank(stride: stride?.values ?? [1, 1]), image: image, kernels: kernels,
        operation: operation, options: convolution.options(job.machine, job.repetition),
        settings: settings
      ).run()
    }
  }
}
