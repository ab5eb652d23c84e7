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
    let filter: GaussianFilter<rank, S>
    switch accuracy {
    case .truncated(let sigmas):
      filter = try GaussianFilter(
        image: shape, sigma: sigma, truncate: sigmas, order: order, options: options)
    case .radius(let radius):
      filter = try GaussianFilter(
        image: shape, sigma: sigma, radius: radius, order: order, options: options)
    case .within(let tolerance):
      filter = try GaussianFilter(
        image: shape, sigma: sigma, tolerance: tolerance, order: order, options: options)
    case .fourier:
      return try prepareFourier(for: shape)
    }
    let algorithm = filter.plans.first?.choice.strategy.algorithm.rawValue
    return PreparedOperation(algorithm: algorithm ?? "separable", strategy: "\(filter)") {
      (images) throws(ConcordError) in
      try definition(of: images[0])
    } apply: { (images) throws(ConcordError) in
      try filter(images[0])
    }
  }

  private func prepareFourier<let rank: Int, S: RealScalar & CommandElement>(
    for shape: Shape<rank>
  ) throws(ConcordError) -> PreparedOperation<rank, S> {
    let filter = try FourierGaussianFilter<rank, S>(
      image: shape, sigma: sigma, effort: options.effort ?? .measure, threads: options.threads,
      memoryLimit: options.memoryLimit)
    return PreparedOperation(algorithm: "fft") { (images) throws(ConcordError) in
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
    for axis in 0..<rank { taps.append(try self.taps(axis, extent: image.shape[axis])) }
    var outputs = GaussianDefinition(taps: taps, boundary: options.boundary)
      .outputs(image: Grid(image))
    if case .within(let tolerance) = accuracy {
      let largest = image.elements.reduce(0.0) { $1.isFinite ? max($0, abs(Double($1))) : $0 }
      let gain = taps.reduce(1.0) { $0 * $1.reduce(0) { $0 + abs($1) } }
      outputs.allowance = tolerance * largest * gain
    }
    return outputs
  }

  /// The taps that define the result along an axis.
  private func taps(_ axis: Int, extent: Int) throws(ConcordError) -> [Double] {
    func entry<Value>(_ list: [Value]) -> Value { list.count == 1 ? list[0] : list[axis] }
    let sigma = entry(sigma)
    switch accuracy {
    case .truncated(let sigmas):
      return try Signal<Double>.gaussianTaps(sigma: sigma, truncate: sigmas, order: entry(order))
        .elements
    case .within:
      return try Signal<Double>.gaussianTaps(sigma: sigma, truncate: 8, order: entry(order))
        .elements
    case .radius(let radius):
      return try Signal<Double>.gaussianTaps(
        sigma: sigma, radius: entry(radius), order: entry(order)
      ).elements
    case .fourier:
      return try FourierTaps(sigma: sigma, extent: extent).elements
    }
  }
}

/// How near a Gaussian filter has to be to the Gaussian.
enum GaussianAccuracy {
  /// The correlation with taps that reach so many sigma.
  case truncated(Double)
  /// The correlation with taps that reach so many elements.
  case radius([Int])
  /// The Gaussian itself, within a tolerance.
  case within(Double)
  /// The product with the Gaussian's transform.
  case fourier
}
