import ConcordArrays
import RealModule

/// The mapping of an axis: from numbers to fractions of its length.
struct AxisScale: Equatable, Sendable {
  let scale: LinePlot.Scale
  /// The numbers at both ends.
  let range: ClosedRange<Double>

  /// The axis for given numbers, all of which it can show, with a share of its length left free
  /// at both ends.
  init(
    _ axis: LinePlot.Axis, of values: [Double], margin: Double
  ) throws(ConcordError) {
    scale = axis.scale
    if let range = axis.range {
      for bound in [range.lowerBound, range.upperBound] where !axis.shows(bound) {
        throw .outOfRange(
          what: "range of the axis", found: bound,
          allowed: axis.scale == .linear ? "finite bounds" : "finite positive bounds")
      }
      guard range.lowerBound < range.upperBound else {
        throw .outOfRange(
          what: "upper bound of the axis", found: range.upperBound,
          allowed: "more than \(range.lowerBound)")
      }
      self.range = range
      return
    }
    let (low, high) = (values.min() ?? 1, values.max() ?? 1)
    self.range =
      axis.scale == .linear
      ? AxisScale.linear(low, high, margin) : AxisScale.logarithmic(low, high, margin)
  }

  /// Where a number lies: 0 at the axis' beginning, 1 at its end.
  func fraction(of value: Double) -> Double {
    switch scale {
    case .linear:
      (value / 2 - range.lowerBound / 2) / (range.upperBound / 2 - range.lowerBound / 2)
    case .logarithmic:
      Double.log(value / range.lowerBound) / .log(range.upperBound / range.lowerBound)
    }
  }

  func ticks(most: Int) -> Ticks {
    switch scale {
    case .linear: Ticks.linear(range, most: most)
    case .logarithmic: Ticks.logarithmic(range, most: most)
    }
  }

  private static func linear(
    _ low: Double, _ high: Double, _ margin: Double
  ) -> ClosedRange<Double> {
    let magnitude = max(abs(low), abs(high))
    let width = high / 2 - low / 2
    if !(width > max(1e-9 * magnitude, 1e-280)) {
      // A constant is drawn across the middle.
      let room = magnitude > 1e-200 ? magnitude / 4 : 1
      return (low - room)...(high + room)
    }
    let room = 2 * width.magnitude * margin
    let (first, last) = (low - room, high + room)
    return max(first, -.greatestFiniteMagnitude)...min(last, .greatestFiniteMagnitude)
  }

  private static func logarithmic(
    _ low: Double, _ high: Double, _ margin: Double
  ) -> ClosedRange<Double> {
    guard high / low > 1 + 1e-9 else { return (low / 2)...(high * 2) }
    let factor = Double.pow(high, margin) / .pow(low, margin)
    return (low / factor)...(high * factor)
  }
}
