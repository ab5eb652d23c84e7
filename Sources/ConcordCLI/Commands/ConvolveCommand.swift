import ArgumentParser
import Concord

/// The command `concord convolve`.
struct ConvolveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convolve",
    abstract: "Convolve a signal, image, volume or stack with a kernel.",
    discussion: """
      out[n] = Σ kernel[j] image[n - j], as scipy.signal.convolve. Colour images are convolved \
      channel by channel.
      """)

  @Argument(help: "The image: a file, '-', or a quoted pattern or folder for a stack.")
  var image: String

  @Argument(help: KernelArgument.help, transform: KernelArgument.parsed)
  var kernel: KernelArgument

  @OptionGroup var convolution: ConvolutionArguments
  @OptionGroup var scaling: ScaleArguments
  @OptionGroup var job: JobArguments

  func validate() throws {
    try checkStandardInput([image, kernel.name])
  }

  func run() throws {
    try job.run("convolve", reading: [image, kernel.name]) { (settings) throws(ConcordError) in
      try ImageJob.resolve(
        KernelOperation(
          operation: .convolution, kernel: try ResolvedKernel(kernel),
          options: convolution.options(job.machine, job.repetition), scale: scaling.scale,
          offset: scaling.offset),
        verb: "convolve", image: image, settings: settings
      ).runAsSuits()
    }
  }
}

/// Refuses to read two arguments from standard input.
func checkStandardInput(_ names: [String]) throws {
  if names.filter({ $0 == "-" }).count > 1 {
    throw ValidationError("'-' is standard input, which can be read only once.")
  }
}
