public import ArgumentParser
public import Concord

extension TemplateSampling: ExpressibleByArgument {}

/// What becomes of templates before they are looked for.
struct VariantArguments: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Look for templates turned by these angles, in degrees counter-clockwise, such as 0:350:10 or "
        + "-5,0,5 (default: 0).",
      discussion: """
        A template that is turned is the largest upright rectangle of it that has no corner outside: a \
        square turned by 45 degrees keeps half of its area.
        """, valueName: "list"), transform: NumberSeries.parsed)
  var rotations: NumberSeries?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Look for templates so many times as large, such as 0.8,1,1.25 or 0.5:2:0.25 (default: 1).",
      valueName: "list"), transform: NumberSeries.parsed)
  var scales: NumberSeries?

  @Option(
    help: "How templates are read between their pixels to be turned and enlarged (default: cubic).")
  var interpolation: TemplateSampling?

  @Option(
    help: ArgumentHelp(
      "Of several templates: the file for the number of the best one at each place, -1 where none has a "
        + "score.", valueName: "file"))
  var indexMap: String?

  func validate() throws {
    if let scale = scales?.values.first(where: { !(0.01...100).contains($0) }) {
      throw ValidationError("--scales: expected numbers of 0.01 to 100, found \(scale)")
    }
    if interpolation != nil && rotations == nil && scales == nil {
      throw ValidationError("--interpolation: expected --rotations or --scales beside it")
    }
    guard let indexMap else { return }
    let ending = indexMap.lowercased()
    guard ending.hasSuffix(".npy") || ending.hasSuffix(".tif") || ending.hasSuffix(".tiff") else {
      throw ValidationError(
        "--index-map: expected a name that ends in .npy, .tif or .tiff, found '\(indexMap)'")
    }
  }

  /// Whether templates are turned or enlarged.
  var isAsked: Bool { rotations != nil || scales != nil }
}

/// Numbers between commas, or evenly spaced from a first to a last one.
struct NumberSeries: ExplainedArgument, Sendable {
  static let expected =
    "numbers between commas such as 0.8,1,1.25, or a first, a last and a step such as 0:350:10, at "
    + "most 10000"

  let values: [Double]

  private static let limit = 10_000

  init?(argument: String) {
    guard argument.contains(":") else {
      guard let values = numbers(argument, atMost: Self.limit) else { return nil }
      self.values = values
      return
    }
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
    let bounds = parts.compactMap { Double($0) }
    guard parts.count == 3, bounds.count == 3, bounds.allSatisfy(\.isFinite), bounds[2] != 0
    else { return nil }
    let steps = ((bounds[1] - bounds[0]) / bounds[2] + 1e-9).rounded(.down)
    guard steps >= 0, steps < Double(Self.limit) else { return nil }
    values = (0...Int(steps)).map { bounds[0] + Double($0) * bounds[2] }
  }
}
