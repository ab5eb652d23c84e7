public import ConcordArrays
import RealModule

extension NDArray where rank == 1, Scalar: RealScalar {
  /// The taps of a Gaussian, or of its derivative, normalized so that the Gaussian sums to 1.
  ///
  ///     g(x) = exp(-x² / 2σ²) / Σ exp(-x² / 2σ²),   |x| ≤ ⌊truncate · σ + 1/2⌋
  ///
  /// The derivative of order n is g times the polynomial that differentiation gives, as in
  /// `scipy.ndimage.gaussian_filter1d`.
  ///
  /// - Throws: ``ConcordError/outOfRange(what:found:allowed:)`` for a sigma or truncation that is
  ///   negative or not finite, or a radius beyond 10⁸.
  public static func gaussianTaps(
    sigma: Double, truncate: Double = 4, order: Int = 0
  ) throws(ConcordError) -> NDArray {
    try checkSigma(sigma)
    guard truncate.isFinite, truncate > 0, truncate * sigma < 1e8 else {
      throw .outOfRange(
        what: "truncate", found: truncate, allowed: "a positive number with a radius below 1e8")
    }
    return try gaussianTaps(sigma: sigma, radius: Int(truncate * sigma + 0.5), order: order)
  }

  /// The taps of a Gaussian, or of its derivative, that reach so many elements to each side.
  ///
  ///     g(x) = exp(-x² / 2σ²) / Σ exp(-x² / 2σ²),   |x| ≤ radius
  ///
  /// A sigma of 0 gives the single tap 1, whatever the radius.
  ///
  /// - Throws: ``ConcordError/outOfRange(what:found:allowed:)`` for a sigma that is negative or not
  ///   finite, a radius outside 0...10⁸, or an order outside 0...8.
  /// - SeeAlso: The `radius` of `scipy.ndimage.gaussian_filter1d`; ``GaussianExtents`` for the radii of
  ///   other libraries.
  public static func gaussianTaps(
    sigma: Double, radius: Int, order: Int = 0
  ) throws(ConcordError) -> NDArray {
    try checkSigma(sigma)
    guard (0...100_000_000).contains(radius) else {
      throw .outOfRange(what: "radius", found: Double(radius), allowed: "0 to 1e8")
    }
    guard (0...8).contains(order) else {
      throw .outOfRange(what: "order", found: Double(order), allowed: "0 to 8")
    }
    guard sigma > 0 || order == 0 else {
      throw .outOfRange(what: "sigma", found: sigma, allowed: "above 0 for a derivative")
    }
    guard radius > 0, sigma > 0 else { return NDArray([1]) }
    let weights = (-radius...radius).map { x in
      Double.exp(-0.5 * Double(x * x) / (sigma * sigma))
    }
    let sum = weights.reduce(0, +)
    let polynomial = hermite(order: order, sigma: sigma)
    // Taps of a correlation: derivatives of odd order are mirrored, as SciPy's are.
    return NDArray(
      (-radius...radius).map { x in
        let factor = polynomial.reversed().reduce(0.0) { $0 * Double(-x) + $1 }
        return Scalar(weights[x + radius] / sum * factor)
      })
  }

  private static func checkSigma(_ sigma: Double) throws(ConcordError) {
    guard sigma.isFinite, sigma >= 0 else {
      throw .outOfRange(what: "sigma", found: sigma, allowed: "a finite number of at least 0")
    }
  }

  /// The polynomial q with dⁿ/dxⁿ g = q · g, from q' - q x / σ², repeated.
  static func hermite(order: Int, sigma: Double) -> [Double] {
    var q = [1.0]
    for _ in 0..<order {
      var next = [Double](repeating: 0, count: q.count + 1)
      for power in q.indices {
        if power > 0 { next[power - 1] += Double(power) * q[power] }
        next[power + 1] -= q[power] / (sigma * sigma)
      }
      q = next
    }
    return q
  }
}

