import ConcordArrays
import ConcordBackends
import Foundation

/// How pairs of images and kernels are computed.
package enum PairStrategy: Hashable, Sendable {
  /// Each by a strategy of its own, one after the other or shared out.
  case each(ConvolutionStrategy)
  /// Two pairs at a time in tiles of such lengths.
  case tiles(rows: Int, columns: Int)
}

/// Many pairs of images and kernels of the same shapes, and the way to compute them.
struct PairPlan: Sendable {
  let count: Int
  let geometry: ConvolutionGeometry
  let operation: ConvolutionOperation
  let options: ConvolutionOptions
  let sizes: PairSizes
  let strategy: PairStrategy

  /// A complex value of a pair of tiles, there and back for two pairs: for each halving, and once.
  private static let butterfly = 3.6e-10
  private static let value = 1.2e-9

  init(
    count: Int, image: [Int], kernel: [Int], isDouble: Bool, _ operation: ConvolutionOperation,
    _ options: ConvolutionOptions
  ) throws(ConcordError) {
    try options.checkUnassured("images with kernels of their own")
    guard count > 0 else { throw .empty(what: "the stack of images") }
    self.count = count
    self.operation = operation
    self.options = options
    geometry = try ConvolutionGeometry(
      image: image, kernel: kernel, operation: operation, options: options)
    sizes = PairSizes(
      image: geometry.image, kernel: geometry.kernel, output: geometry.output,
      offset: geometry.offset, edges: geometry.edges, mirrors: operation == .convolution)
    // Spectra of kernels that serve once are as much work as those of images.
    var problem = ConvolutionProblem(geometry: geometry, isDouble: isDouble)
    problem.processors = 1
    var choice: StrategyEstimate?
    let algorithm = options.algorithm
    if algorithm != .overlapSave || sizes.lengths == nil {
      choice = try Self.each(problem, options)
    }
    let slowdown = isDouble ? 2.0 : 1
    let lengths = geometry.renormalizes ? nil : sizes.lengths
    if let lengths, algorithm == .automatic || algorithm == .overlapSave,
      Self.bytes(lengths, isDouble) <= options.workingMemory
    {
      let values = Double(lengths.count)
      let seconds = slowdown * values * (log2(values) * Self.butterfly + Self.value) / 2
      if choice.map({ Self.perPair($0) > seconds }) ?? true {
        strategy = .tiles(rows: lengths.rows, columns: lengths.columns)
        return
      }
    }
    guard let choice else {
      throw .algorithmCannotServe(
        algorithm: algorithm.rawValue, why: "expected tiles that fit into the memory allowed")
    }
    strategy = .each(choice.strategy)
  }

  /// The algorithm that the strategy belongs to.
  var algorithm: ConvolutionAlgorithm {
    switch strategy {
    case .each(let strategy): strategy.algorithm
    case .tiles: .overlapSave
    }
  }

  /// The strategy of engines of which as many work at a time as there are processors.
  private static func each(
    _ problem: ConvolutionProblem, _ options: ConvolutionOptions
  ) throws(ConcordError) -> StrategyEstimate {
    // Each has its kernel, mirrored, beside what it works in; and it is prepared anew for its pair, which
    // takes half as much again.
    let kernel = problem.geometry.kernel.count * problem.scalarSize
    var one = options
    let share = options.workingMemory / availableProcessors - kernel
    one.memoryLimit = share - (share + 2) / 3
    do throws(ConcordError) {
      return try ConvolutionPlanner.choose(for: problem, options: one)
    } catch {
      guard case .memoryLimit(let needed, _) = error else { throw error }
      throw .memoryLimit(
        needed: availableProcessors * ((3 * needed + 1) / 2 + kernel), limit: options.workingMemory)
    }
  }

  /// Transforms of kernels come on top of what a plan that is kept takes.
  private static func perPair(_ estimate: StrategyEstimate) -> Double {
    switch estimate.strategy.algorithm {
    case .fft, .overlapSave: 1.5 * estimate.seconds + 2e-5
    default: estimate.seconds + 2e-6
    }
  }

  /// For all processors: the choice must not depend on the threads asked for.
  private static func bytes(_ lengths: Extents, _ isDouble: Bool) -> Int {
    availableProcessors * PairTiles<Float>.workspaceCount(lengths) * (isDouble ? 8 : 4)
  }
}
