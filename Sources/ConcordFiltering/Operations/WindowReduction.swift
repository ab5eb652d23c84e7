public import ConcordArrays

/// What becomes of the elements of a window.
public enum WindowReduction: String, Hashable, Sendable, CaseIterable {
  /// Their sum.
  case sum
  /// Their mean.
  case mean
  /// Their variance: the mean of the squares about the mean.
  case variance
  /// The smallest; NaN where there is NaN.
  case minimum = "min"
  /// The largest; NaN where there is NaN.
  case maximum = "max"
  /// The median; NaN where there is NaN.
  case median
}

extension NDArray where Scalar: RealScalar {
  /// Returns what a reduction makes of the window around each element.
  ///
  /// - Complexity: O(*n*) for sum, mean and variance; O(*n m*) for the others.
  /// - Throws: ``ConcordError`` if the array or the window is empty, or memory is too small.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func windowReduced(
    _ reduction: WindowReduction, of window: Shape<rank>,
    options: WindowOptions = WindowOptions()
  ) throws(ConcordError) -> NDArray {
    switch reduction {
    case .sum: try windowSum(of: window, options: options)
    case .mean: try windowMean(of: window, options: options)
    case .variance: try windowVariance(of: window, options: options)
    case .median: try windowMedian(of: window, options: options)
    case .minimum:
      try mapWindowSpans(of: window, options: options) { extreme(of: $0) { $0 < $1 } }
    case .maximum:
      try mapWindowSpans(of: window, options: options) { extreme(of: $0) { $0 > $1 } }
    }
  }

  /// Returns what a reduction makes of the windows of an expression of this image and another.
  ///
  ///     let energy = try first.windowed(
  ///       PixelExpression("a^2 - b^2"), with: second, reduction: .sum, of: [3, 3])
  ///
  /// This array is `a` and the other one `b`. Windows are centred at `extent / 2`, and shrink at the
  /// edges unless another rule is asked for: a mean is divided by the true count.
  ///
  /// - Throws: ``ConcordError`` if the shapes differ, `b` is missing, or the window is empty.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func windowed(
    _ expression: PixelExpression, with other: NDArray? = nil, reduction: WindowReduction,
    of window: Shape<rank>, options: WindowOptions = WindowOptions(boundary: .renormalize)
  ) throws(ConcordError) -> NDArray<rank, Double> {
    try expression.values(a: self, b: other)
      .windowReduced(reduction, of: window, options: options)
  }
}

/// The first element that none is preferred to; NaN if there is any, or no element at all.
@inline(__always)
private func extreme<Scalar: RealScalar>(
  of elements: borrowing MutableSpan<Scalar>, _ isBetter: (Scalar, Scalar) -> Bool
) -> Scalar {
  guard elements.count > 0 else { return .nan }
  var best = elements[0]
  for index in 0..<elements.count {
    if elements[index].isNaN { return .nan }
    if isBetter(elements[index], best) { best = elements[index] }
  }
  return best
}
