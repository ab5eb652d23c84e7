import ConcordArrays
import ConcordBackends

/// What a stream works with: the same for all signals, and never changed.
///
/// A result of `N` samples and `M` taps has three parts: `head` outputs whose windows reach beyond
/// the start, `N - M + 1` whose windows lie inside, and `tail` whose windows reach beyond the end.
/// The windows inside are done in blocks of whole tiles, so that bits don't depend on how a signal is
/// cut. The rest are outputs of short signals with the same start or the same end.
final class StreamContents<Scalar: RealScalar>: Sendable {
  /// An engine for so many outputs whose windows lie inside.
  struct Piece: Sendable {
    let outputs: Int
    let engine: ConvolutionEngine<Scalar>
  }

  let taps: Signal<Scalar>
  let operation: ConvolutionOperation
  let options: ConvolutionOptions
  let strategy: ConvolutionStrategy
  let head: Int
  let tail: Int
  /// Largest first.
  let pieces: [Piece]
  /// For signals of ``edgeCount`` samples; nil where no window reaches outside.
  let edges: ConvolutionPlan<1, Scalar>?
  let arena = ScratchArena()

  /// Outputs of direct sums that are worth a call.
  private static var directBlock: Int { 1 << 12 }
  /// Outputs of the largest piece, unless a block is larger.
  private static var mostOutputs: Int { 1 << 20 }

  init(
    taps: Signal<Scalar>, _ operation: ConvolutionOperation, _ options: ConvolutionOptions
  ) throws(ConcordError) {
    try Self.check(options)
    let m = taps.count
    // As long as a signal could be: only where windows begin and end matters.
    let long = 4 * m + Self.mostOutputs
    let geometry = try ConvolutionGeometry(
      image: [long], kernel: [m], operation: operation, options: options)
    head = -geometry.offset.columns
    tail = geometry.output.columns - (long - m + 1) - head
    self.taps = taps
    self.operation = operation
    self.options = options
    var inside = options
    inside.mode = .valid
    inside.boundary = .zero
    func insideGeometry(_ outputs: Int) throws(ConcordError) -> ConvolutionGeometry {
      try ConvolutionGeometry(
        image: [outputs + m - 1], kernel: [m], operation: operation, options: inside)
    }
    var problem = ConvolutionProblem(
      geometry: try insideGeometry(Self.mostOutputs), isDouble: Scalar.self == Double.self,
      kernelIsFinite: Scalar.allFinite(taps.span), threads: availableProcessors)
    let strategy = try Self.strategy(for: problem, options)
    self.strategy = strategy
    problem.threads = options.threadCount
    let threads = CostModel.current.usefulThreads(strategy, for: problem)
    var pieces: [Piece] = []
    var outputs = Self.block(of: strategy, problem.geometry)
    let most = max(Self.mostOutputs, outputs)
    while outputs <= most {
      let engine = try ConvolutionEngine<Scalar>(
        weights: Samples(real: taps.buffer), mirrors: operation == .convolution,
        geometry: try insideGeometry(outputs), strategy: strategy, options: inside, threads: threads
      )
      pieces.insert(Piece(outputs: outputs, engine: engine), at: 0)
      outputs *= 4
    }
    self.pieces = pieces
    edges =
      head + tail > 0
      ? try ConvolutionPlan(
        image: Shape(count: 2 * m), kernel: taps, operation, options: Self.whole(options)) : nil
  }

  /// Outputs come in multiples of this.
  var block: Int { pieces[pieces.count - 1].outputs }

  /// Shorter signals are convolved as a whole.
  var edgeCount: Int { 2 * taps.count }

  /// Elements that are held at most.
  var capacity: Int { max(edgeCount, pieces[0].outputs + taps.count - 1) }

  /// How many outputs are known after so many samples of a signal that goes on.
  func outputs(after samples: Int) -> Int {
    samples < edgeCount ? 0 : head + (samples - taps.count + 1) / block * block
  }

  /// The largest piece for which so many samples suffice.
  func piece(for samples: Int) -> Piece? {
    pieces.first { $0.outputs + taps.count - 1 <= samples }
  }

  /// The options of whole signals: a stream's algorithms serve them too.
  static func whole(_ options: ConvolutionOptions) -> ConvolutionOptions {
    var result = options.forSingleCall
    // What serves millions of outputs may be of no use for a few.
    result.algorithm = options.algorithm == .direct ? .direct : .automatic
    return result
  }

  private static func check(_ options: ConvolutionOptions) throws(ConcordError) {
    guard options.boundary != .wrap || options.mode == .valid else {
      throw .boundaryCannotServe(
        boundary: .wrap, why: "expected a rule that needs no end of the signal at its start")
    }
    guard options.exactness == .rounded, options.verification == .none else {
      throw .algorithmCannotServe(
        algorithm: "stream",
        why: "expected exactness .rounded and no verification, which plans offer")
    }
    guard options.lags.isEmpty else {
      throw .algorithmCannotServe(
        algorithm: "lags", why: "expected a mode for a signal of unknown length, found lags")
    }
    switch options.algorithm {
    case .automatic, .direct, .overlapSave: return
    case .fft, .separable, .box, .matrix:
      throw .algorithmCannotServe(
        algorithm: options.algorithm.rawValue,
        why: "expected direct or overlap-save, which filter a signal piece by piece")
    }
  }

  private static func strategy(
    for problem: ConvolutionProblem, _ options: ConvolutionOptions
  ) throws(ConcordError) -> ConvolutionStrategy {
    let all = ConvolutionPlanner.candidates(for: problem).filter {
      let algorithm = $0.strategy.algorithm
      return options.algorithm == .automatic
        ? algorithm == .direct || algorithm == .overlapSave : algorithm == options.algorithm
    }
    // For all processors, time and memory alike, so that bits don't depend on threads.
    if let best = all.first(where: { $0.bytes <= options.workingMemory }) {
      return best.strategy
    }
    if let least = all.map({ $0.bytes }).min() {
      throw .memoryLimit(needed: least, limit: options.workingMemory)
    }
    throw .algorithmCannotServe(
      algorithm: options.algorithm.rawValue, why: TilePlanner.limits(of: problem.geometry))
  }

  /// The outputs of two tiles that share a transform, which are the same wherever they lie.
  private static func block(
    of strategy: ConvolutionStrategy, _ geometry: ConvolutionGeometry
  ) -> Int {
    guard case .overlapSave(let layout) = strategy else { return directBlock }
    let tiles = OverlapTiles(
      lengths: layout.extents, kernel: geometry.kernel, output: geometry.output)
    return 2 * tiles.kept.columns
  }
}
