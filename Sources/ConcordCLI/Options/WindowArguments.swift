public import ArgumentParser
public import Concord

extension FlatWindowScore: ExpressibleByArgument {}

/// A window: its extents, or the Gaussian that weights what is around each element.
struct WindowArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Extents of the window: one for all axes, or one for each; two filter every image of a stack. "
        + "An even window has its centre at extent/2.", valueName: "h,w"),
    transform: ExtentList.parsed)
  var size: ExtentList?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "In place of --size, for variance, covariance and correlation: the standard deviation of "
        + "Gaussian weights, for all axes or for each.", valueName: "s[,s…]"),
    transform: Numbers.parsed)
  var sigma: Numbers?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "With --sigma: how many sigma the weights reach (default: 4).", valueName: "t"))
  var truncate: Double?

  func validate() throws {
    if (size == nil) == (sigma == nil) {
      throw ValidationError(
        "--size, --sigma: expected one of them, found \(size == nil ? "none" : "both")")
    }
    if let wrong = sigma?.values.first(where: { $0 < 0 }) {
      throw ValidationError("--sigma: expected at least 0, found \(wrong)")
    }
    guard let truncate else { return }
    if sigma == nil { throw ValidationError("--truncate: expected --sigma beside it") }
    if !(truncate > 0 && truncate.isFinite) {
      throw ValidationError("--truncate: expected a positive number, found \(truncate)")
    }
  }

  /// How many axes the window was given by.
  var axes: Int { size?.values.count ?? sigma?.values.count ?? 1 }

  /// The option that gave it.
  var option: String { size == nil ? "--sigma" : "--size" }
}

extension BoundaryArgument {
  /// The options of Gaussian weights under this rule.
  func weighted(_ machine: MachineOptions, _ run: RunOptions) -> ConvolutionOptions {
    var options = ConvolutionOptions(mode: .same, boundary: rule)
    options.threads = machine.threads
    options.memoryLimit = machine.memoryLimit?.bytes
    options.effort = run.effort
    return options
  }
}
