import ArgumentParser
import Concord
import NaiveReference

/// Gaussian filters of images, small and large sigmas: every way to compute them on the same data.
struct GaussianSuite: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gaussian", abstract: "Gaussian filters by every algorithm, side by side.")

  @OptionGroup var suite: SuiteOptions

  @Option(parsing: .upToNextOption, help: "Image sizes, such as 512 or 480,640.")
  var images: [Size] = [Size(2048)]

  @Option(parsing: .upToNextOption, help: "Standard deviations in pixels.")
  var sigmas: [Double] = [1, 3, 10, 50]

  @Option(parsing: .upToNextOption, help: "auto, direct, separable, fft, overlap-save.")
  var algorithms = ["auto", "separable", "overlap-save"]

  @Option(help: "The boundary rule, as for concord filter.")
  var boundary = "symmetric"

  @Option(help: "How many sigma the taps reach.")
  var truncate = 4.0

  func validate() throws {
    guard Boundary(boundary) != nil else {
      throw ValidationError("--boundary takes zero, constant:V, replicate, symmetric, …")
    }
    for name in algorithms where ConvolutionAlgorithm(rawValue: name) == nil {
      throw ValidationError("--algorithms: no algorithm is called \(name)")
    }
  }

  func run() throws {
    var report = Report()
    report.printHeader()
    for image in images {
      for sigma in sigmas {
        let entries =
          suite.precision == .float
          ? try compare(image, sigma, as: Float.self) : try compare(image, sigma, as: Double.self)
        try report.add(entries, json: suite.json)
      }
    }
  }

  private func compare<Scalar: RealScalar>(
    _ size: Size, _ sigma: Double, as scalar: Scalar.Type
  ) throws -> [Entry] {
    let image: Image<Scalar> = randomImage(size.rows, size.columns, seed: 8)
    let entrants = try algorithms.map { try entrant($0, image, sigma) }
    let timings = try suite.policy.time(entrants.map(\.contender))
    return zip(entrants, timings).map { entrant, timing in
      Entry(
        suite: "gaussian", problem: "\(size) sigma \(sigma) \(boundary)",
        contender: (entrant.contender.name, entrant.strategy),
        setting: (suite.precision.rawValue, suite.threads), error: entrant.error, timing: timing,
        work: (Double(image.count), "Gpx/s"))
    }
  }

  private func entrant<Scalar: RealScalar>(
    _ name: String, _ image: Image<Scalar>, _ sigma: Double
  ) throws -> (contender: Contender, strategy: String, error: Double) {
    var options = ConvolutionOptions(mode: .same, boundary: Boundary(boundary) ?? .symmetric)
    options.threads = suite.threads
    options.algorithm = ConvolutionAlgorithm(rawValue: name) ?? .automatic
    let filter = try GaussianFilter<2, Scalar>(
      image: image.shape, sigma: [sigma], truncate: truncate, options: options)
    let plan = filter.plans[0]
    let taps = try Signal<Scalar>.gaussianTaps(sigma: sigma, truncate: truncate)
    let error = SampledReference.error(
      of: try filter(image), plan: plan, image: image, kernel: try .separable([taps, taps]),
      samples: 20)
    guard error < 1e-4 else { throw ValidationError("\(name) is wrong: error \(error)") }
    return (
      Contender(name: name) { blackHole(try filter(image).count) }, "\(plan.choice.strategy)", error
    )
  }
}
