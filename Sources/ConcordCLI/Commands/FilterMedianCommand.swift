import ArgumentParser
import Concord

/// The command `concord filter median`.
struct MedianCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "median", abstract: "Take the median of a window around each pixel.")

  @OptionGroup var filter: FilterArguments
  @OptionGroup var window: SizeArguments

  @Option(help: BoundaryArgument.help)
  var boundary = BoundaryArgument(.symmetric)

  func run() throws {
    try filter.run(.median, name: "median", size: window, boundary: boundary)
  }
}
