import ConcordArrays
import ConcordMediaBackends

/// The boxes and circles that show where a template was found.
struct MatchMarks {
  let template: Shape<2>
  let peaks: [MarkedPeak]

  /// Beyond this many peaks numbers would hide the image.
  private static let numbered = 24
  /// Boxes of tiny templates are drawn larger, so that they are seen.
  private static let smallestBox = 9.0

  func drawBoxes(on canvas: inout Canvas, _ panel: ImagePanel, in frame: CanvasRectangle) {
    canvas.clipped(to: frame.inset(by: -4)) { canvas in
      for (index, peak) in peaks.enumerated().reversed() {
        let box = self.box(of: peak, panel, frame)
        let isBest = index == 0
        let width = isBest ? 3.0 : 2.0
        let color = isBest ? Palette.best : Palette.further
        let line = box.inset(by: -width / 2)
        canvas.stroke(line, with: Stroke(width: width + 3, color: Palette.outline))
        canvas.stroke(line, with: Stroke(width: width, color: color))
      }
      // Numbers come last, so that no box crosses them.
      for (index, peak) in numberedPeaks {
        drawNumber(index, at: box(of: peak, panel, frame), in: frame, on: &canvas)
      }
    }
  }

  func drawCircles(on canvas: inout Canvas, _ panel: ImagePanel, in frame: CanvasRectangle) {
    canvas.clipped(to: frame.inset(by: -12)) { canvas in
      for (index, peak) in peaks.enumerated().reversed() {
        let center = self.center(of: peak, panel, frame)
        let radius = index == 0 ? 9.0 : 7.0
        let color = index == 0 ? Palette.best : Palette.further
        canvas.stroke(
          circleAround: center, radius: radius, with: Stroke(width: 5, color: Palette.outline))
        canvas.stroke(
          circleAround: center, radius: radius, with: Stroke(width: 2.5, color: color))
      }
      for (index, peak) in numberedPeaks {
        let center = self.center(of: peak, panel, frame)
        let toLeft = center.x > frame.right - 32
        canvas.draw(
          "\(index + 1)", at: CanvasPoint(x: center.x + (toLeft ? -14 : 14), y: center.y),
          style: style(index), anchor: TextAnchor(toLeft ? .right : .left, .middle))
      }
    }
  }

  private var numberedPeaks: [(Int, MarkedPeak)] {
    guard peaks.count > 1 else { return [] }
    return Array(peaks.prefix(MatchMarks.numbered).enumerated().reversed().map { ($0, $1) })
  }

  private func box(
    of peak: MarkedPeak, _ panel: ImagePanel, _ frame: CanvasRectangle
  ) -> CanvasRectangle {
    let start = panel.place(
      row: Double(peak.position.row), column: Double(peak.position.column), in: frame)
    let shape = peak.shape ?? template
    let width = Double(shape.columns) * panel.fit.columnScale
    let height = Double(shape.rows) * panel.fit.rowScale
    let growX = max(0, MatchMarks.smallestBox - width) / 2
    let growY = max(0, MatchMarks.smallestBox - height) / 2
    return CanvasRectangle(
      x: start.x - growX, y: start.y - growY, width: width + 2 * growX,
      height: height + 2 * growY)
  }

  private func center(
    of peak: MarkedPeak, _ panel: ImagePanel, _ frame: CanvasRectangle
  ) -> CanvasPoint {
    let place = peak.scorePosition ?? peak.position
    return panel.place(
      row: Double(place.row) + 0.5, column: Double(place.column) + 0.5, in: frame)
  }

  /// Above the box if there is room, else inside a box that is large enough, else beside it.
  private func drawNumber(
    _ index: Int, at box: CanvasRectangle, in frame: CanvasRectangle, on canvas: inout Canvas
  ) {
    let room = 22.0
    let left = max(box.x, frame.x)
    var place = CanvasPoint(
      x: min(left + 2, frame.right - room), y: max(box.y, frame.y) + room / 2)
    if box.y - room >= frame.y {
      place.y = box.y - room / 2 - 2
    } else if box.height >= 2 * room && box.width >= 2 * room {
      place.x = min(left + 5, frame.right - room)
      place.y += 4
    } else if box.right + room <= frame.right {
      place.x = box.right + 6
    } else {
      place.x = max(box.x - room, frame.x + 2)
    }
    canvas.draw(
      "\(index + 1)", at: place, style: style(index), anchor: TextAnchor(.left, .middle))
  }

  private func style(_ index: Int) -> TextStyle {
    TextStyle(
      size: 15, bold: true, color: index == 0 ? Palette.best : Palette.further,
      rim: Palette.outline)
  }
}
