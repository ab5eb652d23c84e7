import ArgumentParser
import Concord
import ConcordFiles

/// The command `concord duplicates`.
struct DuplicatesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "duplicates",
    abstract: "Find blocks of a signal, an image or a volume that are alike.",
    discussion: """
      Every block is compared with every other by the correlation coefficient, in -1...1, whatever \
      brightness and contrast are. Blocks that overlap are not compared, and flat ones are left out. \
      Colour is compared by luminance.
      """)

  @Argument(help: "The array: a file, '-', or a quoted pattern or folder for a stack.")
  var image: String

  @Option(
    help: ArgumentHelp("The extents of a block, one for each axis.", valueName: "h,w"),
    transform: ExtentList.parsed)
  var block: ExtentList

  @Option(
    help: ArgumentHelp(
      "From one block to the next, one number for each axis (default: the block's extents).",
      valueName: "h,w"), transform: ExtentList.parsed)
  var step: ExtentList?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Tell only pairs of at least this score.", valueName: "t"))
  var threshold = 0.9

  @Option(help: ArgumentHelp("Tell the N pairs that are most alike.", valueName: "n"))
  var top = 1000

  @Option(
    name: .shortAndLong,
    help: "The table of pairs to write: .csv, or '-' for standard output.")
  var output: String?

  @OptionGroup var machine: MachineOptions
  @OptionGroup var precision: PrecisionOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    if let output, output != "-", !output.lowercased().hasSuffix(".csv") {
      throw ValidationError("--output: expected a name that ends in .csv, found '\(output)'")
    }
    try report.check(outputs: [output])
    if !(1...1_000_000).contains(top) {
      throw ValidationError("--top: expected 1 to 1000000, found \(top)")
    }
    if !(-1...1).contains(threshold) {
      throw ValidationError("--threshold: expected -1 to 1, found \(threshold)")
    }
    if let step, step.values.count != block.values.count {
      throw ValidationError(
        "--step: expected \(block.values.count) numbers as --block has, found \(step.values.count)")
    }
  }

  func run() throws {
    var options = BlockOptions()
    options.step = step?.values ?? []
    options.threshold = threshold
    options.count = top
    options.threads = machine.threads
    let result = try naming([image]) { () throws(ConcordError) in
      if let output { try ArrayFile.checkOutput(output) }
      return try DuplicatesJob(
        image: try readInput(image), block: block.values, options: options,
        precision: precision.precision, output: output
      ).run()
    }
    try report.print(result, outputs: [output])
  }
}
