import Foundation

/// Whether a goal was reached.
package struct Verdict: Sendable {
  package enum State: String, Sendable {
    case held, missed
    case unmeasured = "not measured"
  }

  package let caseName: String
  package let goal: Goal
  package let state: State
  /// What was measured, in the goal's own terms.
  package let value: Double?
  /// The same in words.
  package let text: String

  /// Judges a goal of a case by the entries of a run.
  package init(_ test: PeerCase, _ goal: Goal, entries: [Entry]) {
    caseName = test.name
    self.goal = goal
    let found = Self.measure(test, goal.demand, entries)
    value = found?.value
    text = found?.text ?? "–"
    state = found.map { $0.isHeld ? .held : .missed } ?? .unmeasured
  }

  /// All goals of some cases.
  package static func all(_ cases: [PeerCase], entries: [Entry]) -> [Verdict] {
    cases.flatMap { test in test.goals.map { Verdict(test, $0, entries: entries) } }
  }

  private typealias Finding = (value: Double, text: String, isHeld: Bool)

  private static func measure(
    _ test: PeerCase, _ demand: Goal.Demand, _ entries: [Entry]
  ) -> Finding? {
    let here = entries.filter { $0.caseName == test.name }
    guard let ours = ours(here) else { return nil }
    switch demand {
    case .speed(let factor, let rival):
      guard let best = here.filter(rival.includes).min(by: { $0.median < $1.median }) else {
        return nil
      }
      let ratio = best.median / ours.median
      let text =
        "\(ratio.twoDigits) ×: \(milliseconds(ours)), \(best.name) ×\(best.threads) "
        + milliseconds(best)
      return (ratio, text, ratio >= factor)
    case .memory(let limit):
      guard let peak = ours.peakBytes else { return nil }
      let beyond = peak - test.problem.dataBytes
      return (Double(beyond), "data + \(max(0, beyond) >> 20) MB", beyond <= limit)
    case .scaling(let factor):
      let alone = here.first { $0.peer == ours.peer && $0.threads == 1 }
      guard let alone, ours.threads > 1 else { return nil }
      let ratio = alone.median / ours.median
      return (ratio, "\(ratio.twoDigits) × with \(ours.threads) threads", ratio >= factor)
    case .evenness(let others, let part):
      let times = others.map { name in Self.ours(entries.filter { $0.caseName == name })?.median }
      guard !times.contains(nil) else { return nil }
      let all = times.compactMap { $0 } + [ours.median]
      let excess = (all.max() ?? 0) / (all.min() ?? 1) - 1
      return (excess, "within \(Int((excess * 100).rounded(.up))) %", excess <= part)
    }
  }

  /// What the planner chose, with all threads.
  private static func ours(_ entries: [Entry]) -> Entry? {
    entries.filter { $0.peer == Peer.concord.name && $0.algorithm == "auto" }
      .max { $0.threads < $1.threads }
  }

  private static func milliseconds(_ entry: Entry) -> String {
    "\((entry.median * 1e3).formatted(.number.precision(.significantDigits(3)))) ms"
  }
}

/// The goals and what became of them, with a count in the end.
package struct VerdictTable {
  private let verdicts: [Verdict]

  package init(_ verdicts: [Verdict]) { self.verdicts = verdicts }

  package var lines: [String] {
    func width(_ text: (Verdict) -> String) -> Int { verdicts.map { text($0).count }.max() ?? 0 }
    let nameWidth = width(\.caseName)
    let goalWidth = width { $0.goal.description }
    let stateWidth = width { $0.state.rawValue }
    let rows = verdicts.map { verdict in
      [
        verdict.state.rawValue.padding(toLength: stateWidth),
        verdict.caseName.padding(toLength: nameWidth),
        "issue \(verdict.goal.issue)",
        verdict.goal.description.padding(toLength: goalWidth), verdict.text,
      ].joined(separator: "  ")
    }
    return rows + ["", summary]
  }

  package var summary: String {
    func count(_ state: Verdict.State) -> Int { verdicts.count { $0.state == state } }
    return "\(count(.held)) of \(verdicts.count) targets held, \(count(.missed)) missed, "
      + "\(count(.unmeasured)) not measured"
  }
}
