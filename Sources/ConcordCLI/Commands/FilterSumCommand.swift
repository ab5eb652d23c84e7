import ArgumentParser
import Concord

/// The command `concord filter sum`.
struct SumCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sum", abstract: "Take the sum of a window around each pixel.")

  @OptionGroup var filter: FilterArguments
  @OptionGroup var window: SizeArguments

  @Option(help: BoundaryArgument.help)
  var boundary = BoundaryArgument(.zero)

  func run() throws {
    try filter.run(.sum, name: "sum", size: window, boundary: boundary)
  }
}
