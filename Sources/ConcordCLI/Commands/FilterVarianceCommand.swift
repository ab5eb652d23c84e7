import ArgumentParser
import Concord

/// The command `concord filter variance`.
struct VarianceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "variance", abstract: "Take the variance of a window around each pixel.")

  @OptionGroup var filter: FilterArguments
  @OptionGroup var window: SizeArguments

  @Option(help: ArgumentHelp("Divide by the count minus this; 1 is the sample's.", valueName: "n"))
  var ddof = 0

  @Option(help: BoundaryArgument.help)
  var boundary = BoundaryArgument(.symmetric)

  func validate() throws {
    if !(0...1).contains(ddof) {
      throw ValidationError("--ddof: expected 0 or 1, found \(ddof)")
    }
  }

  func run() throws {
    try filter.run(.variance, name: "variance", size: window, boundary: boundary, ddof: ddof)
  }
}
