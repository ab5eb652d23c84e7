public import ArgumentParser
import Concord

extension ConvolutionMode: ExpressibleByArgument {}
extension Effort: ExpressibleByArgument {}
extension ConvolutionAlgorithm: ExpressibleByArgument {}
extension RowMeasure: ExpressibleByArgument {}

/// A boundary rule as an argument.
struct BoundaryArgument: ExpressibleByArgument, Sendable {
  let rule: Boundary

  init(_ rule: Boundary) {
    self.rule = rule
  }

  init?(argument: String) {
    guard let rule = Boundary(argument) else { return nil }
    if case .constant(let value) = rule, !value.isFinite { return nil }
    self.rule = rule
  }

  var defaultValueDescription: String { rule.description }

  /// The options of windows under this rule.
  func windows(_ machine: MachineOptions) -> WindowOptions {
    var options = WindowOptions(boundary: rule)
    options.threads = machine.threads
    options.memoryLimit = machine.memoryLimit?.bytes
    return options
  }

  static let allValueStrings = [
    "zero", "constant:VALUE", "replicate", "symmetric", "reflect", "wrap", "renormalize",
  ]

  static let help = ArgumentHelp(
    "How the image goes on beyond its edges.",
    discussion: """
      replicate    aaa|abcd|ddd    the nearest element of the edge
      symmetric    cba|abcd|dcb    a mirror beside the edge
      reflect      dcb|abcd|cba    a mirror on the edge
      wrap         bcd|abcd|abc    periodic
      renormalize  the window shrinks, its weights keep their sum
      """,
    valueName: "rule")
}

/// A convention of the centre of a kernel as an argument: a name, or the index of the centre.
struct AnchorArgument: ExpressibleByArgument, Sendable {
  let anchor: KernelAnchor

  init(_ anchor: KernelAnchor) {
    self.anchor = anchor
  }

  private static let names: [(String, KernelAnchor)] = [
    ("scipy", .scipy), ("correlate2d", .correlate2d), ("ndimage", .ndimage), ("opencv", .opencv),
    ("matlab", .matlab),
  ]

  init?(argument: String) {
    if let named = Self.names.first(where: { $0.0 == argument }) {
      anchor = named.1
    } else if let index = integers(argument), index.allSatisfy({ $0 >= 0 }) {
      anchor = .index(index)
    } else {
      return nil
    }
  }

  var defaultValueDescription: String {
    Self.names.first { $0.1 == anchor }?.0 ?? "\(anchor)"
  }

  static let allValueStrings = names.map(\.0) + ["R,C"]

  /// The same centre for one axis less.
  var isIndex: Bool {
    if case .index = anchor { return true }
    return false
  }
}

/// How right sums have to be, as an argument.
struct ExactnessArgument: ExpressibleByArgument, Sendable {
  let exactness: ConvolutionExactness

  init(_ exactness: ConvolutionExactness) {
    self.exactness = exactness
  }

  init?(argument: String) {
    switch argument {
    case "rounded": exactness = .rounded
    case "local": exactness = .local
    default:
      guard argument.hasPrefix("integers:"), let limit = Double(argument.dropFirst(9)),
        limit >= 0, limit.rounded() == limit, limit <= 0x1p53
      else { return nil }
      exactness = .integers(magnitude: limit)
    }
  }

  var defaultValueDescription: String { "rounded" }

  /// The exactness as it is written.
  var text: String {
    switch exactness {
    case .rounded: "rounded"
    case .local: "local"
    case .integers(let limit): "integers:\(limit)"
    }
  }

  static let allValueStrings = ["rounded", "local", "integers:MAX"]

  static let help = ArgumentHelp(
    "How right every sum has to be.",
    discussion: """
      rounded       relative to the largest values that transforms see
      local         relative to what is under each window
      integers:MAX  exactly; image and kernel hold integers, the image none above MAX
      """,
    valueName: "exactness")
}

/// How a convolution or correlation is asked for.
struct ConvolutionArguments: ParsableArguments {
  @Option(help: "Which part of the result: all of it, as large as the image, or full overlap only.")
  var mode: ConvolutionMode = .full

  @Option(help: BoundaryArgument.help)
  var boundary = BoundaryArgument(.zero)

  @Option(help: "The way to compute it; auto takes the fastest for the sizes.")
  var algorithm: ConvolutionAlgorithm = .automatic

  @Option(help: ExactnessArgument.help)
  var exactness = ExactnessArgument(.rounded)

  @Option(
    help: ArgumentHelp(
      "Whose convention puts the centre of even kernels in mode same, or the centre's index "
        + "(default: scipy).", valueName: "convention"))
  var anchor: AnchorArgument?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Shift the centre in mode same, one number for each axis, as scipy.ndimage does.",
      valueName: "r,c"),
    transform: Offsets.parsed)
  var origin: Offsets?

  @OptionGroup var planning: EffortOptions

  func validate() throws {
    let given = (anchor == nil ? [] : ["--anchor"]) + (origin == nil ? [] : ["--origin"])
    if let option = given.first, mode != .same {
      throw ValidationError(
        "\(option): expected --mode same, which has a centre, found \(mode.rawValue)")
    }
  }

  /// Refuses what only single kernels can promise of their results.
  func checkIsRounded(_ what: String) throws {
    if exactness.exactness != .rounded {
      throw ValidationError(
        "--exactness: expected 'rounded' for \(what), found '\(exactness.text)'")
    }
  }

  /// The options of a plan.
  func options(_ machine: MachineOptions, _ run: RunOptions) -> ConvolutionOptions {
    var options = ConvolutionOptions(mode: mode, boundary: boundary.rule)
    options.anchor = anchor?.anchor ?? .scipy
    options.origin = origin?.values ?? []
    options.algorithm = algorithm
    options.exactness = exactness.exactness
    options.threads = machine.threads
    options.memoryLimit = machine.memoryLimit?.bytes
    options.effort = planning.effort ?? run.effort
    return options
  }
}

/// What is done to the values of a result.
struct ScaleArguments: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Multiply the result with a number.", valueName: "s"))
  var scale: Double = 1

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Add a number to the (scaled) result.", valueName: "d"))
  var offset: Double = 0

  func validate() throws {
    for (option, value) in [("--scale", scale), ("--offset", offset)] where !value.isFinite {
      throw ValidationError("\(option): expected a finite number, found \(value)")
    }
  }

  var isNeutral: Bool { scale == 1 && offset == 0 }
}
