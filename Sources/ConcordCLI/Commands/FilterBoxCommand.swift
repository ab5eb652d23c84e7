import ArgumentParser
import Concord

/// The command `concord filter box`.
struct BoxCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "box", abstract: "Take the mean of a window around each pixel.")

  @OptionGroup var filter: FilterArguments
  @OptionGroup var window: SizeArguments

  @Option(help: BoundaryArgument.help)
  var boundary = BoundaryArgument(.symmetric)

  func run() throws {
    try filter.run(.mean, name: "box", size: window, boundary: boundary)
  }
}
