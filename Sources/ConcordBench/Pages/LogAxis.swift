import Foundation

/// A logarithmic axis: values to positions, and the values that are written beside it.
package struct LogAxis: Sendable {
  package struct Tick: Hashable, Sendable {
    package let value: Double
    package let isLabelled: Bool
  }

  private let low: Double
  private let high: Double
  private let start: Double
  private let end: Double

  /// An axis over some values, drawn from one position to another.
  package init(_ values: [Double], from start: Double, to end: Double) {
    let least = values.min() ?? 1
    let largest = values.max() ?? 1
    // Curves keep off the frame; a single value stands in the middle.
    let margin = largest > least ? pow(largest / least, 0.04) : 2
    low = log(least / margin)
    high = log(largest * margin)
    self.start = start
    self.end = end
  }

  package func position(_ value: Double) -> Double {
    start + (log(value) - low) / (high - low) * (end - start)
  }

  /// 1, 2 and 5 times powers of ten; only the powers are labelled on a long axis.
  package var ticks: [Tick] {
    let decades = (high - low) / log(10)
    let powers = Int((low / log(10)).rounded(.down))...Int((high / log(10)).rounded(.up))
    return powers.flatMap { power in
      [1.0, 2, 5].map { ($0, $0 * pow(10, Double(power))) }
    }
    .filter { low...high ~= log($0.1) }
    .map { Tick(value: $0.1, isLabelled: $0.0 == 1 || decades < 4) }
  }
}

/// A time with its unit, for an axis.
func axisTime(_ seconds: Double) -> String {
  let units = [(1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")]
  let unit = units.first { seconds >= $0.0 * 0.999 } ?? (1e-9, "ns")
  return "\((seconds / unit.0).formatted(.number.precision(.significantDigits(1...3)))) \(unit.1)"
}
