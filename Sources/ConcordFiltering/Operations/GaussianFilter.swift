public import ConcordArrays

/// A Gaussian filter, prepared for images of one shape: one plan for each axis that it smooths.
///
///     let filter = try GaussianFilter<2, Float>(image: image.shape, sigma: [2])
///     let smooth = try filter(image)
///
/// - SeeAlso: ``NDArray/gaussianFiltered(sigma:truncate:order:options:)`` for a single call.
public struct GaussianFilter<let rank: Int, Scalar: RealScalar>: Sendable {
  /// The shape of the images that the filter is for.
  public let imageShape: Shape<rank>
  /// The plans of the axes that are smoothed, outermost first.
  public let plans: [ConvolutionPlan<rank, Scalar>]

  /// Prepares a filter with a sigma and an order of derivative for each axis, or one for all.
  ///
  /// A sigma of 0 leaves an axis as it is.
  ///
  /// - Parameters:
  ///   - image: The shape of the images.
  ///   - sigma: The standard deviation along each axis, in pixels.
  ///   - truncate: How many sigma the taps reach.
  ///   - order: The derivative along each axis; 0 smooths.
  ///   - options: How the axes' correlations are computed, and the boundary rule.
  /// - Throws: ``ConcordError`` if a sigma is negative or not finite, or the image is empty.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public init(
    image: Shape<rank>, sigma: [Double], truncate: Double = 4, order: [Int] = [0],
    options: ConvolutionOptions = ConvolutionOptions(mode: .same, boundary: .symmetric)
  ) throws(ConcordError) {
    for list in [sigma.count, order.count] where list != rank && list != 1 {
      throw .elementCount(expected: rank, found: list)
    }
    imageShape = image
    var plans: [ConvolutionPlan<rank, Scalar>] = []
    var shape = image
    for axis in 0..<rank {
      let taps = try Signal<Scalar>.gaussianTaps(
        sigma: sigma.count == 1 ? sigma[0] : sigma[axis], truncate: truncate,
        order: order.count == 1 ? order[0] : order[axis])
      if taps.count == 1 { continue }
      let kernel = try taps.reshaped(to: Shape<rank> { $0 == axis ? taps.count : 1 })
      let plan = try ConvolutionPlan(
        image: shape, kernel: kernel, .correlation, options: options)
      plans.append(plan)
      shape = plan.outputShape
    }
    self.plans = plans
  }

  /// Filters an image.
  ///
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` for an image of another shape.
  public func callAsFunction(
    _ image: NDArray<rank, Scalar>
  ) throws(ConcordError) -> NDArray<rank, Scalar> {
    guard image.shape == imageShape else {
      throw .shapesDiffer(expected: imageShape.components, found: image.shape.components)
    }
    var result = image
    for plan in plans { result = try plan(result) }
    return result
  }

  /// The shape of the results.
  public var outputShape: Shape<rank> { plans.last?.outputShape ?? imageShape }
}

extension NDArray where Scalar: RealScalar {
  /// Returns the array smoothed by a Gaussian, one axis after another.
  ///
  /// Each axis has its sigma, or all have one; 0 leaves an axis as it is. Orders above 0 give the
  /// derivatives of the smoothed array.
  ///
  /// - Complexity: O(*n* · Σ sigma), or O(*n* log *n*) where transforms are faster.
  /// - Throws: ``ConcordError`` if a sigma is negative or not finite, or the array is empty.
  /// - SeeAlso: `scipy.ndimage.gaussian_filter`, whose taps and default boundary these are (its
  ///   'reflect' is `symmetric` here).
  public func gaussianFiltered(
    sigma: [Double], truncate: Double = 4, order: [Int] = [0],
    options: ConvolutionOptions = ConvolutionOptions(mode: .same, boundary: .symmetric)
  ) throws(ConcordError) -> NDArray {
    try GaussianFilter(
      image: shape, sigma: sigma, truncate: truncate, order: order, options: options)(self)
  }
}
