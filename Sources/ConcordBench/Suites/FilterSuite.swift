import ArgumentParser
import Concord
import NaiveReference

/// Convolution and correlation of images: every algorithm on the same data.
struct FilterSuite: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "filter", abstract: "Naive loops, direct sums and transforms, side by side.")

  enum Contestant: String, ExpressibleByArgument, CaseIterable {
    case naive, auto, direct, fft, scipy
    case overlapSave = "overlap-save"
  }

  @OptionGroup var suite: SuiteOptions

  @Option(parsing: .upToNextOption, help: "Image sizes, such as 512 or 480,640.")
  var images: [Size] = [Size(512)]

  @Option(parsing: .upToNextOption, help: "Kernel sizes.")
  var kernels: [Size] = [3, 7, 15, 31].map(Size.init)

  @Option(
    parsing: .upToNextOption,
    help:
      "naive, auto, direct, fft, overlap-save; and scipy, which needs python3 with NumPy and SciPy."
  )
  var algorithms: [Contestant] = [.naive, .auto, .direct, .fft, .overlapSave]

  @Option(help: "full, same or valid.")
  var mode = "same"

  @Option(help: "The boundary rule, as for concord convolve.")
  var boundary = "zero"

  @Option(help: "How transforms are planned: estimate, measure or patient.")
  var effort = PlanningChoice.measure

  @Flag(help: "Prepare the kernel anew in each run, as a single call does.")
  var planning = false

  func validate() throws {
    guard ConvolutionMode(rawValue: mode) != nil else {
      throw ValidationError("--mode takes full, same or valid")
    }
    guard Boundary(boundary) != nil else {
      throw ValidationError("--boundary takes zero, constant:V, replicate, symmetric, …")
    }
  }

  func run() throws {
    var report = Report()
    report.printHeader()
    for image in images {
      for kernel in kernels {
        let entries =
          suite.precision == .float
          ? try compare(image, kernel, as: Float.self)
          : try compare(image, kernel, as: Double.self)
        try report.add(entries, json: suite.json)
      }
    }
  }

  private func compare<Scalar: RealScalar>(
    _ imageSize: Size, _ kernelSize: Size, as scalar: Scalar.Type
  ) throws -> [Entry] {
    let image: Image<Scalar> = randomImage(imageSize.rows, imageSize.columns, seed: 1)
    let kernel: Image<Scalar> = randomImage(kernelSize.rows, kernelSize.columns, seed: 2)
    var entrants: [(contender: Contender, strategy: String, error: Double)] = []
    for algorithm in algorithms {
      if algorithm == .naive {
        guard let naive = naive(image, kernel) else { continue }
        entrants.append((naive, "textbook loops in Double", 0))
      } else if algorithm == .scipy {
        guard let scipy = try scipy(image, kernel) else { continue }
        entrants.append(scipy)
      } else if let name = ConvolutionAlgorithm(rawValue: algorithm.rawValue) {
        entrants.append(try concord(name, image, kernel))
      }
    }
    let timings = try suite.policy.time(entrants.map(\.contender))
    let outputs = Double(image.count)
    return zip(entrants, timings).map { entrant, timing in
      Entry(
        suite: "filter", problem: "\(imageSize) ⋆ \(kernelSize) \(mode) \(boundary)",
        contender: (entrant.contender.name, entrant.strategy),
        setting: (suite.precision.rawValue, entrant.contender.name == "naive" ? 1 : suite.threads),
        error: entrant.error, timing: timing, work: (outputs, "Gpx/s"))
    }
  }

  private var options: ConvolutionOptions {
    var options = ConvolutionOptions(
      mode: ConvolutionMode(rawValue: mode) ?? .same, boundary: Boundary(boundary) ?? .zero)
    options.threads = suite.threads
    options.effort = effort.effort
    return options
  }

  /// One of Concord's algorithms, checked against the definition.
  private func concord<Scalar: RealScalar>(
    _ algorithm: ConvolutionAlgorithm, _ image: Image<Scalar>, _ kernel: Image<Scalar>
  ) throws -> (Contender, String, Double) {
    var forced = options
    forced.algorithm = algorithm
    let settled = forced
    let plan = try ConvolutionPlan(
      image: image.shape, kernel: kernel, .correlation, options: settled)
    let error = SampledReference.error(
      of: try plan(image), plan: plan, image: image, kernel: kernel)
    let limit = Scalar.self == Float.self ? 1e-4 : 1e-12
    guard error < limit else {
      throw ValidationError("\(algorithm.rawValue) is wrong: error \(error) above \(limit)")
    }
    let contender = Contender(name: algorithm.rawValue) { [planning] in
      let result =
        planning
        ? try image.correlated(with: kernel, options: settled) : try plan(image)
      blackHole(result.count)
    }
    return (contender, "\(plan.choice.strategy)", error)
  }

  /// SciPy's transforms, in turn with ours and checked as they are.
  private func scipy<Scalar: RealScalar>(
    _ image: Image<Scalar>, _ kernel: Image<Scalar>
  ) throws -> (Contender, String, Double)? {
    guard boundary == "zero" else {
      throw ValidationError("scipy takes part with the boundary zero only")
    }
    let mode = ConvolutionMode(rawValue: mode) ?? .same
    guard
      let peer = try SciPyPeer(image: image, kernel: kernel, mode: mode, threads: suite.threads)
    else { return nil }
    let plan = try ConvolutionPlan(
      image: image.shape, kernel: kernel, .correlation, options: options)
    let error = SampledReference.error(
      of: try peer.result(as: Scalar.self), plan: plan, image: image, kernel: kernel)
    return (
      Contender(name: "scipy") { try peer.run() },
      "\(peer.version), method fft, \(suite.threads) workers", error
    )
  }

  /// The oracle's loops, where they end within a few seconds.
  private func naive<Scalar: RealScalar>(
    _ image: Image<Scalar>, _ kernel: Image<Scalar>
  ) -> Contender? {
    guard Double(image.count) * Double(kernel.count) < 3e9 else { return nil }
    let pixels = NaiveArray(
      shape: image.shape.components, values: image.elements.map(Double.init))
    let taps = NaiveArray(
      shape: kernel.shape.components, values: kernel.elements.map(Double.init))
    let filter = NaiveFilter(
      .correlation, mode: mode == "full" ? .full : mode == "same" ? .same : .valid)
    return Contender(name: "naive") { blackHole(try pixels.filtered(with: taps, filter).count) }
  }
}

/// Keeps the optimizer from dropping a result.
@inline(never)
func blackHole(_ value: Int) {
  withExtendedLifetime(value) {}
}
