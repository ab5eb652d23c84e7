import ConcordArrays
import ConcordBackends
import RealModule

/// How one axis of a Gaussian filter is computed at a lower rate, within a tolerance.
///
/// A Gaussian is a Gaussian after a Gaussian: their variances add. A narrow one lowers the rate, one of
/// most of the variance filters what is left, and the narrow one again raises the rate. The narrow
/// one's standard deviation is a fraction of the lower rate's step: what it lets through of
/// frequencies that the lower rate can't hold is 4 exp(-2 π² fraction²). The taps that result for each
/// sample of a step are compared with the Gaussian itself before they are used.
///
/// - SeeAlso: P. J. Burt, "Fast filter transforms for image processing", Computer Graphics and Image
///   Processing 16 (1981); the bound is Poisson's sum formula.
struct GaussianRates {
  let axis: MultirateAxis
  /// Σ |h - g| / Σ |g| of the taps h that result and the Gaussian or its derivative g, at worst.
  let error: Double

  /// Steps for which the passes are written out, widest first.
  private static let factors = [16, 12, 8, 6, 4, 3, 2]

  /// The widest step within the tolerance; nil if there is none.
  init?(extent: Int, sigma: Double, order: Int, tolerance: Double) {
    guard sigma >= 2, tolerance > 1e-13 else { return nil }
    let narrowest = (Double.log(16 / tolerance) / (2 * .pi * .pi)).squareRoot()
    for factor in Self.factors where Double(factor) * narrowest < sigma / 1.5 {
      for widening in [1, 1.1, 1.2, 1.35] {
        guard
          let axis = Self.axis(
            extent: extent, sigma: sigma, order: order, factor: factor,
            fraction: narrowest * widening, tolerance: tolerance)
        else { continue }
        let error = Self.error(of: axis, sigma: sigma, order: order)
        guard error <= tolerance else { continue }
        self.axis = axis
        self.error = error
        return
      }
    }
    return nil
  }

  /// Tails beyond so many standard deviations hold less than a part of the tolerance.
  private static func reach(_ tolerance: Double) -> Double {
    (2 * Double.log(8 / tolerance)).squareRoot()
  }

  private static func axis(
    extent: Int, sigma: Double, order: Int, factor: Int, fraction: Double, tolerance: Double
  ) -> MultirateAxis? {
    let step = Double(factor)
    let narrow = fraction * step
    let reach = reach(tolerance)
    let radius = Int((reach * narrow).rounded(.up))
    let decimation = weights((-radius...radius).map(Double.init), sigma: narrow, order: 0)
    let variance = zip(-radius...radius, decimation).reduce(0) { $0 + Double($1.0 * $1.0) * $1.1 }
    let rest = sigma * sigma - 2 * variance
    guard rest > 0 else { return nil }
    let wide = rest.squareRoot() / step
    guard wide >= fraction else { return nil }
    // A derivative's polynomial makes its tails heavier.
    let wideRadius = Int(((reach + 0.3 * Double(order)) * wide).rounded(.up))
    var filter = weights((-wideRadius...wideRadius).map(Double.init), sigma: wide, order: order)
    // Taps of a correlation, per sample of the image.
    let scale = Double.pow(step, Double(-order)) * (order % 2 == 1 ? -1 : 1)
    filter = filter.map { $0 * scale }
    let first = -(radius.parts(of: factor))
    let last = (factor - 1 + radius) / factor
    let phases = (0..<factor).map { phase in
      weights(
        (first...last).map { Double(phase - $0 * factor) }, sigma: narrow, order: 0,
        within: Double(radius))
    }
    return MultirateAxis(
      factor: factor, extent: extent, decimation: decimation, filter: filter, phases: phases,
      firstCell: first)
  }

  /// A Gaussian that sums to 1 over some places, or a derivative of it.
  private static func weights(
    _ places: [Double], sigma: Double, order: Int, within reach: Double = .infinity
  ) -> [Double] {
    let values = places.map { x in
      abs(x) > reach ? 0 : Double.exp(-0.5 * x * x / (sigma * sigma))
    }
    let sum = values.reduce(0, +)
    guard order > 0 else { return values.map { $0 / sum } }
    let polynomial = Signal<Double>.hermite(order: order, sigma: sigma)
    return zip(places, values).map { x, value in
      value / sum * polynomial.reversed().reduce(0.0) { $0 * x + $1 }
    }
  }

  /// How far the taps of each sample of a step are from the Gaussian's.
  private static func error(of axis: MultirateAxis, sigma: Double, order: Int) -> Double {
    let (radius, wideRadius) = (axis.decimation.count / 2, axis.filter.count / 2)
    let count = axis.phases[0].count
    let ends = max(-axis.firstCell, axis.firstCell + count) + wideRadius
    let reach = max(ends * axis.factor + radius, Int(9 * sigma)) + axis.factor
    let places = (-reach...reach)
    let sign = order % 2 == 1 ? -1.0 : 1
    let ideal = weights(places.map(Double.init), sigma: sigma, order: order).map { $0 * sign }
    let scale = ideal.reduce(0) { $0 + abs($1) }
    return (0..<axis.factor).map { phase in
      var taps = [Double](repeating: 0, count: places.count)
      for cell in 0..<(count + axis.filter.count - 1) {
        let low = max(0, cell - axis.filter.count + 1)...min(cell, count - 1)
        let weight = low.reduce(0) { $0 + axis.phases[phase][$1] * axis.filter[cell - $1] }
        let centre = (axis.firstCell + cell - wideRadius) * axis.factor - phase
        for tap in axis.decimation.indices {
          taps[centre + tap - radius + reach] += weight * axis.decimation[tap]
        }
      }
      return zip(taps, ideal).reduce(0) { $0 + abs($1.0 - $1.1) } / scale
    }.max() ?? .infinity
  }
}
