import ArgumentParser
import Concord

/// The command `concord filter std`.
struct DeviationCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "std", abstract: "Take the standard deviation of a window around each pixel.")

  @OptionGroup var filter: FilterArguments
  @OptionGroup var window: SizeArguments
  @OptionGroup var freedom: FreedomArguments

  @Option(help: BoundaryArgument.help)
  var boundary = BoundaryArgument(.symmetric)

  func run() throws {
    try filter.run(
      .standardDeviation, name: "std", size: window, boundary: boundary, freedom: freedom)
  }
}
