public import ConcordArrays
import ConcordBackends

/// A Gaussian filter, prepared for images of one shape.
///
///     let filter = try GaussianFilter<2, Float>(image: image.shape, sigma: [2])
///     let smooth = try filter(image)
///
/// - SeeAlso: ``NDArray/gaussianFiltered(sigma:truncate:order:options:)`` for a single call.
public struct GaussianFilter<let rank: Int, Scalar: RealScalar>: Sendable {
  /// The shape of the images that the filter is for.
  public let imageShape: Shape<rank>
  /// The plan of all axes together, or one for each axis that is smoothed, outermost first.
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
  ///   - options: How the correlation is computed, and the boundary rule.
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
    var taps: [Signal<Scalar>] = []
    for axis in 0..<rank {
      taps.append(
        try .gaussianTaps(
          sigma: sigma.count == 1 ? sigma[0] : sigma[axis], truncate: truncate,
          order: order.count == 1 ? order[0] : order[axis]))
    }
    // A constant beyond the edges is taken anew for each axis, as SciPy does; to a derivative that
    // is not the same as to extend the image once.
    let isAnew = options.boundary.isConstant && options.boundary != .zero
    guard isAnew, order.contains(where: { $0 > 0 }) else {
      plans =
        taps.allSatisfy { $0.count == 1 }
        ? [] : [try ConvolutionPlan(image: image, factors: taps, .correlation, options: options)]
      return
    }
    var plans: [ConvolutionPlan<rank, Scalar>] = []
    var shape = image
    for axis in 0..<rank where taps[axis].count > 1 {
      let factors = (0..<rank).map { $0 == axis ? taps[axis] : Signal<Scalar>([1]) }
      let plan = try ConvolutionPlan(
        image: shape, factors: factors, .correlation, options: options)
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
