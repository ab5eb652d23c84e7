import ArgumentParser
import Concord
import NaiveReference

/// Convolution and correlation of images: every algorithm on the same data.
struct FilterSuite: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "filter", abstract: "Naive loops, direct sums and transforms, side by side.")

  enum Contestant: String, ExpressibleByArgument, CaseIterable {
    case naive, auto, direct, fft
    case overlapSave = "overlap-save"
  }

  @OptionGroup var suite: SuiteOptions

  @Option(parsing: .upToNextOption, help: "Image sizes, such as 512 or 480,640.")
  var images: [Size] = [Size(512)]

  @Option(parsing: .upToNextOption, help: "Kernel sizes.")
  var kernels: [Size] = [3, 7, 15, 31].map(Size.init)

  @Option(parsing: .upToNextOption, help: "naive, auto, direct, fft, overlap-save.")
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
    var session = try SuiteSession("filter", suite)
    for image in images {
      for kernel in kernels {
        try session.run("\(image) ⋆ \(kernel) \(mode) \(boundary)") {
          suite.precision == .float
            ? try compare(image, kernel, as: Float.self)
            : try compare(image, kernel, as: Double.self)
        }
      }
    }
  }

  private func compare<Scalar: RealScalar>(
    _ imageSize: Size, _ kernelSize: Size, as scalar: Scalar.Type
  ) throws -> [Entry] {
    let problem = Problem(
      .correlate, image: imageSize.extents, kernel: kernelSize.extents,
      precision: suite.precision, mode: options.mode, boundary: options.boundary)
    let inputs = try ProblemInputs<Scalar>(problem)
    let definition = Definition(problem, inputs)
    var contest = Contest()
    for algorithm in algorithms {
      if let name = ConvolutionAlgorithm(rawValue: algorithm.rawValue) {
        contest.admit(try concord(name, inputs, definition, limit: problem.errorLimit))
      } else if let naive = naive(inputs.image, inputs.other) {
        contest.admit(naive)
      }
    }
    try contest.demandAllRight()
    return try contest.hold(suite.policy).map { entrant, timing in
      var entry = Entry(
        suite: "filter", problem: "\(imageSize) ⋆ \(kernelSize) \(mode) \(boundary)",
        entrant: entrant, precision: suite.precision, timing: timing,
        work: (Double(inputs.image.count), "Gpx/s"))
      entry.place(problem.setting, image: problem.image, kernel: problem.kernel)
      let outputs = Double(problem.output.reduce(1, *))
      entry.bytes = (Double(inputs.image.count) + outputs) * Double(MemoryLayout<Scalar>.stride)
      if entrant.contender.name == "direct" {
        entry.operations = 2 * outputs * Double(inputs.other.count)
      }
      return entry
    }
  }

  private var options: ConvolutionOptions {
    var options = ConvolutionOptions(
      mode: ConvolutionMode(rawValue: mode) ?? .same, boundary: Boundary(boundary) ?? .zero)
    options.threads = suite.threads
    options.effort = effort.effort
    return options
  }

  /// One of Concord's algorithms, with its error against the definition.
  private func concord<Scalar: RealScalar>(
    _ algorithm: ConvolutionAlgorithm, _ inputs: ProblemInputs<Scalar>,
    _ definition: Definition<Scalar>, limit: Double
  ) throws -> Entrant {
    var forced = options
    forced.algorithm = algorithm
    let settled = forced
    let image = inputs.image
    let kernel = inputs.other
    let plan = try ConvolutionPlan(
      image: image.shape, kernel: kernel, .correlation, options: settled)
    let contender = Contender(name: algorithm.rawValue) { [planning] in
      let result =
        planning
        ? try image.correlated(with: kernel, options: settled) : try plan(image)
      blackHole(result.count)
    }
    return Entrant(
      contender: contender, strategy: "\(plan.choice.strategy)", threads: suite.threads,
      error: definition.error(of: try plan(image)), limit: limit)
  }

  /// The oracle's loops, where they end within a few seconds.
  private func naive<Scalar: RealScalar>(
    _ image: Image<Scalar>, _ kernel: Image<Scalar>
  ) -> Entrant? {
    guard Double(image.count) * Double(kernel.count) < 3e9 else { return nil }
    let pixels = NaiveArray(
      shape: image.shape.components, values: image.elements.map(Double.init))
    let taps = NaiveArray(
      shape: kernel.shape.components, values: kernel.elements.map(Double.init))
    let filter = NaiveFilter(
      .correlation, mode: mode == "full" ? .full : mode == "same" ? .same : .valid)
    let contender = Contender(name: "naive") {
      blackHole(try pixels.filtered(with: taps, filter).count)
    }
    return Entrant(
      contender: contender, strategy: "textbook loops in Double", threads: 1, error: 0, limit: 0)
  }
}
