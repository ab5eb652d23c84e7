public import ConcordArrays
import ConcordBackends

extension NDArray where Scalar: RealScalar {
  /// Returns the sum over a window around each element, accumulated in Double.
  ///
  /// The cost doesn't depend on the window. Windows of even extent are centred at `extent / 2`. NaN
  /// and infinity reach only the windows that hold them.
  ///
  /// - Complexity: O(*n*).
  /// - Throws: ``ConcordError`` if the array or the window is empty, or memory is too small.
  /// - SeeAlso: `scipy.ndimage.uniform_filter`, times the window's size.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func windowSum(
    of window: Shape<rank>, options: WindowOptions = WindowOptions(boundary: .zero)
  ) throws(ConcordError) -> NDArray {
    try windows(.sum(.first), window, options)
  }

  /// Returns the mean over a window around each element, accumulated in Double.
  ///
  /// - Complexity: O(*n*).
  /// - Throws: ``ConcordError`` if the array or the window is empty, or memory is too small.
  /// - SeeAlso: `scipy.ndimage.uniform_filter`, `cv2.blur`.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func windowMean(
    of window: Shape<rank>, options: WindowOptions = WindowOptions()
  ) throws(ConcordError) -> NDArray {
    try windows(.mean(.first), window, options)
  }

  /// Returns the variance over a window around each element.
  ///
  ///     var = (Σ x² - (Σ x)² / n) / (n - ddof)
  ///
  /// The sums are of x minus a value from the middle of its surroundings, in Double, so that an
  /// offset costs no accuracy. The variance is never negative; where `n ≤ ddof` it is NaN.
  ///
  /// - Complexity: O(*n*).
  /// - Throws: ``ConcordError`` if the array or the window is empty, or memory is too small.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func windowVariance(
    of window: Shape<rank>, ddof: Int = 0, options: WindowOptions = WindowOptions()
  ) throws(ConcordError) -> NDArray {
    try windows(.variance(ddof: Double(ddof)), window, options)
  }

  /// Returns the standard deviation over a window around each element: the root of the variance.
  ///
  /// - Complexity: O(*n*).
  /// - Throws: ``ConcordError`` if the array or the window is empty, or memory is too small.
  /// - SeeAlso: ``windowVariance(of:ddof:options:)``.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func windowStandardDeviation(
    of window: Shape<rank>, ddof: Int = 0, options: WindowOptions = WindowOptions()
  ) throws(ConcordError) -> NDArray {
    try windows(.deviation(ddof: Double(ddof)), window, options)
  }

  /// Returns the covariance of two arrays over a window around each element.
  ///
  ///     cov = (Σ a b - Σ a Σ b / n) / (n - ddof)
  ///
  /// Both are centred first as for ``windowVariance(of:ddof:options:)``. Where `n ≤ ddof` it is NaN.
  ///
  /// - Complexity: O(*n*).
  /// - Throws: ``ConcordError`` if shapes differ, an array or the window is empty, or memory is too
  ///   small.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func windowCovariance(
    with other: NDArray, of window: Shape<rank>, ddof: Int = 0,
    options: WindowOptions = WindowOptions()
  ) throws(ConcordError) -> NDArray {
    try windows(.covariance(ddof: Double(ddof)), with: other, window, options)
  }

  /// Returns the correlation coefficient of two arrays over a window around each element.
  ///
  ///     r = cov(a, b) / √(var a · var b)
  ///
  /// It lies in -1...1, whatever the brightness and contrast of either: a map of how alike two images
  /// are around each pixel. Where either is flat - its deviation is below a quarter of the rounding
  /// error of its own mean - it is what `flatWindows` says. NaN reaches only its own windows.
  ///
  /// - Complexity: O(*n*).
  /// - Throws: ``ConcordError`` if shapes differ, an array or the window is empty, or memory is too
  ///   small.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func windowCorrelation(
    with other: NDArray, of window: Shape<rank>, flatWindows: FlatWindowScore = .zero,
    options: WindowOptions = WindowOptions()
  ) throws(ConcordError) -> NDArray {
    let formula = WindowFormula.correlation(
      flat: flatWindows == .zero ? 0 : .nan, resolution: 0.25 * Double(Scalar.ulpOfOne))
    return try windows(formula, with: other, window, options)
  }

  /// The common pass: sums of every window and what becomes of them, tile by tile.
  func windows<Out: RealScalar>(
    _ formula: WindowFormula, with other: NDArray? = nil, _ window: Shape<rank>,
    _ options: WindowOptions
  ) throws(ConcordError) -> NDArray<rank, Out> {
    if let other, other.shape != shape {
      throw .shapesDiffer(expected: shape.components, found: other.shape.components)
    }
    let geometry = try options.geometry(image: shape, window: window)
    let tiles = WindowTiles(geometry.windowProblem(formula))
    try options.checkMemory(tiles, of: Scalar.self)
    var out = NDArray<rank, Out>(uninitialized: Shape(threeAxes: geometry.output))
    tiles.run([buffer, (other ?? self).buffer], threads: options.threadCount, into: &out.buffer)
    return out
  }
}
