import ArgumentParser
import Concord

/// Gaussian filters of images, small and large sigmas: every way to compute them on the same data.
struct GaussianSuite: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gaussian", abstract: "Gaussian filters by every algorithm, side by side.")

  @OptionGroup var suite: SuiteOptions

  @Option(parsing: .upToNextOption, help: "Image sizes, such as 512 or 480,640.")
  var images: [Size] = [Size(2048)]

  @Option(parsing: .upToNextOption, help: "Standard deviations in pixels.")
  var sigmas: [Double] = [1, 3, 10, 50]

  @Option(parsing: .upToNextOption, help: "tolerance, auto, direct, separable, fft, overlap-save.")
  var algorithms = ["tolerance", "auto", "separable", "overlap-save"]

  @Option(help: "The boundary rule, as for concord filter.")
  var boundary = "symmetric"

  func validate() throws {
    guard Boundary(boundary) != nil else {
      throw ValidationError("--boundary takes zero, constant:V, replicate, symmetric, …")
    }
    for name in algorithms
    where ConvolutionAlgorithm(rawValue: name) == nil && name != "tolerance" {
      throw ValidationError("--algorithms: no algorithm is called \(name)")
    }
  }

  func run() throws {
    var session = try SuiteSession("gaussian", suite)
    for image in images {
      for sigma in sigmas {
        try session.run("\(image) sigma \(sigma) \(boundary)") {
          suite.precision == .float
            ? try compare(image, sigma, as: Float.self) : try compare(image, sigma, as: Double.self)
        }
      }
    }
  }

  private func compare<Scalar: RealScalar>(
    _ size: Size, _ sigma: Double, as scalar: Scalar.Type
  ) throws -> [Entry] {
    let problem = Problem(
      gaussian: sigma, image: size.extents, precision: suite.precision,
      boundary: Boundary(boundary) ?? .symmetric)
    let inputs = try ProblemInputs<Scalar>(problem)
    let definition = Definition(problem, inputs)
    var contest = Contest()
    for name in algorithms {
      let filter =
        name == "tolerance"
        ? try GaussianFilter<2, Scalar>(
          image: inputs.image.shape, sigma: [sigma], tolerance: problem.gaussianTolerance,
          options: options("auto"))
        : try GaussianFilter<2, Scalar>(
          image: inputs.image.shape, sigma: [sigma], options: options(name))
      let contender = Contender(name: name) { blackHole(try filter(inputs.image).count) }
      contest.admit(
        Entrant(
          contender: contender, strategy: "\(filter)",
          threads: suite.threads, error: definition.error(of: try filter(inputs.image)),
          limit: problem.errorLimit))
    }
    try contest.demandAllRight()
    return try contest.hold(suite.policy).map { entrant, timing in
      var entry = Entry(
        suite: "gaussian", problem: problem.title, entrant: entrant, precision: suite.precision,
        timing: timing, work: (Double(inputs.image.count), "Gpx/s"))
      entry.bytes = Double(2 * inputs.image.count * MemoryLayout<Scalar>.stride)
      entry.place(problem.setting, image: problem.image, kernel: problem.kernel)
      return entry
    }
  }

  private func options(_ name: String) -> ConvolutionOptions {
    var options = ConvolutionOptions(mode: .same, boundary: Boundary(boundary) ?? .symmetric)
    options.threads = suite.threads
    options.algorithm = ConvolutionAlgorithm(rawValue: name) ?? .automatic
    return options
  }
}
