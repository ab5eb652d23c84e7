import ArgumentParser
import Concord

/// The command `concord filter std`.
struct DeviationCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "std", abstract: "Take the standard deviation of a window around each pixel.")

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
    try filter.run(.standardDeviation, name: "std", size: window, boundary: boundary, ddof: ddof)
  }
}
