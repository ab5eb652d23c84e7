public import ConcordArrays
import RealModule

/// Speckle: noise smoothed by a Gaussian, as a function of continuous position.
///
///     f(x) = mean + deviation · Σₙ aₙ g(x - n),   g(x) ∝ exp(-|x|² / 2σ²)
///
/// The numbers aₙ of the infinite lattice are independent, with mean 0 and variance 1, and g is
/// scaled so that the sum has variance 1. As f is known everywhere, an image of it moved by any
/// shift, whole or not, is exact: nothing is interpolated, and what moves in from outside is right.
public struct Speckle: Hashable, Sendable {
  /// The standard deviation of the Gaussian, in pixels: half the speckles' size, roughly.
  public var sigma: Double
  /// What the noise is made from.
  public var seed: UInt64
  /// The mean of the values.
  public var mean = 0.5
  /// The standard deviation of the values.
  public var deviation = 0.15

  /// The speckle of a size and seed.
  public init(sigma: Double = 2, seed: UInt64 = 0) {
    self.sigma = sigma
    self.seed = seed
  }

  /// Where the Gaussian has fallen to less than Double's rounding, in sigma.
  private static let reach = 8.5

  /// An image of the speckle, moved by a shift: the element at `p` is `f(p - shift)`.
  ///
  /// - Complexity: O(*n* · σ).
  /// - Throws: ``ConcordError/outOfRange(what:found:allowed:)`` for a sigma outside 0.5...1000 or a
  ///   shift beyond 10⁹, ``ConcordError/empty(what:)`` for a shape without elements.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func image<let rank: Int, Scalar: RealScalar>(
    _ shape: Shape<rank>, shift: Displacement<rank> = Displacement { _ in 0 }
  ) throws(ConcordError) -> NDArray<rank, Scalar> {
    guard (0.5...1000).contains(sigma) else {
      throw .outOfRange(what: "sigma", found: sigma, allowed: "0.5 to 1000")
    }
    try checkShift(shift)
    let radius = Int((Self.reach * sigma).rounded(.up))
    let whole = Position<rank> { Int(shift[$0].rounded(.down)) }
    var field: NDArray<rank, Double> = try LatticeNoise(seed: seed).image(
      Shape { shape[$0] + 2 * radius + 1 }, shift: Position { whole[$0] + radius + 1 })
    // From uniform in 0..<1 to mean 0 and variance 1.
    field = (field - 0.5) * 12.0.squareRoot()
    for axis in 0..<rank {
      let taps = taps(fraction: shift[axis] - Double(whole[axis]), radius: radius)
      let kernel = try taps.reshaped(to: Shape<rank> { $0 == axis ? taps.count : 1 })
      field = try field.convolved(with: kernel, mode: .valid)
    }
    field = field * deviation + mean
    return field.converted(to: Scalar.self)
  }

  /// The Gaussian at m - fraction for m from -radius to radius + 1, of energy 1.
  private func taps(fraction: Double, radius: Int) -> Signal<Double> {
    let scale = 1 / (sigma * Double.pi.squareRoot()).squareRoot()
    return Signal(
      (-radius...(radius + 1)).map { m in
        let x = (Double(m) - fraction) / sigma
        return scale * Double.exp(-0.5 * x * x)
      })
  }
}

/// Refuses shifts whose fractions a Double could not hold well.
func checkShift<let rank: Int>(_ shift: Displacement<rank>) throws(ConcordError) {
  for component in shift.components where !(abs(component) <= 1e9) {
    throw .outOfRange(what: "shift", found: component, allowed: "-1e9 to 1e9")
  }
}
