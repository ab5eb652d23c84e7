import ConcordMediaBackends

/// The key of a heat map: its colours with the numbers they stand for.
struct ColorBar {
  /// Along which side of the image the bar runs.
  enum Side { case right, below }

  let side: Side
  let map: ColorMap
  let range: ValueRange
  let label: String?
  let ticks: Ticks
  /// The room along the image's side, which bar, arrows and the swatch for NaN share.
  let length: Double
  /// The room across, labels included.
  let breadth: Double

  static let thickness = 24.0
  private static let arrow = 15.0
  private static let swatchGap = 16.0

  private let swatchRoom: Double

  init(
    _ coloring: Coloring, side: Side, length: Double, label: String?, on ruler: borrowing Canvas
  ) {
    self.side = side
    self.length = length
    map = coloring.map
    range = coloring.range
    let style = Typography.tick
    let nanWidth = ruler.width(of: "NaN", style: style)
    let swatch = side == .right ? ColorBar.thickness : ColorBar.thickness + 6 + nanWidth
    swatchRoom = range.hasNaN ? ColorBar.swatchGap + swatch : 0
    let room = length - swatchRoom
    ticks = Ticks.linear(
      range.bounds, most: max(3, min(12, Int(room / (side == .right ? 38 : 80)))))
    let parts = [label.map(TextBlock.printable), ticks.scaleText]
    self.label =
      switch (parts[0], parts[1]) {
      case (let name?, let scale?): "\(name) (\(scale))"
      case (let name, let scale): name ?? scale
      }
    let texts = ticks.labels + (range.hasNaN && side == .right ? ["NaN"] : [])
    let across =
      side == .right
      ? texts.map { ruler.width(of: $0, style: style) }.max() ?? 0
      : ruler.lineHeight(style: style)
    let name =
      self.label == nil ? 0 : Typography.gap + ruler.lineHeight(style: Typography.label)
    breadth =
      (ColorBar.thickness + Typography.tickLength + Typography.gap + across + name).rounded(.up)
  }

  /// The bar's own colours, inside of the room that starts at a corner.
  func colorFrame(at corner: CanvasPoint) -> CanvasRectangle {
    let before = range.exceedsLow ? ColorBar.arrow : 0
    let after = range.exceedsHigh ? ColorBar.arrow : 0
    let span = length - swatchRoom - before - after
    return side == .right
      ? CanvasRectangle(
        x: corner.x, y: corner.y + after, width: ColorBar.thickness, height: span)
      : CanvasRectangle(
        x: corner.x + before, y: corner.y, width: span, height: ColorBar.thickness)
  }

  func draw(on canvas: inout Canvas, at corner: CanvasPoint) {
    let frame = colorFrame(at: corner)
    let colors = side == .right ? map.colors.reversed() : map.colors
    let strip = PixelImage(
      width: side == .right ? 1 : colors.count, height: side == .right ? colors.count : 1,
      pixels: colors.map(\.packed))
    canvas.draw(strip, in: frame, filter: .nearest)
    canvas.stroke(frame.inset(by: -0.5), with: Stroke(width: 1, color: Palette.frame))
    if range.exceedsLow { drawArrow(on: &canvas, frame, atHigh: false) }
    if range.exceedsHigh { drawArrow(on: &canvas, frame, atHigh: true) }
    drawTicks(on: &canvas, frame)
    if range.hasNaN { drawSwatch(on: &canvas, at: corner) }
    guard let label else { return }
    let style = Typography.label.fitted(label, within: length, on: canvas)
    let place =
      side == .right
      ? CanvasPoint(x: corner.x + breadth, y: corner.y + length / 2)
      : CanvasPoint(x: corner.x + length / 2, y: corner.y + breadth)
    canvas.draw(
      label, at: place, style: style, anchor: TextAnchor(.center, .bottom),
      upward: side == .right)
  }

  private func drawTicks(on canvas: inout Canvas, _ frame: CanvasRectangle) {
    let stroke = Stroke(width: 1, color: Palette.frame)
    for (value, label) in zip(ticks.values, ticks.labels) {
      let fraction = range.fraction(of: value)
      if side == .right {
        let y = crisp(frame.bottom - fraction * frame.height)
        let end = frame.right + Typography.tickLength
        canvas.stroke(
          line: [CanvasPoint(x: frame.right, y: y), CanvasPoint(x: end, y: y)], with: stroke)
        canvas.draw(
          label, at: CanvasPoint(x: end + Typography.gap, y: y), style: Typography.tick,
          anchor: TextAnchor(.left, .middle))
      } else {
        let x = crisp(frame.x + fraction * frame.width)
        let end = frame.bottom + Typography.tickLength
        canvas.stroke(
          line: [CanvasPoint(x: x, y: frame.bottom), CanvasPoint(x: x, y: end)], with: stroke)
        canvas.draw(
          label, at: CanvasPoint(x: x, y: end + Typography.gap / 2), style: Typography.tick,
          anchor: TextAnchor(.center, .top))
      }
    }
  }

  /// A point at an end of the bar: values go on beyond it, in the end's colour.
  private func drawArrow(on canvas: inout Canvas, _ frame: CanvasRectangle, atHigh: Bool) {
    let color = (atHigh ? map.colors.last : map.colors.first) ?? ColorMap.notANumber
    let corners: [CanvasPoint]
    if side == .right {
      let base = atHigh ? frame.y - 0.5 : frame.bottom + 0.5
      let tip = atHigh ? base - ColorBar.arrow + 2 : base + ColorBar.arrow - 2
      corners = [
        CanvasPoint(x: frame.x - 0.5, y: base), CanvasPoint(x: frame.center.x, y: tip),
        CanvasPoint(x: frame.right + 0.5, y: base),
      ]
    } else {
      let base = atHigh ? frame.right + 0.5 : frame.x - 0.5
      let tip = atHigh ? base + ColorBar.arrow - 2 : base - ColorBar.arrow + 2
      corners = [
        CanvasPoint(x: base, y: frame.y - 0.5), CanvasPoint(x: tip, y: frame.center.y),
        CanvasPoint(x: base, y: frame.bottom + 0.5),
      ]
    }
    canvas.fill(polygon: corners, with: color.canvasColor)
    canvas.stroke(line: corners, with: Stroke(width: 1, color: Palette.frame))
  }

  private func drawSwatch(on canvas: inout Canvas, at corner: CanvasPoint) {
    let start = length - swatchRoom + ColorBar.swatchGap
    let side = ColorBar.thickness
    let swatch =
      self.side == .right
      ? CanvasRectangle(x: corner.x, y: corner.y + start, width: side, height: side)
      : CanvasRectangle(x: corner.x + start, y: corner.y, width: side, height: side)
    canvas.fill(swatch, with: ColorMap.notANumber.canvasColor)
    canvas.stroke(swatch.inset(by: -0.5), with: Stroke(width: 1, color: Palette.frame))
    let gap = self.side == .right ? Typography.tickLength + Typography.gap : 6
    canvas.draw(
      "NaN", at: CanvasPoint(x: swatch.right + gap, y: swatch.center.y),
      style: Typography.tick, anchor: TextAnchor(.left, .middle))
  }
}
