/// A contender whose result is compared with the definition before anything is timed.
package struct Entrant {
  package var contender: Contender
  /// How the result is computed, in words.
  package var strategy: String
  package var threads: Int
  /// The largest error of the result.
  package var error: Double
  /// The largest error that is tolerated.
  package var limit: Double

  package init(
    contender: Contender, strategy: String, threads: Int, error: Double, limit: Double
  ) {
    self.contender = contender
    self.strategy = strategy
    self.threads = threads
    self.error = error
    self.limit = limit
  }

  /// Whether the result is right.
  ///
  /// An error that is not a number is none that is tolerated.
  package var isRight: Bool { error <= limit }
}

/// Contenders in one race, from which the wrong are kept.
package struct Contest {
  package var entrants: [Entrant] = []
  package private(set) var disqualified: [Entrant] = []

  package init() {}

  /// Lets an entrant take part if its result is right.
  package mutating func admit(_ entrant: Entrant) {
    if entrant.isRight { entrants.append(entrant) } else { disqualified.append(entrant) }
  }

  /// Times those that are right, in turn.
  package func hold(_ policy: RunPolicy) throws -> [(entrant: Entrant, timing: Timing)] {
    let timings = try policy.time(entrants.map(\.contender))
    return zip(entrants, timings).map { ($0, $1) }
  }

  /// Throws if any entrant was wrong: our own algorithms have to be right, all of them.
  func demandAllRight() throws {
    guard let wrong = disqualified.first else { return }
    throw BenchError.wrongResult(
      name: wrong.contender.name, error: wrong.error, limit: wrong.limit)
  }
}

/// What goes wrong in a comparison.
package enum BenchError: Error, CustomStringConvertible, Equatable {
  case wrongResult(name: String, error: Double, limit: Double)
  case peer(name: String, problem: String)
  case file(path: String, problem: String)

  package var description: String {
    switch self {
    case .wrongResult(let name, let error, let limit):
      "\(name) is wrong: its error of \(error) is above \(limit)"
    case .peer(let name, let problem): "\(name): \(problem)"
    case .file(let path, let problem): "\(path): \(problem)"
    }
  }
}
