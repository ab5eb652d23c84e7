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
    let output = plan.geometry.output.count
    var out = SharedBuffer<Scalar>(uninitializedCount: plan.count * output)
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
    return out
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
    let result = { @Sendable (pair: Int) throws(ConcordError) -> SharedBuffer<Scalar> in
      let weights = Samples(real: kernels.part(pair * kernel..<(pair + 1) * kernel))
      let engine = try ConvolutionEngine(
        weights: weights, mirrors: plan.operation == .convolution, geometry: geometry,
        strategy: strategy,
        options: options, threads: inner)
      return engine.run(Samples(real: images.part(pair * image..<(pair + 1) * image))).real
    }
    let failures = PairFailures()
    let ranges = pairs.map { $0 * output..<($0 + 1) * output }
    fillRanges(ranges, of: &out, threads: inner > 1 ? 1 : threads) {
    } body: { task, out, _ in
      do throws(ConcordError) {
        let values = try result(pairs[task])
        copy(values.span, into: &out)
      } catch {
        failures.note(error)
      }
    }
    if let error = failures.first { throw error }
  }

  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  private static func copy<Scalar: RealScalar>(
    _ values: Span<Scalar>, into out: inout MutableSpan<Scalar>
  ) {
    for index in values.indices { out[index] = values[index] }
  }
}

/// What went wrong in any of the pairs.
private final class PairFailures: Sendable {
  private let error = Mutex<ConcordError?>(nil)

  var first: ConcordError? { error.withLock { $0 } }

  func note(_ error: ConcordError) { self.error.withLock { $0 = $0 ?? error } }
}
