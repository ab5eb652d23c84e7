/// The seconds of several runs of one contender.
package struct Timing: Codable, Hashable, Sendable {
  package let runs: [Double]

  package init(runs: [Double]) { self.runs = runs }

  package var sorted: [Double] { runs.sorted() }
  package var minimum: Double { runs.min() ?? .nan }
  package var maximum: Double { runs.max() ?? .nan }
  package var total: Double { runs.reduce(0, +) }

  package var median: Double { Self.median(of: runs) }

  /// The times below which a quarter and three quarters of the runs lie.
  package var quartiles: ClosedRange<Double> {
    let sorted = sorted
    guard let last = sorted.last else { return 0...0 }
    func at(_ part: Double) -> Double {
      let place = part * Double(sorted.count - 1)
      let index = Int(place)
      let next = index + 1 < sorted.count ? sorted[index + 1] : last
      return sorted[index] + (place - Double(index)) * (next - sorted[index])
    }
    return at(0.25)...at(0.75)
  }

  /// The median absolute deviation, scaled to a standard deviation of normal noise.
  package var spread: Double {
    let median = median
    return 1.4826 * Self.median(of: runs.map { abs($0 - median) })
  }

  /// Runs that lie more than ten spreads above the median: something disturbed the machine.
  package var outliers: Int {
    let limit = median + 10 * spread
    return runs.count { $0 > limit }
  }

  /// The middle of some values, or the mean of the two in the middle; NaN if there is none.
  package static func median(of values: [Double]) -> Double {
    guard !values.isEmpty else { return .nan }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
