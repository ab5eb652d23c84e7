import ConcordMediaBackends

/// The names of curves with their colours, in rows above a plot, where they cover no data.
struct Legend {
  private struct Entry {
    let name: String
    let stroke: Stroke
    let width: Double
  }

  private let rows: [[Entry]]
  let height: Double

  private static let sample = 30.0
  private static let rowHeight = 24.0
  private static let gap = 28.0

  /// How a curve is drawn: after the last colour they begin anew with dashes.
  static func stroke(_ index: Int) -> Stroke {
    let count = Palette.series.count
    let round = index / count
    return Stroke(
      width: 2.25, color: Palette.series[index % count],
      dash: round == 0 ? [] : [9.0 / Double(round), 4])
  }

  /// A single curve needs no legend unless it has a name.
  init(_ names: [String], within width: Double, on ruler: borrowing Canvas) {
    var rows: [[Entry]] = []
    var taken = Double.infinity
    for (index, name) in names.enumerated() where !name.isEmpty {
      let block = TextBlock(
        name, style: Typography.tick, within: width - Legend.sample - 8, on: ruler)
      let text = block.lines.count > 1 ? (block.lines[0] + "…") : (block.lines.first ?? "")
      let room = Legend.sample + 8 + ruler.width(of: text, style: Typography.tick)
      if taken + Legend.gap + room > width {
        rows.append([])
        taken = -Legend.gap
      }
      taken += Legend.gap + room
      rows[rows.count - 1].append(
        Entry(name: text, stroke: Legend.stroke(index), width: room))
    }
    self.rows = rows
    height = rows.isEmpty ? 0 : Double(rows.count) * Legend.rowHeight + 8
  }

  func draw(on canvas: inout Canvas, x middle: Double, top: Double) {
    for (index, row) in rows.enumerated() {
      let total = row.reduce(-Legend.gap) { $0 + $1.width + Legend.gap }
      var x = middle - total / 2
      let y = top + (Double(index) + 0.5) * Legend.rowHeight
      for entry in row {
        let end = x + Legend.sample
        canvas.stroke(
          line: [CanvasPoint(x: x, y: y), CanvasPoint(x: end, y: y)],
          with: entry.stroke)
        canvas.fill(
          circleAround: CanvasPoint(x: x + Legend.sample / 2, y: y), radius: 4,
          with: entry.stroke.color)
        canvas.draw(
          entry.name, at: CanvasPoint(x: end + 8, y: y), style: Typography.tick,
          anchor: TextAnchor(.left, .middle))
        x += entry.width + Legend.gap
      }
    }
  }
}
