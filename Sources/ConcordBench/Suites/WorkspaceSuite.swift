import ArgumentParser
import Concord
import ConcordBackends

/// What a workspace saves: calls of one plan that make their memory, and calls that find it.
struct WorkspaceSuite: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "workspace",
    abstract: "Calls of plans with and without a workspace, and the blocks that they ask for.")

  @OptionGroup var suite: SuiteOptions

  @Option(parsing: .upToNextOption, help: "Image sizes, such as 512 or 480,640.")
  var images: [Size] = [Size(256), Size(1024), Size(4096)]

  @Option(help: "The kernel's rows and columns.")
  var kernel = 15

  @Option(parsing: .upToNextOption, help: "auto, direct, separable, fft, overlap-save.")
  var algorithms = ["direct", "fft", "overlap-save"]

  func validate() throws {
    for name in algorithms where ConvolutionAlgorithm(rawValue: name) == nil {
      throw ValidationError("--algorithms: no algorithm is called \(name)")
    }
  }

  func run() throws {
    var session = try SuiteSession("workspace", suite)
    for image in images {
      for name in algorithms {
        try session.run("\(image) with \(kernel)×\(kernel) \(name)") {
          suite.precision == .float
            ? try compare(image, name, as: Float.self) : try compare(image, name, as: Double.self)
        }
      }
    }
  }

  private func compare<Scalar: RealScalar>(
    _ size: Size, _ name: String, as scalar: Scalar.Type
  ) throws -> [Entry] {
    let image = Image<Scalar>(shape: Shape(rows: size.rows, columns: size.columns)) {
      Scalar(($0.row * 31 + $0.column * 17) % 101)
    }
    let weights = Image<Scalar>(shape: Shape(rows: kernel, columns: kernel)) {
      Scalar(($0.row + $0.column * $0.row) % 7 + 1)
    }
    var options = ConvolutionOptions(mode: .same, boundary: .reflect)
    options.algorithm = ConvolutionAlgorithm(rawValue: name) ?? .automatic
    options.threads = suite.threads
    let plan = try ConvolutionPlan(
      image: image.shape, kernel: weights, .convolution, options: options)
    let calls = Calls(plan, image)
    let expected = try plan(image)
    try calls.runInWorkspace()
    // A workspace changes no bit, so that nothing but equality will do.
    let error = calls.result == expected ? 0 : Double.infinity
    var contest = Contest()
    let contenders: [(String, () throws -> Void)] = [
      ("plain", calls.runPlainly), ("workspace", calls.runInWorkspace),
    ]
    for (way, run) in contenders {
      let before = SystemMemory.allocations
      for _ in 0..<Self.counted { try run() }
      let blocks = Double(SystemMemory.allocations - before) / Double(Self.counted)
      contest.admit(
        Entrant(
          contender: Contender(name: "\(name) \(way)", run: run),
          strategy: "\(plan.choice.strategy), \(blocks) blocks a call", threads: suite.threads,
          error: error, limit: 0))
    }
    try contest.demandAllRight()
    return try contest.hold(suite.policy).map { entrant, timing in
      Entry(
        suite: "workspace", problem: "\(size) with \(kernel)×\(kernel)", entrant: entrant,
        precision: suite.precision, timing: timing, work: (Double(image.count), "Gpx/s"))
    }
  }

  /// Calls over which blocks are counted.
  private static let counted = 10
}

/// Both kinds of calls of one plan.
private final class Calls<Scalar: RealScalar> {
  private let plan: ConvolutionPlan<2, Scalar>
  private let image: Image<Scalar>
  private var workspace: Workspace
  private(set) var result: Image<Scalar>

  init(_ plan: ConvolutionPlan<2, Scalar>, _ image: Image<Scalar>) {
    self.plan = plan
    self.image = image
    workspace = plan.makeWorkspace()
    result = Image(shape: plan.outputShape, repeating: 0)
  }

  func runPlainly() throws { blackHole(try plan(image).count) }

  func runInWorkspace() throws { try plan(image, into: &result, using: &workspace) }
}
