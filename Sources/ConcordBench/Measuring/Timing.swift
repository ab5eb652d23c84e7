import Foundation

/// The seconds of several runs of one contender.
struct Timing: Codable, Sendable {
  let runs: [Double]

  var sorted: [Double] { runs.sorted() }
  var minimum: Double { sorted.first ?? .nan }
  var maximum: Double { sorted.last ?? .nan }

  var median: Double { Self.median(of: sorted) }

  /// The median absolute deviation, scaled to a standard deviation of normal noise.
  var spread: Double {
    let median = median
    return 1.4826 * Self.median(of: runs.map { abs($0 - median) }.sorted())
  }

  /// Runs that lie more than ten spreads above the median: something disturbed the machine.
  var outliers: Int {
    let limit = median + 10 * spread
    return runs.count { $0 > limit }
  }

  private static func median(of sorted: [Double]) -> Double {
    guard !sorted.isEmpty else { return .nan }
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}

/// Something to be timed.
struct Contender {
  let name: String
  let run: () throws -> Void
}

/// How often to run each contender.
struct RunPolicy {
  var minimumRuns = 10
  var seconds = 3.0

  /// Runs all contenders in turn until each has enough runs and, together, enough time.
  ///
  /// A contender that takes longer than `seconds` at a run stops after three.
  func time(_ contenders: [Contender]) throws -> [Timing] {
    var runs = contenders.map { _ in [Double]() }
    for contender in contenders { try contender.run() }
    func isDone(_ index: Int) -> Bool {
      let total = runs[index].reduce(0, +)
      if runs[index].count >= 3 && total > 3 * seconds { return true }
      return runs[index].count >= minimumRuns && total >= min(seconds, 1e4)
        || runs[index].count >= 1000
    }
    while !contenders.indices.allSatisfy(isDone) {
      for index in contenders.indices where !isDone(index) {
        let clock = ContinuousClock()
        let elapsed = try clock.measure { try contenders[index].run() }
        runs[index].append(elapsed / .seconds(1))
      }
    }
    return runs.map(Timing.init)
  }
}
