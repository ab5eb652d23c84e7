public import ConcordArrays
import ConcordBackends

/// What becomes of the elements of a window.
public enum WindowReduction: String, Hashable, Sendable, CaseIterable {
  /// Their sum.
  case sum
  /// Their mean.
  case mean
  /// Their variance: the mean of the squares about the mean.
  case variance
  /// The standard deviation: the root of the variance.
  case standardDeviation = "std"
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
  /// - Complexity: O(*n*) for sum, mean, variance and deviation, O(*n* log *m*) for the extremes, O(*n m*) for
  ///   the median.
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
    case .standardDeviation: try windowStandardDeviation(of: window, options: options)
    case .median: try windowMedian(of: window, options: options)
    case .minimum: try windowExtreme(of: window, largest: false, options)
    case .maximum: try windowExtreme(of: window, largest: true, options)
    }
  }

  private func windowExtreme(
    of window: Shape<rank>, largest: Bool, _ options: WindowOptions
  ) throws(ConcordError) -> NDArray {
    let geometry = try options.geometry(image: shape, window: window)
    try options.checkMemory(
      DirectTiles(for: geometry), bytesPerElement: MemoryLayout<Scalar>.size)
    var out = NDArray(uninitialized: Shape(threeAxes: geometry.output))
    WindowExtremes.run(
      buffer, largest: largest, geometry: geometry, threads: options.threadCount,
      into: &out.buffer)
    return out
  }
}
