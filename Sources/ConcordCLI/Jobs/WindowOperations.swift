import Concord

/// A statistic of the window around each element, of an image or of an expression of one or two.
struct WindowOperation: ImageOperation {
  let statistic: WindowStatistic
  /// One extent for all axes, or one for each.
  let size: [Int]
  let options: WindowOptions
  var ddof = 0
  /// What a correlation is where either image is flat.
  var flat = FlatWindowScore.zero
  /// Nil for the images themselves.
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
        statistic: statistic, window: window.components, boundary: options.boundary, ddof: ddof,
        flat: FlatRule(flat, S.precision))
      let second = images.count > 1 && expression == nil ? Grid(images[1]) : nil
      return definition.outputs(image: Grid(try values(images)), second: second)
    } apply: { (images) throws(ConcordError) in
      try apply(to: images, window)
    }
  }

  private func apply<let rank: Int, S: RealScalar>(
    to images: [NDArray<rank, S>], _ window: Shape<rank>
  ) throws(ConcordError) -> NDArray<rank, S> {
    switch statistic {
    case .covariance:
      return try images[0].windowCovariance(
        with: images[1], of: window, ddof: ddof, options: options)
    case .correlation:
      return try images[0].windowCorrelation(
        with: images[1], of: window, flatWindows: flat, options: options)
    case .reduction(let reduction):
      guard let expression else { return try reduced(images[0], by: reduction, window) }
      return try images[0].windowed(
        expression, with: images.count > 1 ? images[1] : nil, reduction: reduction, of: window,
        ddof: ddof, options: options, as: S.self)
    }
  }

  private func reduced<let rank: Int, S: RealScalar>(
    _ image: NDArray<rank, S>, by reduction: WindowReduction, _ window: Shape<rank>
  ) throws(ConcordError) -> NDArray<rank, S> {
    switch reduction {
    case .variance: try image.windowVariance(of: window, ddof: ddof, options: options)
    case .standardDeviation:
      try image.windowStandardDeviation(of: window, ddof: ddof, options: options)
    default: try image.windowReduced(reduction, of: window, options: options)
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
    switch statistic {
    case .reduction(.minimum), .reduction(.maximum), .reduction(.median): "direct"
    case .reduction, .covariance, .correlation: "box"
    }
  }
}
