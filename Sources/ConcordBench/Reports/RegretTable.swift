import Foundation

/// How far the planner's choices were from the best candidates.
package struct RegretTable: Sendable {
  /// The candidates of one problem.
  package struct Row: Sendable {
    package let problem: String
    package let candidates: [Entry]

    var choice: Entry? { candidates.first { $0.isChoice == true } }
    var best: Entry? { candidates.min { $0.median < $1.median } }

    /// The choice's time beside the best candidate's; 1 where they are the same.
    package var regret: Double {
      guard let choice, let best else { return .nan }
      return choice.median / best.median
    }

    var line: String {
      let times = candidates.map { entry in
        String(
          format: "%@%@ %.3f (%.3f)", entry.isChoice == true ? "→ " : "", entry.strategy,
          entry.median * 1e3, (entry.predicted ?? .nan) * 1e3)
      }
      return String(format: "%5.2f  %@: ", regret, problem) + times.joined(separator: ", ")
    }
  }

  package let rows: [Row]

  /// The problems among some entries for which a planner's choice is known.
  package init(_ entries: [Entry]) {
    var problems: [String] = []
    var candidates: [String: [Entry]] = [:]
    for entry in entries where entry.isChoice != nil {
      let problem = "\(entry.problem) \(entry.precision) ×\(entry.threads)"
      if candidates[problem] == nil { problems.append(problem) }
      candidates[problem, default: []].append(entry)
    }
    rows = problems.map { Row(problem: $0, candidates: candidates[$0] ?? []) }
  }

  package var summary: String {
    let regrets = rows.map(\.regret).filter(\.isFinite).sorted()
    guard let worst = regrets.last else { return "no problems" }
    func share(_ limit: Double) -> Double {
      100 * Double(regrets.count { $0 <= limit }) / Double(regrets.count)
    }
    return String(
      format:
        "%d problems: within 1.2 times the best in %.1f %%, within 1.5 times in %.1f %%, at worst "
        + "%.2f times",
      regrets.count, share(1.2), share(1.5), worst)
  }
}