extension NDArray where Scalar: RealScalar {
  /// The product of one kernel for each axis: `k[i, j] = a[i] b[j]`.
  ///
  /// - Throws: ``ConcordError/elementCount(expected:found:)`` unless there is one for each axis.
  public static func separable(_ factors: [Signal<Scalar>]) throws(ConcordError) -> NDArray {
    guard factors.count == rank else {
      throw .elementCount(expected: rank, found: factors.count)
    }
    return NDArray(shape: Shape { factors[$0].count }) { position in
      (0..<rank).reduce(Scalar(1)) { $0 * factors[$1][position[$1]] }
    }
  }

  /// A Gaussian of one sigma for each axis, or one for all, that sums to 1.
  ///
  /// - Throws: ``ConcordError`` for a sigma that is negative or not finite.
  public static func gaussian(sigma: Double...) throws(ConcordError) -> NDArray {
    guard sigma.count == rank || sigma.count == 1 else {
      throw .elementCount(expected: rank, found: sigma.count)
    }
    var factors: [Signal<Scalar>] = []
    for axis in 0..<rank {
      factors.append(try .gaussianTaps(sigma: sigma.count == 1 ? sigma[0] : sigma[axis]))
    }
    return try separable(factors)
  }

  /// Equal weights that sum to 1.
  ///
  /// - Throws: ``ConcordError/empty(what:)`` if an extent is 0.
  public static func box(_ shape: Shape<rank>) throws(ConcordError) -> NDArray {
    guard shape.count > 0 else { throw .empty(what: "the box") }
    return NDArray(shape: shape, repeating: 1 / Scalar(shape.count))
  }

  /// Ones.
  public static func ones(_ shape: Shape<rank>) -> NDArray {
    NDArray(shape: shape, repeating: 1)
  }

  /// Zeros but for a 1 in the middle, at `extent / 2` along each axis.
  ///
  /// - Throws: ``ConcordError/empty(what:)`` if an extent is 0.
  public static func delta(_ shape: Shape<rank>) throws(ConcordError) -> NDArray {
    guard shape.count > 0 else { throw .empty(what: "the delta kernel") }
    var kernel = NDArray(shape: shape, repeating: 0)
    kernel[Position { shape[$0] / 2 }] = 1
    return kernel
  }

  /// The sum of second differences along every axis: 1, -2, 1.
  public static var laplacian: NDArray {
    NDArray(shape: Shape { _ in 3 }) { position in
      let off = (0..<rank).count { position[$0] != 1 }
      return off == 0 ? Scalar(-2 * rank) : off == 1 ? 1 : 0
    }
  }
}

extension NDArray where rank == 2, Scalar: RealScalar {
  /// Sobel's horizontal gradient as a correlation: -1, 0, 1 along columns, 1, 2, 1 along rows.
  public static var sobelX: NDArray { gradient(across: [1, 2, 1]) }

  /// Sobel's vertical gradient as a correlation: -1, 0, 1 along rows, 1, 2, 1 along columns.
  public static var sobelY: NDArray { sobelX.transposed() }

  /// Prewitt's horizontal gradient as a correlation: -1, 0, 1 along columns, 1, 1, 1 along rows.
  public static var prewittX: NDArray { gradient(across: [1, 1, 1]) }

  /// Prewitt's vertical gradient as a correlation: -1, 0, 1 along rows, 1, 1, 1 along columns.
  public static var prewittY: NDArray { prewittX.transposed() }

  /// Scharr's horizontal gradient as a correlation: -1, 0, 1 along columns, 3, 10, 3 along rows.
  public static var scharrX: NDArray { gradient(across: [3, 10, 3]) }

  /// Scharr's vertical gradient as a correlation: -1, 0, 1 along rows, 3, 10, 3 along columns.
  public static var scharrY: NDArray { scharrX.transposed() }

  /// A central difference along columns, weighted along rows.
  private static func gradient(across weights: [Int]) -> NDArray {
    NDArray(shape: [3, 3]) { Scalar(weights[$0.row] * [-1, 0, 1][$0.column]) }
  }
}
