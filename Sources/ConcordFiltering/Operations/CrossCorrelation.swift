public import ComplexModule
public import ConcordArrays
import ConcordBackends

/// A cross-correlation with the lag of each of its values.
///
/// The value at index `i` belongs to the lags `lags[axis].lowerBound + i[axis]`: it is
/// `Σ x[n + lag] conj(y[n])`. A positive lag means that `x` comes later than `y`.
public struct LaggedCorrelation<let rank: Int, Scalar: ArrayElement>: Sendable {
  /// The correlation's values.
  public let values: NDArray<rank, Scalar>

  /// The lags along each axis, outermost first.
  public let lags: [Range<Int>]

  /// The lags of the value at a position.
  public func lag(at position: Position<rank>) -> Position<rank> {
    Position { lags[$0].lowerBound + position[$0] }
  }
}

extension LaggedCorrelation where Scalar: RealScalar {
  /// The lags of the largest value; of several equal ones, the first in row-major order.
  ///
  /// NaN is passed over; nil where there is no other value.
  public var peakLag: Position<rank>? {
    guard let best = firstLargest(of: values.span) else { return nil }
    return lag(at: values.shape.position(ofIndex: best))
  }
}

/// Generic over the scalar alone, so that it is specialised.
@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func firstLargest<Scalar: RealScalar>(of elements: Span<Scalar>) -> Int? {
  guard var best = elements.indices.first(where: { !elements[$0].isNaN }) else { return nil }
  var largest = elements[best]
  // A comparison with NaN is false.
  for index in (best + 1)..<elements.count where elements[index] > largest {
    best = index
    largest = elements[index]
  }
  return best
}

/// What the values of a cross-correlation are divided by.
public enum CorrelationScale: String, Hashable, Sendable, CaseIterable {
  /// Nothing.
  case none
  /// `√(Σ |x|² Σ |y|²)`: values lie in -1...1, and 1 means that y is x, shifted and scaled.
  ///
  /// Nothing is centred: subtract the means first for a coefficient. NaN if an array is all zero.
  case norms
}

extension NDArray where Scalar: RealScalar {
  /// Returns the cross-correlation with another array together with its lags.
  ///
  ///     let delay = try received.crossCorrelation(with: sent).peakLag
  ///
  /// Lags run from -(M - 1) to N - 1 in mode 'full'; in 'same', N of them from -(M / 2); in 'valid',
  /// from 0 to N - M, or N - M to 0. They are right for every pair of lengths.
  ///
  /// ``ConvolutionOptions/lags`` asks for fewer.
  ///
  /// - Throws: ``ConcordError`` for the reasons that ``ConvolutionPlan`` gives.
  /// - SeeAlso: `scipy.signal.correlate` and `correlation_lags`, whose lags in mode 'same' are off
  ///   by one for odd N and even M; `matplotlib.pyplot.xcorr` for the scale `norms`.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func crossCorrelation(
    with other: NDArray, options: ConvolutionOptions = ConvolutionOptions(),
    scale: CorrelationScale = .none
  ) throws(ConcordError) -> LaggedCorrelation<rank, Scalar> {
    let plan = try ConvolutionPlan(
      image: shape, kernel: other, .correlation, options: options.forSingleCall)
    var values = try plan(self)
    if scale == .norms {
      let energies = [self, other].map { Scalar.moments(of: $0.span, shift: 0).sumOfSquares }
      let norm = (energies[0].squareRoot() * energies[1].squareRoot())
      var elements = values.mutableSpan
      Scalar.scale(&elements, by: norm > 0 ? Scalar(1 / norm) : .nan)
    }
    return LaggedCorrelation(values: values, lags: plan.lags)
  }
}

extension NDArray {
  /// Returns the cross-correlation of complex arrays together with its lags.
  ///
  /// - Throws: ``ConcordError`` for the reasons that ``ConvolutionPlan`` gives.
  public func crossCorrelation<Real: RealScalar>(
    with other: NDArray, options: ConvolutionOptions = ConvolutionOptions()
  ) throws(ConcordError) -> LaggedCorrelation<rank, Scalar> where Scalar == Complex<Real> {
    let plan = try ConvolutionPlan<rank, Real>(
      image: shape, kernel: other, .correlation, options: options.forSingleCall)
    return LaggedCorrelation(values: try plan(self), lags: plan.lags)
  }
}

extension ConvolutionPlan {
  /// The lags of the outputs along each axis, outermost first.
  public var lags: [Range<Int>] {
    (0..<rank).map { firstLag(axis: $0)..<(firstLag(axis: $0) + outputShape[$0]) }
  }
}
