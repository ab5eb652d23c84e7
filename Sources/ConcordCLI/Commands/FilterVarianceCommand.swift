import ArgumentParser
import Concord

/// The command `concord filter variance`.
struct VarianceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "variance", abstract: "Take the variance of a window around each pixel.")

  @OptionGroup var filter: FilterArguments
  @OptionGroup var window: SizeArguments
  @OptionGroup var freedom: FreedomArguments

  @Option(help: BoundaryArgument.help)
  var boundary = BoundaryArgument(.symmetric)

  func run() throws {
    try filter.run(.variance, name: "variance", size: window, boundary: boundary, freedom: freedom)
  }
}
