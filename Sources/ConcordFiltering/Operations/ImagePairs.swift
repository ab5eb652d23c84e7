public import ConcordArrays
import ConcordBackends

extension NDArray where rank == 3, Scalar: RealScalar {
  /// Convolves every image of a stack with its own kernel: `out[i] = self[i] * kernels[i]`.
  ///
  /// Planes are images, and planes of the other stack their kernels. Many small images are done many
  /// at a time on each processor, in tiles that stay in cache, without the cost of a call for each.
  ///
  ///     let blurred = try stamps.convolvedInPairs(with: pointSpreads, options: options)
  ///
  /// - Returns: The results as planes, each as ``convolved(with:options:)`` of its image would be.
  /// - Complexity: O(*N n m*) directly, O(*N n* log *n*) by transforms, for *N* images.
  /// - Throws: ``ConcordError/elementCount(expected:found:)`` for another number of kernels than of
  ///   images, and the errors of ``ConvolutionPlan``.
  /// - SeeAlso: `scipy.signal.fftconvolve(a, b, axes=(1, 2))`.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func convolvedInPairs(
    with kernels: Volume<Scalar>, options: ConvolutionOptions = ConvolutionOptions()
  ) throws(ConcordError) -> Volume<Scalar> {
    try pairs(with: kernels, .convolution, options)
  }

  /// Correlates every image of a stack with its own kernel: `out[i] = self[i] ⋆ kernels[i]`.
  ///
  /// - Returns: The results as planes, each as ``correlated(with:options:)`` of its image would be.
  /// - Throws: ``ConcordError`` for the same reasons as ``convolvedInPairs(with:options:)``.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func correlatedInPairs(
    with kernels: Volume<Scalar>, options: ConvolutionOptions = ConvolutionOptions()
  ) throws(ConcordError) -> Volume<Scalar> {
    try pairs(with: kernels, .correlation, options)
  }

  /// Convolves every image of a stack with one kernel.
  ///
  /// - Throws: ``ConcordError`` for the reasons that ``ConvolutionPlan`` gives.
  public func convolvedEach(
    with kernel: Image<Scalar>, options: ConvolutionOptions = ConvolutionOptions()
  ) throws(ConcordError) -> Volume<Scalar> {
    try each(with: kernel, .convolution, options)
  }

  /// Correlates every image of a stack with one kernel.
  ///
  /// - Throws: ``ConcordError`` for the reasons that ``ConvolutionPlan`` gives.
  public func correlatedEach(
    with kernel: Image<Scalar>, options: ConvolutionOptions = ConvolutionOptions()
  ) throws(ConcordError) -> Volume<Scalar> {
    try each(with: kernel, .correlation, options)
  }

  private func pairs(
    with kernels: Volume<Scalar>, _ operation: ConvolutionOperation, _ options: ConvolutionOptions
  ) throws(ConcordError) -> Volume<Scalar> {
    guard kernels.shape[0] == shape[0] else {
      throw .elementCount(expected: shape[0], found: kernels.shape[0])
    }
    let plan = try ImagePairPlan<Scalar>(
      count: shape[0], image: Shape(rows: shape[1], columns: shape[2]),
      kernel: Shape(rows: kernels.shape[1], columns: kernels.shape[2]), operation,
      options: options)
    return try plan(self, kernels)
  }

  private func each(
    with kernel: Image<Scalar>, _ operation: ConvolutionOperation, _ options: ConvolutionOptions
  ) throws(ConcordError) -> Volume<Scalar> {
    try ConvolutionPlan(images: shape, kernel: kernel, operation, options: options.forSingleCall)(
      self)
  }
}

extension ConvolutionPlan where rank == 3, Scalar: RealScalar {
  /// A plan for every image of a stack with one kernel: planes don't meet where the kernel has but one.
  package init(
    images shape: Shape<3>, kernel: Image<Scalar>, _ operation: ConvolutionOperation,
    options: ConvolutionOptions
  ) throws(ConcordError) {
    var options = options
    if !options.origin.isEmpty { options.origin.insert(0, at: 0) }
    if case .index(let index) = options.anchor { options.anchor = .index([0] + index) }
    if !options.lags.isEmpty { options.lags.insert(0...shape[0] - 1, at: 0) }
    let deep = try kernel.reshaped(
      to: Shape<3>(planes: 1, rows: kernel.shape[0], columns: kernel.shape[1]))
    try self.init(image: shape, kernel: deep, operation, options: options)
  }
}
