import ConcordArrays
import ConcordBackends

/// What the colours of a picture stand for: the values of both ends, and what lies outside.
struct ValueRange: Equatable, Sendable {
  var low: Double
  var high: Double
  /// Whether values below the range, above it, or without a value occur.
  var exceedsLow = false
  var exceedsHigh = false
  var hasNaN = false

  /// The range as one value for the ticks.
  var bounds: ClosedRange<Double> { low...high }

  /// Where a value lies between the ends: 0 at the low one, 1 at the high one.
  ///
  /// Halves are taken first, because the width of a range of Doubles may overflow.
  func fraction(of value: Double) -> Double {
    (value / 2 - low / 2) / (high / 2 - low / 2)
  }

  /// The range of the finite values, or the given one; centred about zero if asked for.
  ///
  /// A range without width is widened, so that a constant takes the middle colour.
  init(of extremes: Extremes, given: ClosedRange<Double>?, centered: Bool) {
    let found = extremes.finite ?? 0...1
    let wanted = given ?? (centered ? ValueRange.centered(found) : found)
    (low, high) = (wanted.lowerBound, wanted.upperBound)
    let magnitude = max(abs(low), abs(high))
    let tiny = 1e-280
    if !(high / 2 - low / 2 > max(magnitude * 1e-9, tiny)) {
      let margin = magnitude > 1e-200 ? magnitude / 2 : 1
      (low, high) = (low / 2 + high / 2 - margin, low / 2 + high / 2 + margin)
    }
    exceedsLow = extremes.hasNegativeInfinity || found.lowerBound < low
    exceedsHigh = extremes.hasPositiveInfinity || found.upperBound > high
    hasNaN = extremes.hasNaN
  }

  private static func centered(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
    let magnitude = max(abs(range.lowerBound), abs(range.upperBound))
    return -magnitude...magnitude
  }
}

/// The smallest and largest finite values of an array, and which others there are.
struct Extremes: Equatable, Sendable {
  var finite: ClosedRange<Double>?
  var hasNaN = false
  var hasNegativeInfinity = false
  var hasPositiveInfinity = false

  @_specialize(exported:false,kind:full,where Scalar == Float)
  @_specialize(exported:false,kind:full,where Scalar == Double)
  init<Scalar: RealScalar>(of image: Image<Scalar>) {
    var low = Scalar.infinity
    var high = -Scalar.infinity
    let values = image.span
    for index in values.indices {
      let value = values[index]
      if value.isFinite {
        low = min(low, value)
        high = max(high, value)
      } else if value.isNaN {
        hasNaN = true
      } else if value < 0 {
        hasNegativeInfinity = true
      } else {
        hasPositiveInfinity = true
      }
    }
    finite = low <= high ? Double(low)...Double(high) : nil
  }

  /// The extremes of several planes together.
  init(joining parts: [Extremes]) {
    let ranges = parts.compactMap(\.finite)
    if let low = ranges.map(\.lowerBound).min(), let high = ranges.map(\.upperBound).max() {
      finite = low...high
    }
    hasNaN = parts.contains { $0.hasNaN }
    hasNegativeInfinity = parts.contains { $0.hasNegativeInfinity }
    hasPositiveInfinity = parts.contains { $0.hasPositiveInfinity }
  }
}
