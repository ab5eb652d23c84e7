import Foundation

/// A document as one HTML file that needs nothing else.
package struct HTMLPage {
  private let document: ReportDocument

  package init(_ document: ReportDocument) { self.document = document }

  package var text: String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(document.title.escaped)</title>
    <style>
    \(HTMLStyle.text)
    </style>
    </head>
    <body>
    <header>
    <h1>\(document.title.escaped)</h1>
    \(document.summary.map { "<p class=\"summary\">\($0.escaped)</p>" }.joined(separator: "\n"))
    \(document.reports.map(facts).joined(separator: "\n"))
    </header>
    <main>
    \(plots)
    \(ratios)
    \(targets)
    \(regret)
    \(scaling)
    \(details)
    \(notes)
    </main>
    </body>
    </html>

    """
  }

  private func facts(_ report: Report) -> String {
    let rows = ReportDocument.facts(report).map { name, value in
      let shown = name == "Command" ? "<code>\(value.escaped)</code>" : value.escaped
      return "<dt>\(name)</dt><dd>\(shown)</dd>"
    }
    return "<dl>\n\(rows.joined(separator: "\n"))\n</dl>"
  }

  private var plots: String {
    guard !document.families.isEmpty else { return "" }
    let figures = document.families.map { family in
      """
      <figure>
      <figcaption>\(family.title.escaped)</figcaption>
      \(SVGPlot(family).text)
      </figure>
      """
    }
    return """
      <section>
      <h2>Time against size</h2>
      <p>Medians; the bars hold the middle half of the runs. The thick line is what Concord's planner \
      chose, with all threads; dashed, with one. A library's line is its best method and number of threads. \
      Point at a mark to see who it was.</p>
      <div class="plots">
      \(figures.joined(separator: "\n"))
      </div>
      </section>
      """
  }

  private var ratios: String {
    let table = document.ratios
    guard !table.rows.isEmpty else { return "" }
    let head = table.columns.map { "<th class=\"number\">\($0.escaped)</th>" }.joined()
    let rows = table.rows.map { row in
      let cells = row.cells.map { cell -> String in
        guard let cell else { return "<td></td>" }
        let title = "\(cell.entry.name) ×\(cell.entry.threads): \(axisTime(cell.entry.median))"
        return """
          <td class="ratio" style="\(HTMLStyle.shade(cell.ratio))" title="\(title.escaped)">\
          \(ratio(cell.ratio))</td>
          """
      }
      return """
        <tr><th scope="row">\(row.name.escaped)</th>\
        <td class="number">\(axisTime(row.ours.median))</td>\(cells.joined())</tr>
        """
    }
    return """
      <section>
      <h2>How many times as long the others take</h2>
      <p>The best method and number of threads of each, over what Concord's planner chose with all threads. \
      Green: Concord is faster.</p>
      <div class="scroll"><table>
      <thead><tr><th>case</th><th class="number">Concord</th>\(head)</tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table></div>
      </section>
      """
  }

  private func ratio(_ value: Double) -> String {
    value < 9.95 ? value.twoDigits : value.formatted(.number.precision(.fractionLength(0)))
  }

  private var targets: String {
    guard !document.verdicts.isEmpty else { return "" }
    let rows = document.verdicts.map { verdict in
      """
      <tr><td><span class="state \(verdict.state)">\(verdict.state.rawValue)</span></td>\
      <th scope="row">\(verdict.caseName.escaped)</th><td>\(verdict.goal.issue)</td>\
      <td>\(verdict.goal.description.escaped)</td><td>\(verdict.text.escaped)</td></tr>
      """
    }
    return """
      <section>
      <h2>Targets</h2>
      <p>\(VerdictTable(document.verdicts).summary.escaped).</p>
      <div class="scroll"><table>
      <thead><tr><th></th><th>case</th><th>issue</th><th>target</th><th>measured</th></tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table></div>
      </section>
      """
  }

  private var regret: String {
    let table = RegretTable(document.entries)
    guard !table.rows.isEmpty else { return "" }
    let rows = table.rows.filter { $0.regret.isFinite }.sorted { $0.regret > $1.regret }.map {
      row in
      let cells = [row.choice, row.best].map { entry in
        "<td>\(entry?.strategy.escaped ?? "")</td>"
          + "<td class=\"number\">\(entry.map { axisTime($0.median) } ?? "")</td>"
      }
      return "<tr><td class=\"ratio\" style=\"\(HTMLStyle.shade(1.2 / row.regret))\">"
        + "\(row.regret.twoDigits)</td><th scope=\"row\">\(row.problem.escaped)</th>"
        + cells.joined() + "</tr>"
    }
    return """
      <section>
      <h2>What the planner's choices cost</h2>
      <p>\(table.summary.escaped). The choice's time over that of the best candidate, the worst first.</p>
      <div class="scroll"><table>
      <thead><tr><th class="number">regret</th><th>problem</th><th>choice</th><th class="number">time</th>\
      <th>best</th><th class="number">time</th></tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table></div>
      </section>
      """
  }

  private var scaling: String {
    let table = ScalingTable(document.entries)
    guard !table.rows.isEmpty else { return "" }
    let rows = table.rows.map { row in
      """
      <tr><th scope="row">\(row.series.escaped)</th><td>\(row.algorithm.escaped)</td>\
      <td class="number">\(row.timeExponent.twoDigits)</td>\
      <td class="number">\(row.memoryExponent?.twoDigits ?? "")</td>\
      <td style="white-space:normal">\(row.times.escaped)</td></tr>
      """
    }
    return """
      <section>
      <h2>How time and memory grow</h2>
      <p>Exponents fitted to the medians: 1 is in proportion to the size, 0 doesn't grow, -1 is halved by \
      twice as many. Memory is what a run takes, its result included.</p>
      <div class="scroll"><table>
      <thead><tr><th>size</th><th>algorithm</th><th class="number">time</th><th class="number">memory</th>\
      <th>size: time</th></tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table></div>
      </section>
      """
  }

  private var details: String {
    let tables = document.problems.map { problem in
      """
      <details>
      <summary>\(problem.name.escaped)</summary>
      <div class="scroll"><table>
      <thead><tr><th>who</th><th>how</th><th class="number">threads</th><th class="number">median</th>\
      <th class="number">quickest</th><th class="number">slowest</th><th class="number">spread</th>\
      <th class="number">runs</th><th class="number">rate</th><th class="number">error</th>\
      <th class="number">memory</th></tr></thead>
      <tbody>
      \(problem.entries.map(row).joined(separator: "\n"))
      </tbody>
      </table></div>
      </details>
      """
    }
    return """
      <section>
      <h2>Every measurement</h2>
      \(tables.joined(separator: "\n"))
      </section>
      """
  }

  private func row(_ entry: Entry) -> String {
    let numbers = [
      "\(entry.threads)", axisTime(entry.median), axisTime(entry.minimum), axisTime(entry.maximum),
      axisTime(entry.spread), "\(entry.runs.count)", "\(entry.rate.twoDigits) \(entry.rateUnit)",
      String(format: "%.1e", entry.error), entry.peakBytes.map { "\($0 / 1_000_000) MB" } ?? "",
    ]
    let how = entry.strategy == entry.algorithm ? "" : entry.strategy
    return
      "<tr class=\"\(entry.isOurs ? "ours" : "")\"><th scope=\"row\">\(entry.name.escaped)</th>"
      + "<td>\(how.escaped)</td>"
      + numbers.map { "<td class=\"number\">\($0.escaped)</td>" }.joined() + "</tr>"
  }

  private var notes: String {
    guard !document.notes.isEmpty else { return "" }
    let items = document.notes.map { "<li>\($0.escaped)</li>" }.joined(separator: "\n")
    return "<section>\n<h2>Left out</h2>\n<ul>\n\(items)\n</ul>\n</section>"
  }
}
