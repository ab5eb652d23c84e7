import Concord

/// A Gaussian filter.
struct GaussianOperation: ImageOperation {
  let sigma: [Double]
  let accuracy: GaussianAccuracy
  let order: [Int]
  let options: ConvolutionOptions

  func prepare<let rank: Int, S: RealScalar & CommandElement>(
    for shape: Shape<rank>
  ) throws(ConcordError) -> PreparedOperation<rank, S> {
    let filter: GaussianFilter<rank, S> =
      switch accuracy {
      case .truncated(let sigmas):
        try GaussianFilter(
          image: shape, sigma: sigma, truncate: sigmas, order: order, options: options)
      case .within(let tolerance):
        try GaussianFilter(
          image: shape, sigma: sigma, tolerance: tolerance, order: order, options: options)
      }
    let algorithm = filter.plans.first?.choice.strategy.algorithm.rawValue
    return PreparedOperation(algorithm: algorithm ?? "separable", strategy: "\(filter)") {
      (images) throws(ConcordError) in
      try definition(of: images[0])
    } apply: { (images) throws(ConcordError) in
      try filter(images[0])
    }
  }
}

extension GaussianOperation {
  private func definition<let rank: Int, S: RealScalar & CommandElement>(
    of image: NDArray<rank, S>
  ) throws(ConcordError) -> OutputDefinition {
    var taps: [[Double]] = []
    for axis in 0..<rank {
      let axisTaps = try Signal<Double>.gaussianTaps(
        sigma: sigma.count == 1 ? sigma[0] : sigma[axis], truncate: accuracy.reach,
        order: order.count == 1 ? order[0] : order[axis])
      taps.append(axisTaps.elements)
    }
    var outputs = GaussianDefinition(taps: taps, boundary: options.boundary)
      .outputs(image: Grid(image))
    if case .within(let tolerance) = accuracy {
      let largest = image.elements.reduce(0.0) { $1.isFinite ? max($0, abs(Double($1))) : $0 }
      let gain = taps.reduce(1.0) { $0 * $1.reduce(0) { $0 + abs($1) } }
      outputs.allowance = tolerance * largest * gain
    }
    return outputs
  }
}

/// How near a Gaussian filter has to be to the Gaussian.
enum GaussianAccuracy {
  /// The correlation with taps that reach so many sigma.
  case truncated(Double)
  /// The Gaussian itself, within a tolerance.
  case within(Double)

  /// How many sigma the taps of the definition reach.
  var reach: Double {
    switch self {
    case .truncated(let sigmas): sigmas
    case .within: 8
    }
  }
}

/// A statistic of the window around each element, of an image or of an expression of one or two.
struct WindowOperation: ImageOperation {
  let statistic: WindowStatistic
  /// One extent for all axes, or one for each.
  let size: [Int]
  let options: WindowOptions
  var ddof = 0
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
        statistic: statistic, window: window.components, boundary: options.boundary, ddof: ddof)
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
      return try images[0].windowCorrelation(with: images[1], of: window, options: options)
    case .reduction(let reduction):
      if let expression, ddof == 0 {
        return try images[0].windowed(
          expression, with: images.count > 1 ? images[1] : nil, reduction: reduction, of: window,
          options: options, as: S.self)
      }
      if expression == nil { return try reduced(images[0], by: reduction, window) }
      return try reduced(try values(images), by: reduction, window).converted(to: S.self)
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
