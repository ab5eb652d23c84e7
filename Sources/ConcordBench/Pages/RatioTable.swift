/// How many times as long as ours the others take, a row for each problem.
package struct RatioTable: Sendable {
  package struct Cell: Sendable {
    package let ratio: Double
    /// Who it was, how, and how long it took.
    package let entry: Entry
  }

  package struct Row: Sendable {
    package let name: String
    package let ours: Entry
    /// A cell for each column; nil where nobody took part.
    package let cells: [Cell?]
  }

  package let columns: [String]
  package let rows: [Row]

  /// Compares with what the planner chose, where there is such an entry.
  package init(_ entries: [Entry]) {
    var names: [String] = []
    var groups: [String: [Entry]] = [:]
    for entry in entries where entry.isChoice == nil {
      let name = entry.caseName ?? "\(entry.suite) \(entry.problem) \(entry.precision)"
      if groups[name] == nil { names.append(name) }
      groups[name, default: []].append(entry)
    }
    let known = Peer.all.map(\.name)
    let found = Set(entries.compactMap(Self.column))
    let columns =
      known.filter(found.contains) + found.filter { !known.contains($0) }.sorted()
    self.columns = columns
    rows = names.compactMap { name in
      guard let group = groups[name], let ours = Self.chosen(group) else { return nil }
      let cells = columns.map { column -> Cell? in
        let best = group.filter { Self.column($0) == column }.min { $0.median < $1.median }
        return best.map { Cell(ratio: $0.median / ours.median, entry: $0) }
      }
      guard cells.contains(where: { $0 != nil }) else { return nil }
      return Row(name: name, ours: ours, cells: cells)
    }
  }

  /// What the planner chose, or what stands for it, with all threads.
  private static func chosen(_ entries: [Entry]) -> Entry? {
    entries.filter { column($0) == nil }.max { $0.threads < $1.threads }
  }

  /// A library's name, or an algorithm of ours that was forced; nil for what the planner chose.
  private static func column(_ entry: Entry) -> String? {
    if let peer = entry.peer, peer != Peer.concord.name { return peer }
    return ["auto", "concord"].contains(entry.algorithm) ? nil : entry.algorithm
  }

  /// The rivals' best over ours, in the middle of all rows.
  package var medianOverBest: Double? {
    let best = bestRatios
    return best.isEmpty ? nil : Timing.median(of: best)
  }

  /// The rows in which nobody else was faster.
  package var firstPlaces: Int { bestRatios.count { $0 >= 1 } }

  private var bestRatios: [Double] {
    rows.compactMap { row in
      row.cells.compactMap { $0 }.filter { !$0.entry.isOurs }.map(\.ratio).min()
    }
  }
}
