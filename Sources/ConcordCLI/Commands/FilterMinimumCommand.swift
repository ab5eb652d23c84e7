import ArgumentParser
import Concord

/// The command `concord filter min`.
struct MinimumCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "min", abstract: "Take the smallest element of a window around each pixel.")

  @OptionGroup var filter: FilterArguments
  @OptionGroup var window: SizeArguments

  @Option(help: BoundaryArgument.help)
  var boundary = BoundaryArgument(.symmetric)

  func run() throws {
    try filter.run(.minimum, name: "min", size: window, boundary: boundary)
  }
}
