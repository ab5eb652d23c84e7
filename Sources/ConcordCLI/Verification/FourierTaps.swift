import Concord
import Foundation

/// The periodic taps whose transform is exp(-2 π² σ² ν²) at the frequencies of an axis.
struct FourierTaps {
  let elements: [Double]

  init(sigma: Double, extent: Int) throws(ConcordError) {
    if sigma == 0 || extent == 1 {
      elements = [1]
    } else if sigma >= 2.5 {
      // Nothing is left at the highest frequency, so they are samples of a Gaussian, which wraps.
      let radius = Int((9 * sigma).rounded(.up))
      let weights = (-radius...radius).map { exp(-Double($0 * $0) / (2 * sigma * sigma)) }
      let sum = weights.reduce(0, +)
      elements = weights.map { $0 / sum }
    } else {
      guard extent <= 8192 else {
        throw .outOfRange(
          what: "the extent of an axis, to verify a Gaussian by frequencies with a sigma below 2.5",
          found: Double(extent), allowed: "at most 8192")
      }
      elements = Self.sums(sigma, extent)
    }
  }

  /// The sum over all frequencies for each distance, the middle one being 0.
  private static func sums(_ sigma: Double, _ n: Int) -> [Double] {
    let weights = (0..<n).map { index in
      let frequency = Double(index <= n / 2 ? index : index - n) / Double(n)
      return exp(-2 * .pi * .pi * sigma * sigma * frequency * frequency) / Double(n)
    }
    let cosines = (0..<n).map { cos(2 * .pi * Double($0) / Double(n)) }
    return (0..<n).map { tap in
      let distance = tap - n / 2 + n
      return weights.indices.reduce(0.0) { $0 + weights[$1] * cosines[$1 * distance % n] }
    }
  }
}
