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
  /// - Throws: ``ConcordError`` if a sigma is negative or not finite, the array is empty, or the means
  ///   in Double take more than `options.memoryLimit`.
  /// - SeeAlso: The variances in `skimage.metrics.structural_similarity` with Gaussian weights, for
  ///   which sigma is 1.5 and the taps reach 3.5 sigma.
  public func gaussianVariance(
    sigma: [Double], truncate: Double = 4,
    options: ConvolutionOptions = ConvolutionOptions(mode: .same, boundary: .symmetric)
  ) throws(ConcordError) -> NDArray {
    let moments = try GaussianMoments(self, self, [.a, .aa], sigma, truncate, options)
    return NDArray(shape: moments.shape, buffer: moments.combined { max(0, $0.aa) })
  }

  /// Returns the covariance of two arrays around each element, weighted by a Gaussian.
  ///
  ///     cov = Σ w x y - Σ w x · Σ w y,   Σ w = 1
  ///
  /// - Throws: ``ConcordError`` if shapes differ, a sigma is negative or not finite, the array is
  ///   empty, or the means in Double take more than `options.memoryLimit`.
  public func gaussianCovariance(
    with other: NDArray, sigma: [Double], truncate: Double = 4,
    options: ConvolutionOptions = ConvolutionOptions(mode: .same, boundary: .symmetric)
  ) throws(ConcordError) -> NDArray {
    let moments = try GaussianMoments(self, other, [.a, .b, .ab], sigma, truncate, options)
    return NDArray(shape: moments.shape, buffer: moments.combined { $0.ab })
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
  public func gaussianCorrelation(
    with other: NDArray, sigma: [Double], truncate: Double = 4,
    flatWindows: FlatWindowScore = .zero,
    options: ConvolutionOptions = ConvolutionOptions(mode: .same, boundary: .symmetric)
  ) throws(ConcordError) -> NDArray {
    let moments = try GaussianMoments(
      self, other, [.a, .b, .aa, .bb, .ab], sigma, truncate, options)
    let flat: Double = flatWindows == .zero ? 0 : .nan
    let resolution = 0.25 * Double(Scalar.ulpOfOne)
    let result: SharedBuffer<Scalar> = moments.combined { moment in
      let (a, b) = (max(0, moment.aa).squareRoot(), max(0, moment.bb).squareRoot())
      guard !(a <= resolution * abs(moment.a)), !(b <= resolution * abs(moment.b)) else {
        return flat
      }
      let r = moment.ab / (a * b)
      return r > 1 ? 1 : r < -1 ? -1 : r
    }
    return NDArray(shape: moments.shape, buffer: result)
  }
}
