import ArgumentParser
import Concord
import ConcordFiles

/// The command `concord pairs`.
struct PairsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pairs",
    abstract: "Filter every image of a stack with a kernel of its own, or all with one.",
    discussion: """
      Image i meets kernel i, and the results are a stack again. Thousands of small images are done \
      many at a time, without the cost of a call for each.
      """)

  @Argument(help: "The stack of images: a file with three axes, or a quoted pattern or folder.")
  var images: String

  @Argument(help: "The stack of kernels, as many as there are images, or one kernel.")
  var kernels: String

  @Option(help: "Whether kernels are mirrored (convolve) or not (correlate).")
  var operation: ConvolutionOperation = .convolution

  @OptionGroup var convolution: ConvolutionArguments
  @OptionGroup var job: JobArguments

  func validate() throws {
    try checkStandardInput([images, kernels])
    try convolution.checkIsRounded("pairs of images")
    if let effort = convolution.planning.effort {
      throw ValidationError(
        "--effort: expected none, as pairs have no plan that is kept, found \(effort.rawValue)")
    }
  }

  func run() throws {
    try job.run("pairs", reading: [images, kernels]) { (settings) throws(ConcordError) in
      let (images, kernels) = try readInputs(images, kernels)
      try checkGrey(kernels)
      if images.rank == 3 && kernels.rank == 3 && images.shape[0] != kernels.shape[0] {
        throw .file(
          path: kernels.path,
          problem: "expected \(images.shape[0]) kernels, one for each image of \(images.path), or "
            + "one for all, found \(kernels.shape[0])")
      }
      return try BankJob(
        kind: .pairs, image: images, kernels: kernels, operation: operation,
        options: convolution.options(job.machine, job.repetition), settings: settings
      ).run()
    }
  }
}
