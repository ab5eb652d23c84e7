public import ComplexModule
public import ConcordArrays

extension NDArray where Scalar: RealScalar {
  /// Returns the convolution with a kernel: `out[n] = Σ k[j] f[n - j]`.
  ///
  ///     let smooth = try image.convolved(with: .gaussian(sigma: 2), mode: .same, boundary: .reflect)
  ///
  /// The algorithm is chosen by the sizes; NaN and infinity reach only the outputs whose window
  /// touches them, whichever is taken. The mode is 'full' unless another is asked for, as in SciPy.
  ///
  /// - Complexity: O(*n m*) directly, O(*n* log *n*) by transforms.
  /// - Throws: ``ConcordError`` if an array is empty or mode 'valid' has no dominant array.
  /// - SeeAlso: `scipy.signal.convolve`, whose meaning this keeps.
  public func convolved(
    with kernel: NDArray, mode: ConvolutionMode = .full, boundary: Boundary = .zero
  ) throws(ConcordError) -> NDArray {
    try convolved(with: kernel, options: ConvolutionOptions(mode: mode, boundary: boundary))
  }

  /// Returns the convolution with a kernel under the given options.
  ///
  /// - Throws: ``ConcordError`` for the reasons that ``ConvolutionPlan`` gives.
  public func convolved(
    with kernel: NDArray, options: ConvolutionOptions
  ) throws(ConcordError) -> NDArray {
    let plan = try ConvolutionPlan(
      image: shape, kernel: kernel, .convolution, options: options.forSingleCall)
    return try plan(self)
  }

  /// Returns the cross-correlation with a kernel: `out[n] = Σ k[j] f[n + j]`.
  ///
  /// - Complexity: O(*n m*) directly, O(*n* log *n*) by transforms.
  /// - Throws: ``ConcordError`` if an array is empty or mode 'valid' has no dominant array.
  /// - SeeAlso: `scipy.signal.correlate`, whose meaning this keeps; ``crossCorrelation(with:mode:)``
  ///   returns the lags as well.
  public func correlated(
    with kernel: NDArray, mode: ConvolutionMode = .full, boundary: Boundary = .zero
  ) throws(ConcordError) -> NDArray {
    try correlated(with: kernel, options: ConvolutionOptions(mode: mode, boundary: boundary))
  }

  /// Returns the cross-correlation with a kernel under the given options.
  ///
  /// - Throws: ``ConcordError`` for the reasons that ``ConvolutionPlan`` gives.
  public func correlated(
    with kernel: NDArray, options: ConvolutionOptions
  ) throws(ConcordError) -> NDArray {
    let plan = try ConvolutionPlan(
      image: shape, kernel: kernel, .correlation, options: options.forSingleCall)
    return try plan(self)
  }
}

extension NDArray where Scalar: RealScalar {
  /// Returns the convolution with the product of one factor for each axis.
  ///
  ///     out[n, m] = Σ a[i] b[j] f[n - i, m - j]
  ///
  /// - Complexity: O(*n* · Σ *m*) for factors of *m* taps, less by transforms if they are long.
  /// - Throws: ``ConcordError/elementCount(expected:found:)`` unless there is one factor for each axis,
  ///   and the errors of ``ConvolutionPlan``.
  /// - SeeAlso: `cv2.sepFilter2D`, which is ``correlated(withFactors:options:)`` in mode 'same'.
  public func convolved(
    withFactors factors: [Signal<Scalar>], options: ConvolutionOptions = ConvolutionOptions()
  ) throws(ConcordError) -> NDArray {
    let plan = try ConvolutionPlan(
      image: shape, factors: factors, .convolution, options: options.forSingleCall)
    return try plan(self)
  }

  /// Returns the cross-correlation with the product of one factor for each axis.
  ///
  ///     out[n, m] = Σ a[i] b[j] f[n + i, m + j]
  ///
  /// - Throws: ``ConcordError`` for the same reasons as ``convolved(withFactors:options:)``.
  public func correlated(
    withFactors factors: [Signal<Scalar>], options: ConvolutionOptions = ConvolutionOptions()
  ) throws(ConcordError) -> NDArray {
    let plan = try ConvolutionPlan(
      image: shape, factors: factors, .correlation, options: options.forSingleCall)
    return try plan(self)
  }
}

extension NDArray {
  /// Returns the convolution of complex arrays: `out[n] = Σ k[j] f[n - j]`.
  ///
  /// - Throws: ``ConcordError`` for the reasons that ``ConvolutionPlan`` gives.
  public func convolved<Real: RealScalar>(
    with kernel: NDArray, options: ConvolutionOptions = ConvolutionOptions()
  ) throws(ConcordError) -> NDArray where Scalar == Complex<Real> {
    let plan = try ConvolutionPlan(
      image: shape, kernel: kernel, .convolution, options: options.forSingleCall)
    return try plan(self)
  }

  /// Returns the cross-correlation of complex arrays: `out[n] = Σ conj(k[j]) f[n + j]`.
  ///
  /// - Throws: ``ConcordError`` for the reasons that ``ConvolutionPlan`` gives.
  public func correlated<Real: RealScalar>(
    with kernel: NDArray, options: ConvolutionOptions = ConvolutionOptions()
  ) throws(ConcordError) -> NDArray where Scalar == Complex<Real> {
    let plan = try ConvolutionPlan(
      image: shape, kernel: kernel, .correlation, options: options.forSingleCall)
    return try plan(self)
  }

  /// Returns the convolution of a complex array with a real kernel.
  ///
  /// - Throws: ``ConcordError`` for the reasons that ``ConvolutionPlan`` gives.
  public func convolved<Real: RealScalar>(
    with kernel: NDArray<rank, Real>, options: ConvolutionOptions = ConvolutionOptions()
  ) throws(ConcordError) -> NDArray where Scalar == Complex<Real> {
    let plan = try ConvolutionPlan(
      image: shape, kernel: kernel, .convolution, options: options.forSingleCall)
    return try plan(self)
  }

  /// Returns the cross-correlation of a complex array with a real kernel.
  ///
  /// - Throws: ``ConcordError`` for the reasons that ``ConvolutionPlan`` gives.
  public func correlated<Real: RealScalar>(
    with kernel: NDArray<rank, Real>, options: ConvolutionOptions = ConvolutionOptions()
  ) throws(ConcordError) -> NDArray where Scalar == Complex<Real> {
    let plan = try ConvolutionPlan(
      image: shape, kernel: kernel, .correlation, options: options.forSingleCall)
    return try plan(self)
  }
}
