public import ConcordArrays
import ConcordBackends

extension NDArray where Scalar: RealScalar {
  /// Returns the variance around each element, weighted by a Gaussian.
  ///
  ///     var = Σ w x² - (Σ w x)²,   Σ w = 1
  ///
  /// Sums are in Double, of x minus the mean of all elements, so that an offset costs no accuracy. The
  /// result is never negative.
  ///
  /// - Complexity: O(*n* · Σ sigma), or O(*n* log *n*) where transforms are faster.
  /// - Throws: ``ConcordError`` if a sigma is negative or not finite, or the array is empty.
  /// - SeeAlso: The variances in `skimage.metrics.structural_similarity` with Gaussian weights, for
  ///   which sigma is 1.5 and the taps reach 3.5 sigma.
  public func gaussianVariance(
    sigma: [Double], truncate: Double = 4,
    options: ConvolutionOptions = ConvolutionOptions(mode: .same, boundary: .symmetric)
  ) throws(ConcordError) -> NDArray {
    let moments = try GaussianMoments(self, nil, sigma, truncate, options)
    return NDArray(shape: moments.shape, buffer: moments.combined { max(0, $0.aa) })
  }

  /// Returns the covariance of two arrays around each element, weighted by a Gaussian.
  ///
  ///     cov = Σ w x y - Σ w x · Σ w y,   Σ w = 1
  ///
  /// - Throws: ``ConcordError`` if shapes differ, a sigma is negative or not finite, or the array is
  ///   empty.
  public func gaussianCovariance(
    with other: NDArray, sigma: [Double], truncate: Double = 4,
    options: ConvolutionOptions = ConvolutionOptions(mode: .same, boundary: .symmetric)
  ) throws(ConcordError) -> NDArray {
    let moments = try GaussianMoments(self, other, sigma, truncate, options)
    return NDArray(shape: moments.shape, buffer: moments.combined { $0.ab })
  }

  /// Returns the correlation coefficient of two arrays around each element, weighted by a Gaussian.
  ///
  ///     r = cov(a, b) / √(var a · var b)
  ///
  /// It lies in -1...1. Where either is flat - its deviation is below a quarter of the rounding error of
  /// its own mean - it is what `flatWindows` says.
  ///
  /// - Throws: ``ConcordError`` if shapes differ, a sigma is negative or not finite, or the array is
  ///   empty.
  /// - SeeAlso: ``windowCorrelation(with:of:flatWindows:options:)`` for equal weights.
  public func gaussianCorrelation(
    with other: NDArray, sigma: [Double], truncate: Double = 4,
    flatWindows: FlatWindowScore = .zero,
    options: ConvolutionOptions = ConvolutionOptions(mode: .same, boundary: .symmetric)
  ) throws(ConcordError) -> NDArray {
    let moments = try GaussianMoments(self, other, sigma, truncate, options)
    let flat: Double = flatWindows == .zero ? 0 : .nan
    let resolution = 0.25 * Double(Scalar.ulpOfOne)
    let result: SharedBuffer<Scalar> = moments.combined { moment in
      let (a, b) = (max(0, moment.aa).squareRoot(), max(0, moment.bb).squareRoot())
      guard !(a <= resolution * abs(moment.a)), !(b <= resolution * abs(moment.b)) else {
        return flat
      }
      let r = moment.ab / (a * b)
      return r > 1 ? 1 : r < -1 ? -1 : r
    }
    return NDArray(shape: moments.shape, buffer: result)
  }
}

/// Gaussian means of one or two arrays and of their products, all about the arrays' own means.
private struct GaussianMoments<let rank: Int, Scalar: RealScalar> {
  /// Means, and central second moments, at one place.
  struct Moment {
    var a = 0.0
    var b = 0.0
    var aa = 0.0
    var bb = 0.0
    var ab = 0.0
  }

  let shape: Shape<rank>
  private let threads: Int
  private let centres: (a: Double, b: Double)
  private let means: (a: SharedBuffer<Double>, b: SharedBuffer<Double>?)
  private let squares: (a: SharedBuffer<Double>, b: SharedBuffer<Double>?)
  private let products: SharedBuffer<Double>?

