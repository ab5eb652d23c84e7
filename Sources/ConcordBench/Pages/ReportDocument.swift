import Foundation

/// Several reports as one document: who was measured where, and what came of it.
package struct ReportDocument: Sendable {
  package let title: String
  package let reports: [Report]
  package let entries: [Entry]
  package let families: [CurveFamily]
  package let ratios: RatioTable
  package let verdicts: [Verdict]
  /// Who was left out, and why.
  package let notes: [String]

  package init(_ reports: [Report], title: String = "Concord measured") {
    self.title = title
    self.reports = reports
    let entries = Self.ordered(reports.flatMap(\.entries))
    self.entries = entries
    families = CurveFamily.all(in: entries)
    ratios = RatioTable(entries.filter { $0.series == nil })
    let named = Set(entries.compactMap(\.caseName) + reports.flatMap { $0.wanted ?? [] })
    verdicts = Verdict.all(
      CaseCatalogue.all.filter { named.contains($0.name) }, entries: entries)
    notes = reports.flatMap { $0.notes ?? [] }
  }

  /// Named cases in the catalogue's order, after whatever has no name.
  private static func ordered(_ entries: [Entry]) -> [Entry] {
    let places = Dictionary(
      CaseCatalogue.all.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { $1 })
    func place(_ entry: Entry) -> Int { entry.caseName.map { places[$0] ?? .max } ?? -1 }
    return entries.enumerated().sorted { first, second in
      let (a, b) = (place(first.element), place(second.element))
      return a == b ? first.offset < second.offset : a < b
    }.map(\.element)
  }

  /// What a reader wants to know first.
  var summary: [String] {
    var lines: [String] = []
    if let median = ratios.medianOverBest {
      lines.append(
        "Fastest in \(ratios.firstPlaces) of \(ratios.rows.count) cases; "
          + "the best of the others takes \(median.twoDigits) times as long (median of the cases).")
    }
    if !verdicts.isEmpty { lines.append(VerdictTable(verdicts).summary + ".") }
    let regret = RegretTable(entries)
    if !regret.rows.isEmpty { lines.append("The planner, \(regret.summary).") }
    let worst = entries.filter(\.isOurs).map(\.error).max()
    if let worst {
      lines.append(
        "Every result was compared with the definition in double precision before it was timed; "
          + "our largest error is \(String(format: "%.1e", worst)).")
    }
    return lines
  }

  /// The entries of each problem, the quickest first, in the order of the reports.
  var problems: [(name: String, entries: [Entry])] {
    var names: [String] = []
    var groups: [String: [Entry]] = [:]
    for entry in entries {
      let name =
        entry.caseName.map { "\($0): \(entry.problem)" } ?? "\(entry.suite): \(entry.problem)"
      if groups[name] == nil { names.append(name) }
      groups[name, default: []].append(entry)
    }
    return names.map { name in
      (name, (groups[name] ?? []).sorted { $0.median < $1.median })
    }
  }

  /// The machine and the software of a report, as name and value.
  static func facts(_ report: Report) -> [(String, String)] {
    let memory = report.memory.map { [("Memory", "\($0 / 1_000_000_000) GB")] } ?? []
    let ours = Peer.all.filter(\.isOurs).map(\.name)
    let versions = (report.versions ?? [:]).filter { !ours.contains($0.key) }
      .sorted { $0.key < $1.key }.map(\.value)
    return [
      ("Machine", "\(report.machine), \(report.processors) processors, \(report.instructionSet)")
    ] + memory + (report.limits.map { [("At best", $0.summary)] } ?? []) + [
      ("Date", report.date), ("Command", report.command),
      ("Concord", "\(report.transforms); \(report.matrixProducts)"),
    ] + (versions.isEmpty ? [] : [("Beside it", versions.joined(separator: "; "))])
  }
}

extension String {
  /// The text with what HTML takes for its own replaced.
  var escaped: String {
    replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
      .replacingOccurrences(of: ">", with: "&gt;").replacingOccurrences(of: "\"", with: "&quot;")
  }
}
