public import ConcordArrays

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
    for list in [sigma.count, order.count] where list != rank && list != 1 {
      throw .elementCount(expected: rank, found: list)
    }
    var result = self
    for axis in 0..<rank {
      let taps = try Signal<Scalar>.gaussianTaps(
        sigma: sigma.count == 1 ? sigma[0] : sigma[axis], truncate: truncate,
        order: order.count == 1 ? order[0] : order[axis])
      if taps.count == 1 { continue }
      let kernel = try taps.reshaped(to: Shape<rank> { $0 == axis ? taps.count : 1 })
      result = try result.correlated(with: kernel, options: options)
    }
    return result
  }
}
