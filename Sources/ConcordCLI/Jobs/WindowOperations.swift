import Concord

/// A Gaussian filter.
struct GaussianOperation: ImageOperation {
  let sigma: [Double]
  let truncate: Double
  let order: [Int]
  let options: ConvolutionOptions

  func prepare<let rank: Int, S: RealScalar & CommandElement>(
    for shape: Shape<rank>
  ) throws(ConcordError) -> PreparedOperation<rank, S> {
    let filter = try GaussianFilter<rank, S>(
      image: shape, sigma: sigma, truncate: truncate, order: order, options: options)
    let algorithm = filter.plans.first?.choice.strategy.algorithm ?? .separable
    return PreparedOperation(algorithm: algorithm.rawValue) { (images) throws(ConcordError) in
      var taps: [[Double]] = []
      for axis in 0..<rank {
        let axisTaps = try Signal<Double>.gaussianTaps(
          sigma: sigma.count == 1 ? sigma[0] : sigma[axis], truncate: truncate,
          order: order.count == 1 ? order[0] : order[axis])
        taps.append(axisTaps.elements)
      }
      return GaussianDefinition(taps: taps, boundary: options.boundary)
        .outputs(image: Grid(images[0]))
    } apply: { (images) throws(ConcordError) in
      try filter(images[0])
    }
  }
}

/// A reduction of the window around each element, of an image or of an expression of one or two.
struct WindowOperation: ImageOperation {
  let reduction: WindowReduction
  /// One extent for all axes, or one for each.
  let size: [Int]
  let options: WindowOptions
  var ddof = 0
  /// Nil for the image itself.
  var expression: PixelExpression?

  func prepare<let rank: Int, S: RealScalar & CommandElement>(
    for shape: Shape<rank>
  ) throws(ConcordError) -> PreparedOperation<rank, S> {
    guard size.count == 1 || size.count == rank else {
      throw .elementCount(expected: rank, found: size.count)
    }
    let window = Shape<rank> { size.count == 1 ? size[0] : size[$0] }
    return PreparedOperation(algorithm: algorithm) { (images) throws(ConcordError) in
      let definition = WindowDefinition(
        reduction: reduction, window: window.components, boundary: options.boundary, ddof: ddof)
      return definition.outputs(image: Grid(try values(images)))
    } apply: { (images) throws(ConcordError) in
      if expression != nil {
        return try values(images)
          .windowReduced(reduction, of: window, options: options).converted(to: S.self)
      }
      if reduction == .variance {
        return try images[0].windowVariance(of: window, ddof: ddof, options: options)
      }
      return try images[0].windowReduced(reduction, of: window, options: options)
    }
  }

  private func values<let rank: Int, S: RealScalar>(
    _ images: [NDArray<rank, S>]
  ) throws(ConcordError) -> NDArray<rank, Double> {
    guard let expression else { return images[0].converted(to: Double.self) }
    return try expression.values(
      a: images[0], b: images.count > 1 ? images[1] : nil, threads: options.threads)
  }

  /// Sums and what is made of them cost the same for any window; the others visit every element.
  private var algorithm: String {
    switch reduction {
    case .sum, .mean, .variance: "box"
    case .minimum, .maximum, .median: "direct"
    }
  }
}
