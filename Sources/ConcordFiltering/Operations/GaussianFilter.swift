public import ConcordArrays
import ConcordBackends

/// A Gaussian filter, prepared for images of one shape.
///
///     let filter = try GaussianFilter<2, Float>(image: image.shape, sigma: [2])
///     let smooth = try filter(image)
///
/// With truncated taps it is the correlation with them, by the algorithm that is fastest for their
/// number. Within a tolerance, large sigmas may also be computed at a lower rate, which costs about
/// as much as copying the image, whatever sigma is.
///
/// - SeeAlso: ``NDArray/gaussianFiltered(sigma:truncate:order:options:)`` for a single call.
public struct GaussianFilter<let rank: Int, Scalar: RealScalar>: Sendable {
  /// The shape of the images that the filter is for.
  public let imageShape: Shape<rank>
  /// The plan of all axes together, or one for each axis that is smoothed, outermost first; none
  /// where nothing is smoothed, or all at a lower rate.
  public let plans: [ConvolutionPlan<rank, Scalar>]
  let rates: GaussianAtLowerRate<Scalar>?

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
    let axes = try GaussianAxes(image: image.components, sigma: sigma, order: order)
    try self.init(image: image, taps: axes.taps(truncate: truncate), axes: axes, options)
  }

  /// Prepares a filter whose taps reach so many elements to each side of every axis, or of each.
  ///
  ///     let filter = try GaussianFilter<2, Float>(image: image.shape, sigma: [1.5], radius: [5])
  ///
  /// A sigma of 0 leaves an axis as it is; a radius of 0 smooths nothing either.
  ///
  /// - Throws: ``ConcordError`` if a sigma is negative or not finite, a radius isn't in 0...10⁸, or the
  ///   image is empty.
  /// - SeeAlso: The `radius` of `scipy.ndimage.gaussian_filter`, in the place of `truncate`.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public init(
    image: Shape<rank>, sigma: [Double], radius: [Int], order: [Int] = [0],
    options: ConvolutionOptions = ConvolutionOptions(mode: .same, boundary: .symmetric)
  ) throws(ConcordError) {
    let axes = try GaussianAxes(image: image.components, sigma: sigma, order: order)
    try self.init(image: image, taps: axes.taps(radius: radius), axes: axes, options)
  }

  /// Prepares a filter that may differ from the Gaussian itself by a tolerance, and is the fastest
  /// within it.
  ///
  ///     let filter = try GaussianFilter<2, Float>(image: image.shape, sigma: [20], tolerance: 1e-4)
  ///
  /// The kernel h in effect differs from the Gaussian g (or its derivative), sampled and not cut off,
  /// by Σ |h - g| ≤ tolerance · Σ |g|, so that no output is off by more than that times the largest
  /// magnitude of the image, besides rounding. Truncation at 4 sigma is a tolerance of 1.3e-4 for
  /// each axis. A lower rate is taken in mode `same` with the usual centre, where
  /// `options.algorithm` is automatic and its memory is within the limit; NaN and infinity reach as
  /// far as taps that are within the tolerance.
  ///
  /// - Complexity: O(*n*) for large sigmas.
  /// - Throws: ``ConcordError`` if a sigma is negative or not finite, the tolerance isn't between 0
  ///   and 1, or the image is empty.
  /// - SeeAlso: P. J. Burt, "Fast filter transforms for image processing" (1981).
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public init(
    image: Shape<rank>, sigma: [Double], tolerance: Double, order: [Int] = [0],
    options: ConvolutionOptions = ConvolutionOptions(mode: .same, boundary: .symmetric)
  ) throws(ConcordError) {
    let axes = try GaussianAxes(image: image.components, sigma: sigma, order: order)
    let reach = try axes.reach(tolerance: tolerance)
    let taps: [Signal<Scalar>] = try axes.taps(truncate: reach)
    let rates = try GaussianAtLowerRate<Scalar>(
      axes: axes, reach: reach, tolerance: tolerance, options: options)
    let exact = try axes.estimate(
      taps: taps.map { $0.count }, options, isDouble: Scalar.self == Double.self)
    guard let rates, exact.map({ rates.seconds < $0 }) ?? true else {
      try self.init(image: image, taps: taps, axes: axes, options)
      return
    }
    self.init(image: image, rates: rates)
  }

  private init(image: Shape<rank>, rates: GaussianAtLowerRate<Scalar>) {
    imageShape = image
    plans = []
    self.rates = rates
  }

  private init(
    image: Shape<rank>, taps: [Signal<Scalar>], axes: GaussianAxes, _ options: ConvolutionOptions
  ) throws(ConcordError) {
    imageShape = image
    rates = nil
    guard axes.needsPassPerAxis(options.boundary) else {
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
    try check(image)
    if let rates { return try rates(image) }
    var result = image
    for plan in plans { result = try plan(result) }
    return result
  }

  func check(_ image: NDArray<rank, Scalar>) throws(ConcordError) {
    guard image.shape == imageShape else {
      throw .shapesDiffer(expected: imageShape.components, found: image.shape.components)
    }
  }

  /// The shape of the results.
  public var outputShape: Shape<rank> { plans.last?.outputShape ?? imageShape }
}

extension GaussianFilter: CustomStringConvertible {
  /// How it is computed.
  public var description: String {
    if let rates { return rates.description }
    let strategies = Set(plans.map { "\($0.choice.strategy)" }).sorted()
    return strategies.isEmpty ? "nothing to do" : strategies.joined(separator: ", ")
  }
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

  /// Returns the array smoothed by a Gaussian whose taps reach so many elements to each side.
  ///
  ///     let smooth = try image.gaussianFiltered(sigma: [1.5], radius: [5])     // 11 taps
  ///
  /// - Throws: ``ConcordError`` if a sigma is negative or not finite, a radius isn't in 0...10⁸, or the
  ///   array is empty.
  public func gaussianFiltered(
    sigma: [Double], radius: [Int], order: [Int] = [0],
    options: ConvolutionOptions = ConvolutionOptions(mode: .same, boundary: .symmetric)
  ) throws(ConcordError) -> NDArray {
    try GaussianFilter(
      image: shape, sigma: sigma, radius: radius, order: order, options: options)(self)
  }

  /// Returns the array smoothed by a Gaussian within a tolerance, by the fastest way that keeps it.
  ///
  /// - Complexity: O(*n*) for large sigmas.
  /// - Throws: As ``GaussianFilter/init(image:sigma:tolerance:order:options:)``, which says what the
  ///   tolerance means.
  public func gaussianFiltered(
    sigma: [Double], tolerance: Double, order: [Int] = [0],
    options: ConvolutionOptions = ConvolutionOptions(mode: .same, boundary: .symmetric)
  ) throws(ConcordError) -> NDArray {
    try GaussianFilter(
      image: shape, sigma: sigma, tolerance: tolerance, order: order, options: options)(self)
  }
}
