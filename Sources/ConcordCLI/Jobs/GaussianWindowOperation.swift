import Concord

/// A second moment around each element, weighted by a Gaussian, of one image or of two.
struct GaussianWindowOperation: ImageOperation {
  let statistic: WindowStatistic
  /// One for all axes, or one for each.
  let sigma: [Double]
  let truncate: Double
  let flat: FlatWindowScore
  let options: ConvolutionOptions

  func prepare<let rank: Int, S: RealScalar & CommandElement>(
    for shape: Shape<rank>
  ) throws(ConcordError) -> PreparedOperation<rank, S> {
    guard sigma.count == 1 || sigma.count == rank else {
      throw .elementCount(expected: rank, found: sigma.count)
    }
    return PreparedOperation(algorithm: algorithm) { (images) throws(ConcordError) in
      var taps: [[Double]] = []
      for axis in 0..<rank {
        taps.append(
          try Signal<Double>.gaussianTaps(
            sigma: sigma.count == 1 ? sigma[0] : sigma[axis], truncate: truncate
          ).elements)
      }
      let definition = GaussianWindowDefinition(
        statistic: statistic, taps: taps, boundary: options.boundary,
        flat: FlatRule(flat, S.precision))
      return definition.outputs(
        image: Grid(images[0]), second: images.count > 1 ? Grid(images[1]) : nil)
    } apply: { (images) throws(ConcordError) in
      try apply(to: images)
    }
  }

  private func apply<let rank: Int, S: RealScalar>(
    to images: [NDArray<rank, S>]
  ) throws(ConcordError) -> NDArray<rank, S> {
    switch statistic {
    case .covariance:
      try images[0].gaussianCovariance(
        with: images[1], sigma: sigma, truncate: truncate, options: options)
    case .correlation:
      try images[0].gaussianCorrelation(
        with: images[1], sigma: sigma, truncate: truncate, flatWindows: flat, options: options)
    case .reduction:
      try images[0].gaussianVariance(sigma: sigma, truncate: truncate, options: options)
    }
  }

  /// Weights are products of one factor for each axis.
  private var algorithm: String { "separable" }
}
