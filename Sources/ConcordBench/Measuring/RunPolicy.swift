/// Something to be timed.
package struct Contender {
  package let name: String
  /// Contenders of which only the fastest matters, such as the methods of one library.
  package let team: String?
  /// Runs so many times, and tells the seconds of each run.
  package let sample: (Int) throws -> [Double]

  package init(name: String, team: String? = nil, sample: @escaping (Int) throws -> [Double]) {
    self.name = name
    self.team = team
    self.sample = sample
  }

  /// A contender in this process, timed by the clock.
  init(name: String, run: @escaping () throws -> Void) {
    self.init(name: name) { count in
      let clock = ContinuousClock()
      return try (0..<count).map { _ in try clock.measure(run) / .seconds(1) }
    }
  }
}

/// How often to run each contender.
package struct RunPolicy: Sendable {
  package var minimumRuns = 10
  package var seconds = 3.0
  /// The seconds of a turn: what is quicker runs several times before the next contender does, so
  /// that it finds its data where its own last run left them.
  package var turn = 0.05

  /// A policy with so many runs and so much time for each contender, at the least.
  package init(minimumRuns: Int = 10, seconds: Double = 3) {
    self.minimumRuns = minimumRuns
    self.seconds = seconds
  }

  /// Runs all contenders in turn until each has enough runs and, together, enough time.
  ///
  /// A contender that takes longer than `seconds` at a run stops after three, and so does one that
  /// takes half as long again as the best of its team.
  package func time(_ contenders: [Contender]) throws -> [Timing] {
    // The warm-up tells how long a run takes.
    var expected = try contenders.map { try $0.sample(1).first ?? 0 }
    var runs = contenders.map { _ in [Double]() }
    while true {
      let best = bestOfTeams(contenders, expected)
      let open = contenders.indices.filter { index in
        let isBeaten = best[contenders[index].team].map { expected[index] > 1.5 * $0 } ?? false
        return !isDone(runs[index], isBeaten: isBeaten)
      }
      guard !open.isEmpty else { return runs.map(Timing.init) }
      for index in open {
        let count = runsOfTurn(expected[index], done: runs[index].count)
        runs[index] += try contenders[index].sample(count)
        expected[index] = runs[index].min() ?? 0
      }
    }
  }

  private func isDone(_ runs: [Double], isBeaten: Bool) -> Bool {
    let total = runs.reduce(0, +)
    if runs.count >= min(3, minimumRuns) && (isBeaten || total > 3 * seconds) { return true }
    return runs.count >= minimumRuns && total >= seconds || runs.count >= Self.mostRuns
  }

  private static let mostRuns = 1000

  private func runsOfTurn(_ expected: Double, done: Int) -> Int {
    let fitting = expected > 0 ? turn / expected : 1
    return max(1, min(Int(min(fitting, 1e6)), minimumRuns, Self.mostRuns - done))
  }

  private func bestOfTeams(_ contenders: [Contender], _ expected: [Double]) -> [String?: Double] {
    var best: [String?: Double] = [:]
    for (contender, seconds) in zip(contenders, expected) where contender.team != nil {
      best[contender.team] = min(best[contender.team] ?? .infinity, seconds)
    }
    return best
  }
}

/// Keeps the optimizer from dropping a result.
@inline(never)
func blackHole(_ value: Int) {
  withExtendedLifetime(value) {}
}
