import Foundation

/// A document as Markdown: the facts, the ratios and the targets.
package struct MarkdownPage {
  private let document: ReportDocument

  package init(_ document: ReportDocument) { self.document = document }

  package var text: String {
    let facts = document.reports.map { report in
      ReportDocument.facts(report).map { name, value in
        "- \(name): " + (name == "Command" ? "`\(value)`" : value)
      }.joined(separator: "\n")
    }
    let sections =
      ["# \(document.title)", document.summary.joined(separator: "\n")] + facts
      + [ratios, targets, regret, scaling, times, notes]
    return sections.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  private var ratios: String {
    let table = document.ratios
    guard !table.rows.isEmpty else { return "" }
    let rows = table.rows.map { row in
      [row.name, axisTime(row.ours.median)]
        + row.cells.map { cell in cell.map { $0.ratio.twoDigits } ?? "" }
    }
    return "## How many times as long the others take\n\n"
      + Self.table(["case", "Concord"] + table.columns, rows, numbersFrom: 1)
  }

  private var targets: String {
    guard !document.verdicts.isEmpty else { return "" }
    let rows = document.verdicts.map { verdict in
      [
        verdict.caseName, "\(verdict.goal.issue)", verdict.goal.description, verdict.text,
        verdict.state.rawValue,
      ]
    }
    return "## Targets\n\n"
      + Self.table(["case", "issue", "target", "measured", ""], rows, numbersFrom: 5)
      + "\n\n\(VerdictTable(document.verdicts).summary)."
  }

  /// What grows, and how fast.
  private var scaling: String {
    let table = ScalingTable(document.entries)
    guard !table.rows.isEmpty else { return "" }
    let rows = table.rows.map { row in
      [
        row.series, row.algorithm, row.timeExponent.twoDigits,
        row.memoryExponent?.twoDigits ?? "", row.times,
      ]
    }
    return "## How time and memory grow\n\n"
      + "Exponents fitted to the medians; memory is what a run takes, its result included.\n\n"
      + Self.table(["size", "algorithm", "time", "memory", "size: time"], rows, numbersFrom: 2)
  }

  /// The ten choices of the planner that cost the most.
  private var regret: String {
    let table = RegretTable(document.entries)
    guard !table.rows.isEmpty else { return "" }
    let worst = table.rows.filter { $0.regret.isFinite }.sorted { $0.regret > $1.regret }
    let rows = worst.prefix(10).map { row in
      [row.problem, row.choice?.strategy ?? "", row.best?.strategy ?? "", row.regret.twoDigits]
    }
    return "## What the planner's choices cost\n\n\(table.summary). The worst:\n\n"
      + Self.table(["problem", "choice", "best", "regret"], Array(rows), numbersFrom: 3)
  }

  /// The times of suites in which nothing is compared with the planner's choice.
  private var times: String {
    let compared = Set(document.ratios.rows.map(\.name))
    let rest = document.entries.filter { entry in
      entry.isChoice == nil
        && !compared.contains(
          entry.caseName ?? "\(entry.suite) \(entry.problem) \(entry.precision)")
    }
    guard !rest.isEmpty else { return "" }
    let rows = rest.map { entry in
      [
        entry.suite, entry.problem, entry.name, "\(entry.threads)", axisTime(entry.median),
        axisTime(entry.spread), "\(entry.rate.twoDigits) \(entry.rateUnit)",
      ]
    }
    let head = ["suite", "problem", "who", "threads", "median", "spread", "rate"]
    return "## Times\n\n" + Self.table(head, rows, numbersFrom: 3)
  }

  private var notes: String {
    guard !document.notes.isEmpty else { return "" }
    return "## Left out\n\n" + document.notes.map { "- \($0)" }.joined(separator: "\n")
  }

  private static func table(
    _ head: [String], _ rows: [[String]], numbersFrom firstNumber: Int
  ) -> String {
    func line(_ cells: [String]) -> String {
      "| " + cells.map { $0.replacingOccurrences(of: "|", with: "\\|") }.joined(separator: " | ")
        + " |"
    }
    let rule = head.indices.map { $0 >= firstNumber ? "---:" : "---" }
    return ([line(head), "|" + rule.joined(separator: "|") + "|"] + rows.map(line))
      .joined(separator: "\n")
  }
}
