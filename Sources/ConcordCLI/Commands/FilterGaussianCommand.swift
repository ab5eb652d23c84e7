import ArgumentParser
import Concord

/// The command `concord filter gaussian`.
struct GaussianCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gaussian", abstract: "Smooth by a Gaussian, or take its derivative.")

  @OptionGroup var filter: FilterArguments

  @Option(
    help: ArgumentHelp(
      "Standard deviation in pixels: one for all axes, or one for each; 0 leaves an axis as it is, "
        + "two numbers filter every image of a stack.", valueName: "s[,s…]"),
    transform: Numbers.parsed)
  var sigma: Numbers

  @Option(
    help: ArgumentHelp("How many sigma the taps reach (default: 4).", valueName: "t"))
  var truncate: Double?

  @Option(
    help: ArgumentHelp(
      "Instead of taps that are cut off: the most that results may differ from the Gaussian's, "
        + "relative to the image's largest magnitude; 1e-4 makes large sigmas fast.",
      valueName: "e"))
  var tolerance: Double?

  @Option(
    help: ArgumentHelp(
      "Order of the derivative: one for all axes, or one for each.", valueName: "n[,n…]"),
    transform: Offsets.parsed)
  var order: Offsets?

  @Option(help: BoundaryArgument.help)
  var boundary = BoundaryArgument(.symmetric)

  @Option(help: "The way to compute it; auto takes the fastest for the sizes.")
  var algorithm: ConvolutionAlgorithm = .automatic

  func validate() throws {
    if let order, order.values.count != 1, ![1, order.values.count].contains(sigma.values.count) {
      throw ValidationError(
        "--order: expected as many numbers as --sigma, \(sigma.values.count), found "
          + "\(order.values.count)")
    }
    if let negative = sigma.values.first(where: { $0 < 0 }) {
      throw ValidationError("--sigma: expected at least 0, found \(negative)")
    }
    if let truncate, !(truncate > 0 && truncate.isFinite) {
      throw ValidationError("--truncate: expected a positive number, found \(truncate)")
    }
    if let tolerance, !(tolerance > 0 && tolerance < 1) {
      throw ValidationError("--tolerance: expected above 0 and below 1, found \(tolerance)")
    }
    if truncate != nil && tolerance != nil {
      throw ValidationError("--truncate and --tolerance: expected one of them, found both")
    }
    if let wrong = order?.values.first(where: { !(0...8).contains($0) }) {
      throw ValidationError("--order: expected 0 to 8, found \(wrong)")
    }
  }

  func run() throws {
    var options = ConvolutionOptions(mode: .same, boundary: boundary.rule)
    options.algorithm = algorithm
    options.threads = filter.job.machine.threads
    options.memoryLimit = filter.job.machine.memoryLimit?.bytes
    options.effort = filter.job.repetition.effort
    try filter.run(
      GaussianOperation(
        sigma: sigma.values, accuracy: tolerance.map { .within($0) } ?? .truncated(truncate ?? 4),
        order: order?.values ?? [0], options: options),
      name: "gaussian", axes: max(sigma.values.count, order?.values.count ?? 1))
  }
}