  init(
    _ a: NDArray<rank, Scalar>, _ b: NDArray<rank, Scalar>?, _ sigma: [Double],
    _ truncate: Double, _ options: ConvolutionOptions
  ) throws(ConcordError) {
    if let b, b.shape != a.shape {
      throw .shapesDiffer(expected: a.shape.components, found: b.shape.components)
    }
    guard a.count > 0 else { throw .empty(what: "the image") }
    let x = CentredElements(a.buffer)
    let y = b.map { CentredElements($0.buffer) }
    // The constant beyond the edges is centred as elements are.
    func smooth(
      _ values: SharedBuffer<Double>, outside: (Double) -> Double
    ) throws(ConcordError) -> NDArray<rank, Double> {
      var options = options
      if case .constant(let value) = options.boundary {
        options.boundary = .constant(outside(value))
      }
      return try NDArray<rank, Double>(shape: a.shape, buffer: values)
        .gaussianFiltered(sigma: sigma, truncate: truncate, options: options)
    }
    let mean = try smooth(x.values) { $0 - x.centre }
    shape = mean.shape
    threads = options.threadCount
    centres = (x.centre, y?.centre ?? 0)
    let square = try smooth(x.times(x)) { ($0 - x.centre) * ($0 - x.centre) }
    guard let y else {
      (means, squares, products) = ((mean.buffer, nil), (square.buffer, nil), nil)
      return
    }
    let other = try smooth(y.values) { $0 - y.centre }
    let otherSquare = try smooth(y.times(y)) { ($0 - y.centre) * ($0 - y.centre) }
    means = (mean.buffer, other.buffer)
    squares = (square.buffer, otherSquare.buffer)
    products = try smooth(x.times(y)) { ($0 - x.centre) * ($0 - y.centre) }.buffer
  }

  /// A function of the moments at every place.
  func combined(_ formula: @Sendable (Moment) -> Double) -> SharedBuffer<Scalar> {
    combine(
      count: shape.count, centres: centres, means: means, squares: squares, products: products,
      threads: threads
    ) { formula(Moment(a: $0.0, b: $0.1, aa: $0.2, bb: $0.3, ab: $0.4)) }
  }
}

/// Elements minus their mean, in Double.
private struct CentredElements {
  let values: SharedBuffer<Double>
  let centre: Double

  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  init<Scalar: RealScalar>(_ elements: SharedBuffer<Scalar>) {
    let source = elements.span
    var (sum, count) = (0.0, 0.0)
    for index in source.indices {
      let value = Double(source[index])
      if value.isFinite {
        sum += value
        count += 1
      }
    }
    centre = count > 0 ? sum / count : 0
    var result = SharedBuffer<Double>(uninitializedCount: elements.count)
    var out = result.mutableSpan
    for index in source.indices { out[index] = Double(source[index]) - centre }
    values = result
  }

  func times(_ other: CentredElements) -> SharedBuffer<Double> {
    var result = SharedBuffer<Double>(uninitializedCount: values.count)
    var out = result.mutableSpan
    let (x, y) = (values.span, other.values.span)
    for index in x.indices { out[index] = x[index] * y[index] }
    return result
  }
}

@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func combine<Scalar: RealScalar>(
  count: Int, centres: (a: Double, b: Double),
  means: (a: SharedBuffer<Double>, b: SharedBuffer<Double>?),
  squares: (a: SharedBuffer<Double>, b: SharedBuffer<Double>?),
  products: SharedBuffer<Double>?, threads: Int,
  _ formula: @Sendable ((Double, Double, Double, Double, Double)) -> Double
) -> SharedBuffer<Scalar> {
  var result = SharedBuffer<Scalar>(uninitializedCount: count)
  let piece = 1 << 16
  let ranges = stride(from: 0, to: count, by: piece).map { $0..<min($0 + piece, count) }
  fillRanges(ranges, of: &result, threads: threads) {
  } body: { task, out, _ in
    let first = ranges[task].lowerBound
    for index in out.indices {
      let place = first + index
      let a = means.a[place]
      let b = means.b.map { $0[place] } ?? 0
      let aa = squares.a[place] - a * a
      let bb = squares.b.map { $0[place] - b * b } ?? 0
      let ab = products.map { $0[place] - a * b } ?? 0
      out[index] = Scalar(formula((a + centres.a, b + centres.b, aa, bb, ab)))
    }
  }
  return result
}
