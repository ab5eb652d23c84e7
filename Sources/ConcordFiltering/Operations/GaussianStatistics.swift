public import ConcordArrays
import ConcordBackends

extension NDArray where Scalar: RealScalar {
  /// Returns the variance around each element, weighted by a Gaussian.
  ///
  ///     var = Σ w x² - (Σ w x)²,   Σ w = 1
  ///
  /// Sums are in Double, of x minus the mean of all elements, so that an offset costs no accuracy. The
  /// result is never negative.
  ///
  /// - Complexity: O(*n* · Σ sigma), or O(*n* log *n*) where transforms are faster.
  /// NaN and infinity make NaN of the elements that they reach.
  ///
  /// - Throws: ``ConcordError`` if a sigma is negative or not finite, the array is empty, or the means
  ///   in Double take more than `options.memoryLimit`.
  /// - SeeAlso: The variances in `skimage.metrics.structural_similarity` with Gaussian weights, for
  ///   which sigma is 1.5 and the taps reach 3.5 sigma.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func gaussianVariance(
    sigma: [Double], truncate: Double = 4,
    options: ConvolutionOptions = ConvolutionOptions(mode: .same, boundary: .symmetric)
  ) throws(ConcordError) -> NDArray {
    let moments = try GaussianMoments(self, self, [.a, .aa], sigma, truncate, options)
    return NDArray(shape: moments.shape, buffer: moments.statistic(.variance))
  }

  /// Returns the covariance of two arrays around each element, weighted by a Gaussian.
  ///
  ///     cov = Σ w x y - Σ w x · Σ w y,   Σ w = 1
  ///
  /// - Throws: ``ConcordError`` if shapes differ, a sigma is negative or not finite, the array is
  ///   empty, or the means in Double take more than `options.memoryLimit`.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func gaussianCovariance(
    with other: NDArray, sigma: [Double], truncate: Double = 4,
    options: ConvolutionOptions = ConvolutionOptions(mode: .same, boundary: .symmetric)
  ) throws(ConcordError) -> NDArray {
    let moments = try GaussianMoments(self, other, [.a, .b, .ab], sigma, truncate, options)
    return NDArray(shape: moments.shape, buffer: moments.statistic(.covariance))
  }

  /// Returns the correlation coefficient of two arrays around each element, weighted by a Gaussian.
  ///
  ///     r = cov(a, b) / √(var a · var b)
  ///
  /// It lies in -1...1. Where either is flat - its deviation is below a quarter of the rounding error of
  /// its own mean - it is what `flatWindows` says.
  ///
  /// - Throws: ``ConcordError`` if shapes differ, a sigma is negative or not finite, the array is
  ///   empty, or the means in Double take more than `options.memoryLimit`.
  /// - SeeAlso: ``windowCorrelation(with:of:flatWindows:options:)`` for equal weights.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func gaussianCorrelation(
    with other: NDArray, sigma: [Double], truncate: Double = 4,
    flatWindows: FlatWindowScore = .zero,
    options: ConvolutionOptions = ConvolutionOptions(mode: .same, boundary: .symmetric)
  ) throws(ConcordError) -> NDArray {
    let moments = try GaussianMoments(
      self, other, [.a, .b, .aa, .bb, .ab], sigma, truncate, options)
    let statistic = GaussianStatistic.correlation(
      flat: flatWindows == .zero ? 0 : .nan, resolution: 0.25 * Double(Scalar.ulpOfOne))
    return NDArray(shape: moments.shape, buffer: moments.statistic(statistic))
  }
}
