import ConcordArrays
import ConcordMediaBackends

/// An image with a frame, an optional heading, and axes that count its rows and columns.
struct ImagePanel {
  let fit: ImageFit
  /// The index of the first row and column, for images that stand for a part of another one.
  let origin: Position<2>
  let heading: TextBlock?
  let rowTicks: Ticks
  let columnTicks: Ticks
  /// The room that ticks, labels and names take outside of the image.
  let left: Double
  let bottom: Double
  let top: Double

  init(
    _ fit: ImageFit, origin: Position<2> = [0, 0], heading: String? = nil,
    on ruler: borrowing Canvas
  ) {
    self.fit = fit
    self.origin = origin
    let style = Typography.tick
    let labelHeight = ruler.lineHeight(style: style)
    let nameHeight = ruler.lineHeight(style: Typography.label)
    rowTicks = Ticks.indices(
      from: origin.row, count: fit.shape.rows, most: max(2, min(12, fit.height / 40)))
    let longest = "\(origin.column + fit.shape.columns)"
    let room = ruler.width(of: longest, style: style) + 26
    columnTicks = Ticks.indices(
      from: origin.column, count: fit.shape.columns,
      most: max(1, min(14, Int(Double(fit.width) / room))))
    let widest = rowTicks.labels.map { ruler.width(of: $0, style: style) }.max() ?? 0
    let outside = Typography.tickLength + Typography.gap
    left = (outside + widest + Typography.gap + nameHeight).rounded(.up)
    bottom = (outside + labelHeight + nameHeight).rounded(.up)
    self.heading = heading.map {
      TextBlock(
        $0, style: Typography.heading, within: max(Double(fit.width), 240), on: ruler)
    }
    top = self.heading.map { ($0.height + 6).rounded(.up) } ?? 0
  }

  /// The extents with everything outside of the image but what lies to its right.
  var width: Double { left + Double(fit.width) }
  var height: Double { top + Double(fit.height) + bottom }

  /// Where the image itself lies if the panel's corner stands at a point.
  func imageFrame(at corner: CanvasPoint) -> CanvasRectangle {
    CanvasRectangle(
      x: corner.x + left, y: corner.y + top, width: Double(fit.width),
      height: Double(fit.height))
  }

  /// The place of an element's top-left corner, given by its indices in the axes' numbers.
  func place(row: Double, column: Double, in frame: CanvasRectangle) -> CanvasPoint {
    CanvasPoint(
      x: frame.x + (column - Double(origin.column)) * fit.columnScale,
      y: frame.y + (row - Double(origin.row)) * fit.rowScale)
  }

  func draw(_ pixels: PixelImage, on canvas: inout Canvas, in frame: CanvasRectangle) {
    let enlarges = fit.width >= pixels.width && fit.height >= pixels.height
    canvas.draw(pixels, in: frame, filter: enlarges ? .nearest : .averaging)
    canvas.stroke(frame.inset(by: -0.5), with: Stroke(width: 1, color: Palette.frame))
    heading?.draw(on: &canvas, x: frame.center.x, top: frame.y - top)
    drawColumnAxis(on: &canvas, below: frame)
    drawRowAxis(on: &canvas, leftOf: frame)
  }

  private func drawColumnAxis(on canvas: inout Canvas, below frame: CanvasRectangle) {
    let end = frame.bottom + Typography.tickLength
    for (value, label) in zip(columnTicks.values, columnTicks.labels) {
      let x = crisp(place(row: 0, column: value + 0.5, in: frame).x)
      canvas.stroke(
        line: [CanvasPoint(x: x, y: frame.bottom), CanvasPoint(x: x, y: end)],
        with: Stroke(width: 1, color: Palette.frame))
      canvas.draw(
        label, at: CanvasPoint(x: x, y: end + Typography.gap / 2), style: Typography.tick,
        anchor: TextAnchor(.center, .top))
    }
    canvas.draw(
      "column", at: CanvasPoint(x: frame.center.x, y: frame.bottom + bottom),
      style: Typography.label, anchor: TextAnchor(.center, .bottom))
  }

  private func drawRowAxis(on canvas: inout Canvas, leftOf frame: CanvasRectangle) {
    let end = frame.x - Typography.tickLength
    for (value, label) in zip(rowTicks.values, rowTicks.labels) {
      let y = crisp(place(row: value + 0.5, column: 0, in: frame).y)
      canvas.stroke(
        line: [CanvasPoint(x: end, y: y), CanvasPoint(x: frame.x, y: y)],
        with: Stroke(width: 1, color: Palette.frame))
      canvas.draw(
        label, at: CanvasPoint(x: end - Typography.gap, y: y), style: Typography.tick,
        anchor: TextAnchor(.right, .middle))
    }
    canvas.draw(
      "row", at: CanvasPoint(x: frame.x - left, y: frame.center.y), style: Typography.label,
      anchor: TextAnchor(.center, .top), upward: true)
  }
}

/// The middle of the pixel that a coordinate lies in, where lines of width 1 are sharp.
func crisp(_ coordinate: Double) -> Double { coordinate.rounded(.down) + 0.5 }
