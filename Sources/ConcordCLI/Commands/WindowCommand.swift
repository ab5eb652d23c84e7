import ArgumentParser
import Concord
import ConcordFiles

/// The command `concord window`.
struct WindowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "window",
    abstract:
      "Reduce the windows of an expression of one or two images, or compare two in windows.",
    discussion: """
      The expression is computed for each pixel in double, a being the first image and b the \
      second: + - * / ^ ( ) numbers abs sqrt exp log min max. By default windows shrink at the \
      edges: a sum is over what is inside, and a mean is divided by the true count. Covariance and \
      correlation are those of both images and take no expression; a correlation is 0, or NaN with \
      --flat nan, where either image is flat. With --sigma in place of --size, elements are weighted \
      by a Gaussian.
      """)

  @Argument(help: "The image a: a file, '-', or a quoted pattern or folder for a stack.")
  var first: String

  @Argument(help: "The image b, of the same shape.")
  var second: String?

  @Option(
    parsing: .unconditional, help: "What is computed of each pixel.",
    transform: WindowCommand.parsed)
  var expression: PixelExpression?

  @Option(help: "What becomes of a window.")
  var reduce: WindowStatistic

  @OptionGroup var freedom: FreedomArguments
  @OptionGroup var window: WindowArguments

  @Option(help: "What a correlation is where either image is flat: zero or nan (default: zero).")
  var flat: FlatWindowScore?

  @Option(help: BoundaryArgument.help)
  var boundary = BoundaryArgument(.renormalize)

  @OptionGroup var job: JobArguments

  private static func parsed(_ text: String) throws -> PixelExpression {
    do throws(ConcordError) {
      return try PixelExpression(text)
    } catch {
      throw ValidationError(error.description)
    }
  }

  func validate() throws {
    try checkStandardInput([first, second ?? ""])
    if freedom.ddof != 0 && !reduce.hasDegreesOfFreedom {
      throw ValidationError(
        "--ddof: expected --reduce variance, std or covariance, found \(reduce.name)")
    }
    if flat != nil && reduce != .correlation {
      throw ValidationError("--flat: expected --reduce correlation, found \(reduce.name)")
    }
    if window.sigma != nil { try checkGaussian() }
    try reduce.isJoint ? checkJoint() : checkExpression()
  }

  /// Gaussian weights are for second moments of the images themselves.
  private func checkGaussian() throws {
    guard [.reduction(.variance), .covariance, .correlation].contains(reduce) else {
      throw ValidationError(
        "--sigma: expected --reduce variance, covariance or correlation, found \(reduce.name)")
    }
    if freedom.ddof != 0 { throw ValidationError("--ddof: expected --size, found --sigma") }
    if expression != nil {
      throw ValidationError(
        "--sigma: expected no --expression, found '\(expression.map { "\($0)" } ?? "")'")
    }
  }

  private func checkJoint() throws {
    if expression != nil {
      throw ValidationError("--reduce \(reduce.name): expected no --expression")
    }
    if second == nil { throw ValidationError("--reduce \(reduce.name): expected a second image") }
  }

  private func checkExpression() throws {
    guard let expression else {
      if second == nil { return }
      throw ValidationError("Missing expected argument '--expression <expression>'")
    }
    if expression.usesSecond && second == nil {
      throw ValidationError("--expression '\(expression)': expected a second image for b")
    }
    if !expression.usesSecond, let second {
      throw ValidationError("--expression '\(expression)': expected b in it, as \(second) is given")
    }
  }

  func run() throws {
    let names = [first] + (second.map { [$0] } ?? [])
    try job.run("window", reading: names) { (settings) throws(ConcordError) in
      var inputs = [try readInput(first)]
      if let second { inputs.append(try readInput(second)) }
      for input in inputs where input.shape != inputs[0].shape {
        throw .file(
          path: input.path,
          problem: "expected the shape of \(inputs[0].path), "
            + "\(Format.extents(inputs[0].shape)), found \(Format.extents(input.shape))")
      }
      try checkAxes(window.axes, of: inputs[0], option: window.option)
      guard let sigma = window.sigma?.values else {
        return try run(windows, inputs, settings)
      }
      return try run(
        GaussianWindowOperation(
          statistic: reduce, sigma: sigma, truncate: window.truncate ?? 4, flat: flat ?? .zero,
          options: boundary.weighted(job.machine, job.repetition)),
        inputs, settings)
    }
  }

  private var windows: WindowOperation {
    WindowOperation(
      statistic: reduce, size: window.size?.values ?? [1], options: boundary.windows(job.machine),
      ddof: freedom.ddof, flat: flat ?? .zero, expression: expression)
  }

  private func run(
    _ operation: some ImageOperation, _ inputs: [FileArray], _ settings: JobSettings
  ) throws(ConcordError) -> Report {
    try ImageJob(
      title: "window \(reduce.name) of " + (expression.map { "\($0), " } ?? "")
        + inputs.map(\.summary).joined(separator: " and "),
      inputs: inputs, operation: operation,
      isPlanewise: window.axes == 2 && inputs[0].rank == 3,
      isComplex: inputs.contains(where: \.isComplex), settings: settings
    ).run()
  }
}
