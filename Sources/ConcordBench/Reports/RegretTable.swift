import Foundation

/// How far the planner's choices were from the best candidates.
struct RegretTable {
  struct Measured {
    let entry: Entry
    let predicted: Double
    let isChoice: Bool
  }

  struct Row: CustomStringConvertible {
    let problem: String
    let measured: [Measured]

    var choice: Measured? { measured.first(where: \.isChoice) }
    var best: Measured? { measured.min { $0.entry.median < $1.entry.median } }

    /// The choice's time beside the best candidate's; 1 where they are the same.
    var regret: Double {
      guard let choice, let best else { return .nan }
      return choice.entry.median / best.entry.median
    }

    var description: String {
      let times = measured.map {
        String(
          format: "%@%@ %.3f (%.3f)", $0.isChoice ? "→ " : "", $0.entry.strategy,
          $0.entry.median * 1e3, $0.predicted * 1e3)
      }
      return String(format: "%5.2f  %@: ", regret, problem) + times.joined(separator: ", ")
    }
  }

  var rows: [Row] = []

  var summary: String {
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
