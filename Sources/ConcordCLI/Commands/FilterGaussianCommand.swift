import ArgumentParser
import Concord

/// The command `concord filter gaussian`.
struct GaussianCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gaussian", abstract: "Smooth by a Gaussian, or take its derivative.")

  @OptionGroup var filter: FilterArguments

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Standard deviation in pixels: one for all axes, or one for each; 0 leaves an axis as it is, "
        + "two numbers filter every image of a stack.", valueName: "s[,s…]"),
    transform: Numbers.parsed)
  var sigma: Numbers

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many sigma the taps reach (default: 4).", valueName: "t"))
  var truncate: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Instead of --truncate: how many elements the taps reach to each side, for all axes or for "
        + "each.", valueName: "n[,n…]"),
    transform: Offsets.parsed)
  var radius: Offsets?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Instead of taps that are cut off: the most that results may differ from the Gaussian's, "
        + "relative to the image's largest magnitude; 1e-4 makes large sigmas fast.",
      valueName: "e"))
  var tolerance: Double?

  @Option(
    help: ArgumentHelp(
      "taps, or fourier: a product of spectra with exp(-2 π² σ² ν²), for an image that is periodic."
    ))
  var method: GaussianMethod = .taps

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Order of the derivative: one for all axes, or one for each.", valueName: "n[,n…]"),
    transform: Offsets.parsed)
  var order: Offsets?

  @Option(
    help: ArgumentHelp(
      "How the image goes on beyond its edges (default: symmetric; fourier: wrap).",
      discussion: BoundaryArgument.help.discussion, valueName: "rule"))
  var boundary: BoundaryArgument?

  @Option(help: "The way to compute it; auto takes the fastest for the sizes.")
  var algorithm: ConvolutionAlgorithm = .automatic

  @OptionGroup var planning: EffortOptions

  func validate() throws {
    if let negative = sigma.values.first(where: { $0 < 0 }) {
      throw ValidationError("--sigma: expected at least 0, found \(negative)")
    }
    for (option, list) in [("--order", order), ("--radius", radius)] {
      guard let list, list.values.count != 1 else { continue }
      guard [1, list.values.count].contains(sigma.values.count) else {
        throw ValidationError(
          "\(option): expected as many numbers as --sigma, \(sigma.values.count), found "
            + "\(list.values.count)")
      }
    }
    if let order, let radius, order.values.count != 1, radius.values.count != 1,
      order.values.count != radius.values.count
    {
      throw ValidationError(
        "--radius: expected as many numbers as --order, \(order.values.count), found "
          + "\(radius.values.count)")
    }
    try checkReach()
    if let wrong = order?.values.first(where: { !(0...8).contains($0) }) {
      throw ValidationError("--order: expected 0 to 8, found \(wrong)")
    }
    if method == .fourier { try checkFourier() }
  }

  /// How far taps reach is said in one way.
  private func checkReach() throws {
    if let truncate, !(truncate > 0 && truncate.isFinite) {
      throw ValidationError("--truncate: expected a positive number, found \(truncate)")
    }
    if let tolerance, !(tolerance > 0 && tolerance < 1) {
      throw ValidationError("--tolerance: expected above 0 and below 1, found \(tolerance)")
    }
    if let wrong = radius?.values.first(where: { $0 < 0 }) {
      throw ValidationError("--radius: expected at least 0, found \(wrong)")
    }
    let given = reaches
    if given.count > 1 {
      throw ValidationError("\(given.joined(separator: " and ")): expected one of them, found both")
    }
  }

  private var reaches: [String] {
    (truncate == nil ? [] : ["--truncate"]) + (radius == nil ? [] : ["--radius"])
      + (tolerance == nil ? [] : ["--tolerance"])
  }

  private func checkFourier() throws {
    let others = reaches + (order == nil ? [] : ["--order"])
    if let other = others.first {
      throw ValidationError("\(other): expected --method taps, found fourier")
    }
    if let boundary, boundary.rule != .wrap {
      throw ValidationError(
        "--boundary: expected wrap for --method fourier, found \(boundary.rule)")
    }
    if ![.automatic, .fft].contains(algorithm) {
      throw ValidationError(
        "--algorithm: expected auto or fft for --method fourier, found \(algorithm.rawValue)")
    }
  }

  private var accuracy: GaussianAccuracy {
    if method == .fourier { return .fourier }
    if let radius { return .radius(radius.values) }
    return tolerance.map { .within($0) } ?? .truncated(truncate ?? 4)
  }

  func run() throws {
    let usual: Boundary = method == .fourier ? .wrap : .symmetric
    var options = ConvolutionOptions(mode: .same, boundary: boundary?.rule ?? usual)
    options.algorithm = algorithm
    options.threads = filter.job.machine.threads
    options.memoryLimit = filter.job.machine.memoryLimit?.bytes
    options.effort = planning.effort ?? filter.job.repetition.effort
    let counts = [sigma.values.count, order?.values.count ?? 1, radius?.values.count ?? 1]
    try filter.run(
      GaussianOperation(
        sigma: sigma.values, accuracy: accuracy, order: order?.values ?? [0], options: options),
      name: "gaussian", axes: counts.max() ?? 1)
  }
}

/// In which domain a Gaussian is multiplied or summed.
enum GaussianMethod: String, ExpressibleByArgument, CaseIterable {
  case taps, fourier
}
