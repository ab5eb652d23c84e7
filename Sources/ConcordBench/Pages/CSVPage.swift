/// All entries as a table, a line for each.
package struct CSVPage {
  private let document: ReportDocument

  package init(_ document: ReportDocument) { self.document = document }

  package var text: String {
    let head = [
      "suite", "case", "problem", "peer", "algorithm", "strategy", "precision", "threads", "image",
      "kernel", "median", "minimum", "maximum", "spread", "runs", "error", "disagreement",
      "peak_bytes", "rate", "rate_unit",
    ]
    let rows = document.entries.map { entry in
      [
        entry.suite, entry.caseName ?? "", entry.problem, entry.peer ?? "", entry.algorithm,
        entry.strategy, entry.precision, "\(entry.threads)", extents(entry.image),
        extents(entry.kernel), "\(entry.median)", "\(entry.minimum)", "\(entry.maximum)",
        "\(entry.spread)", "\(entry.runs.count)", "\(entry.error)",
        entry.disagreement.map { "\($0)" } ?? "", entry.peakBytes.map(String.init) ?? "",
        "\(entry.rate)", entry.rateUnit,
      ]
    }
    return ([head] + rows).map { $0.map(Self.quoted).joined(separator: ",") + "\n" }.joined()
  }

  private func extents(_ extents: [Int]?) -> String {
    (extents ?? []).map(String.init).joined(separator: "x")
  }

  private static func quoted(_ field: String) -> String {
    guard field.contains(where: { ",\"\n".contains($0) }) else { return field }
    return "\"" + field.replacing("\"", with: "\"\"") + "\""
  }
}
