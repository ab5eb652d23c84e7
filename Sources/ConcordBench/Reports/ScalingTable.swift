import Foundation

/// How time and memory grow along the series of some reports, with exponents fitted to them.
package struct ScalingTable: Sendable {
  /// One algorithm along one series.
  package struct Row: Sendable {
    package let series: String
    package let algorithm: String
    /// What grows, and the entry of each size.
    package let points: [(size: Double, entry: Entry)]

    /// b of time ∝ sizeᵇ, by least squares of the logarithms.
    package var timeExponent: Double { exponent { $0.median } }
    /// b of a run's memory, its result included, ∝ sizeᵇ; nil where it wasn't measured.
    package var memoryExponent: Double? {
      points.allSatisfy { ($0.entry.workingBytes ?? 0) > 0 }
        ? exponent { Double($0.workingBytes ?? 0) } : nil
    }

    private func exponent(_ value: (Entry) -> Double) -> Double {
      let logarithms = points.map { (x: log2($0.size), y: log2(value($0.entry))) }
      let count = Double(logarithms.count)
      let x = logarithms.reduce(0) { $0 + $1.x } / count
      let y = logarithms.reduce(0) { $0 + $1.y } / count
      let products = logarithms.reduce(0) { $0 + ($1.x - x) * ($1.y - y) }
      let squares = logarithms.reduce(0) { $0 + ($1.x - x) * ($1.x - x) }
      return products / squares
    }

    /// The sizes and times in words: `9 0.95 ms, 49 2.5 ms`.
    package var times: String {
      points.map { "\(Int($0.size)): \(axisTime($0.entry.median))" }.joined(separator: ", ")
    }
  }

  package let rows: [Row]

  /// The series of two sizes and more among some entries.
  package init(_ entries: [Entry]) {
    var order: [String] = []
    var groups: [String: [Entry]] = [:]
    for entry in entries where entry.series != nil && entry.size != nil {
      let key = "\(entry.series ?? "") \(entry.name) \(entry.precision)"
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(entry)
    }
    rows = order.compactMap { key in
      let points = (groups[key] ?? []).map { (size: $0.size ?? 0, entry: $0) }
        .sorted { $0.size < $1.size }
      guard let first = points.first, Set(points.map(\.size)).count > 1 else { return nil }
      return Row(series: first.entry.series ?? "", algorithm: first.entry.name, points: points)
    }
  }

  /// The table for a terminal.
  package var text: String {
    rows.map { row in
      let exponents = "time ∝ size^" + row.timeExponent.twoDigits
      let memory = row.memoryExponent.map { ", memory ∝ size^" + $0.twoDigits } ?? ""
      return "\(row.series), \(row.algorithm): \(exponents)\(memory)\n    \(row.times)"
    }.joined(separator: "\n")
  }
}
