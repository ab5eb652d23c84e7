import ArgumentParser
import Concord

/// The command `concord filter max`.
struct MaximumCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "max", abstract: "Take the largest element of a window around each pixel.")

  @OptionGroup var filter: FilterArguments
  @OptionGroup var window: SizeArguments

  @Option(help: BoundaryArgument.help)
  var boundary = BoundaryArgument(.symmetric)

  func run() throws {
    try filter.run(.maximum, name: "max", size: window, boundary: boundary)
  }
}
