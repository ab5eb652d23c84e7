import ConcordArrays
import ConcordBackends
import Synchronization

/// Executes a plan for pairs of images and kernels.
enum PairEngine {
  /// The results, one after the other.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  static func run<Scalar: RealScalar>(
    _ images: SharedBuffer<Scalar>, _ kernels: SharedBuffer<Scalar>, _ plan: PairPlan
  ) throws(ConcordError) -> SharedBuffer<Scalar> {
    var out = SharedBuffer<Scalar>(uninitializedCount: plan.count * plan.geometry.output.count)
    try run(images, kernels, plan, into: &out)
    return out
  }

  /// Overwrites memory that is there with the results, one after the other.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  static func run<Scalar: RealScalar>(
    _ images: SharedBuffer<Scalar>, _ kernels: SharedBuffer<Scalar>, _ plan: PairPlan,
    into out: inout SharedBuffer<Scalar>
  ) throws(ConcordError) {
    let threads = plan.options.threadCount
    switch plan.strategy {
    case .tiles(let rows, let columns):
      let tiles = PairTiles<Scalar>(plan.sizes, lengths: Extents(1, rows, columns))
      let left = tiles.correlate(
        images, kernels, count: plan.count, threads: threads, into: &out)
      // NaN and infinity would be all over their tiles.
      try run(left, .direct, images, kernels, plan, into: &out)
    case .each(let strategy):
      try run(Array(0..<plan.count), strategy, images, kernels, plan, into: &out)
    }
  }

  /// Runs one pair after the other, as many at a time as there are threads.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  private static func run<Scalar: RealScalar>(
    _ pairs: [Int], _ strategy: ConvolutionStrategy, _ images: SharedBuffer<Scalar>,
    _ kernels: SharedBuffer<Scalar>, _ plan: PairPlan, into out: inout SharedBuffer<Scalar>
  ) throws(ConcordError) {
    guard !pairs.isEmpty else { return }
    let (geometry, options) = (plan.geometry, plan.options)
    let threads = options.threadCount
    let (image, kernel) = (geometry.image.count, geometry.kernel.count)
    let output = geometry.output.count
    // Few pairs leave threads idle unless each has several.
    let inner = pairs.count < 2 * threads ? threads : 1
    let fill = { @Sendable (pair: Int, out: inout Samples<Scalar>) throws(ConcordError) in
      let weights = Samples(real: kernels.part(pair * kernel..<(pair + 1) * kernel))
      let engine = try ConvolutionEngine(
        weights: weights, mirrors: plan.operation == .convolution, geometry: geometry,
        strategy: strategy, options: options, threads: inner)
      engine.run(Samples(real: images.part(pair * image..<(pair + 1) * image)), into: &out)
    }
    let failures = PairFailures()
    let ranges = pairs.map { $0 * output..<($0 + 1) * output }
    fillParts(ranges, of: &out, threads: inner > 1 ? 1 : threads) { task, part in
      var out = Samples(real: SharedBuffer.taken(from: &part))
      do throws(ConcordError) {
        try fill(pairs[task], &out)
      } catch {
        failures.note(error)
      }
      swap(&part, &out.real)
    }
    if let error = failures.first { throw error }
  }
}

/// What went wrong in any of the pairs.
private final class PairFailures: Sendable {
  private let error = Mutex<ConcordError?>(nil)

  var first: ConcordError? { error.withLock { $0 } }

  func note(_ error: ConcordError) { self.error.withLock { $0 = $0 ?? error } }
}
