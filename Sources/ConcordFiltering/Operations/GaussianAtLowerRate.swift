import ConcordArrays
import ConcordBackends
import Synchronization

/// A Gaussian filter that works at a lower rate, and what it falls back to.
struct GaussianAtLowerRate<Scalar: RealScalar>: Sendable {
  private let filter: MultirateGaussian<Scalar>
  private let sigma: [Double]
  private let order: [Int]
  private let reach: Double
  private let options: ConvolutionOptions
  private let taps = TapsAtNeed<Scalar>()

  /// Nil where the options ask for something else, or no rate can be lowered within the tolerance.
  init?(
    axes: GaussianAxes, reach: Double, tolerance: Double,
    options: ConvolutionOptions
  ) throws(ConcordError) {
    guard options.algorithm == .automatic, options.mode == .same, options.lags.isEmpty,
      options.anchor == .scipy, options.origin.allSatisfy({ $0 == 0 }), !axes.image.contains(0),
      !axes.needsPassPerAxis(options.boundary),
      // Only sums of taps can be promised more.
      options.exactness == .rounded, options.verification == .none,
      // A derivative's weights sum to nothing, which can't be rescaled.
      options.boundary != .renormalize || axes.order.allSatisfy({ $0 == 0 })
    else { return nil }
    let filter = MultirateGaussian<Scalar>(
      axes: axes.image.indices.map { (axes.image[$0], axes.sigma[$0], axes.order[$0]) },
      tolerance: tolerance / Double(max(1, axes.count)), boundary: options.boundary,
      threads: options.threadCount)
    guard let filter, filter.bytes <= options.workingMemory else { return nil }
    self.filter = filter
    (sigma, order) = (axes.sigma, axes.order)
    (self.reach, self.options) = (reach, options)
  }

  /// The seconds that it is predicted to take with all processors at work.
  var seconds: Double { filter.seconds }

  var description: String {
    "lower rate (" + filter.steps.map { $0 == 1 ? "1" : "1/\($0)" }.joined(separator: ", ") + ")"
  }

  func callAsFunction<let rank: Int>(
    _ image: NDArray<rank, Scalar>
  ) throws(ConcordError) -> NDArray<rank, Scalar> {
    var result = SharedBuffer<Scalar>(uninitializedCount: image.count)
    try self(image, into: &result)
    return NDArray(shape: image.shape, buffer: result)
  }

  /// Overwrites memory that is there with the result.
  func callAsFunction<let rank: Int>(
    _ image: NDArray<rank, Scalar>, into result: inout SharedBuffer<Scalar>
  ) throws(ConcordError) {
    if !filter.run(image.buffer, into: &result) {
      // NaN or infinity, which the passes spread over whole cells.
      let engine = try taps.engine { () throws(ConcordError) in
        try GaussianFilter<rank, Scalar>(
          image: image.shape, sigma: sigma, truncate: reach, order: order, options: options
        ).plans.first?.engine
      }
      var out = Samples(real: SharedBuffer.taken(from: &result))
      engine?.run(Samples(real: image.buffer), into: &out)
      swap(&result, &out.real)
    }
  }
}

/// The filter by taps, made when it is first needed.
private final class TapsAtNeed<Scalar: RealScalar>: Sendable {
  private let known = Mutex<ConvolutionEngine<Scalar>?>(nil)

  func engine(
    _ make: () throws(ConcordError) -> ConvolutionEngine<Scalar>?
  ) throws(ConcordError) -> ConvolutionEngine<Scalar>? {
    if let engine = known.withLock({ $0 }) { return engine }
    let engine = try make()
    known.withLock { $0 = engine }
    return engine
  }
}
