public import ConcordArrays
import ConcordBackends

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
  /// All axes at once, without images between them; nil where the axes are better on their own.
  private let joint: SeparableCorrelation<Scalar>?

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
    var factors = [SharedBuffer<Scalar>](repeating: SharedBuffer([1]), count: 3)
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
      factors[axis + 3 - rank] = kernel.buffer
      shape = plan.outputShape
    }
    self.plans = plans
    joint = Self.joined(plans, factors, image: image, options)
  }

  /// The axes together, if direct sums are the fastest for each, or memory is too small for an image
  /// between them; and if going one after the other means the same.
  private static func joined(
    _ plans: [ConvolutionPlan<rank, Scalar>], _ factors: [SharedBuffer<Scalar>],
    image: Shape<rank>, _ options: ConvolutionOptions
  ) -> SeparableCorrelation<Scalar>? {
    guard plans.count > 1, var geometry = plans.first?.engine.geometry else { return nil }
    // A constant goes through the first axis' taps if both are extended at once. Windows that
    // shrink, and NaN on a transformed axis, are settled axis by axis.
    if geometry.renormalizes || (options.boundary.isConstant && options.boundary != .zero) {
      return nil
    }
    let between = plans.dropLast().map { $0.outputShape.count }.max() ?? 0
    let isTight = between * MemoryLayout<Scalar>.stride > options.workingMemory
    guard isTight || plans.allSatisfy({ $0.choice.strategy == .direct }) else { return nil }
    geometry.image = image.threeAxes
    for plan in plans {
      for axis in 0..<3 where plan.engine.geometry.kernel[axis] > 1 {
        geometry.kernel[axis] = plan.engine.geometry.kernel[axis]
        geometry.offset[axis] = plan.engine.geometry.offset[axis]
        geometry.output[axis] = plan.engine.geometry.output[axis]
      }
    }
    return SeparableCorrelation(geometry: geometry, taps: factors)
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
    if let joint, let options = plans.first?.options {
      var out = NDArray<rank, Scalar>(uninitialized: outputShape)
      joint.run(image.buffer, threads: options.threadCount, into: &out.buffer)
      return out
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
