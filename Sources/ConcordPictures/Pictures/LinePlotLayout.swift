import ConcordMediaBackends

/// Where the parts of a line plot lie, and how they are drawn.
struct LinePlotLayout {
  let plot: LinePlot
  let titles: TitleBlock
  let legend: Legend
  let xScale: AxisScale
  let yScale: AxisScale
  let xTicks: Ticks
  let yTicks: Ticks
  let frame: CanvasRectangle
  let width = 1000
  let height: Int

  private static let plotHeight = 500.0

  init(
    _ plot: LinePlot, _ xScale: AxisScale, _ yScale: AxisScale
  ) throws(CanvasError) {
    let ruler = try Canvas(width: 1, height: 1)
    let inner = Double(width) - 2 * Typography.margin
    self.plot = plot
    self.xScale = xScale
    self.yScale = yScale
    titles = TitleBlock(title: plot.title, subtitle: plot.subtitle, within: inner, on: ruler)
    legend = Legend(plot.series.map(\.name), within: inner, on: ruler)
    yTicks = yScale.ticks(most: 9)
    let style = Typography.tick
    let labelHeight = ruler.lineHeight(style: style)
    let nameHeight = ruler.lineHeight(style: Typography.label)
    let widest = yTicks.labels.map { ruler.width(of: $0, style: style) }.max() ?? 0
    let outside = Typography.tickLength + Typography.gap
    let yName = LinePlotLayout.name(plot.yAxis, yTicks) == nil ? 0 : nameHeight + Typography.gap
    let left = (Typography.margin + yName + widest + outside).rounded()
    // The last label of the x axis reaches over the frame.
    let right = Double(width) - Typography.margin - 16
    var ticks = xScale.ticks(most: 10)
    let room = (ticks.labels.map { ruler.width(of: $0, style: style) }.max() ?? 0) + 24
    if Double(ticks.labels.count) * room > right - left {
      ticks = xScale.ticks(most: max(2, Int((right - left) / room)))
    }
    xTicks = ticks
    let top = (Typography.margin + titles.height + legend.height).rounded()
    frame = CanvasRectangle(
      x: left, y: top, width: right - left, height: LinePlotLayout.plotHeight)
    let xName = LinePlotLayout.name(plot.xAxis, xTicks) == nil ? 0 : nameHeight + Typography.gap
    height = Int((frame.bottom + outside + labelHeight + xName + Typography.margin).rounded(.up))
  }

  func draw() throws(CanvasError) -> Canvas {
    var canvas = try Canvas(width: width, height: height)
    titles.draw(on: &canvas, x: Double(width) / 2, top: Typography.margin)
    legend.draw(on: &canvas, x: Double(width) / 2, top: Typography.margin + titles.height)
    drawXAxis(on: &canvas)
    drawYAxis(on: &canvas)
    canvas.stroke(frame.inset(by: -0.5), with: Stroke(width: 1, color: Palette.frame))
    canvas.clipped(to: frame.inset(by: -6)) { canvas in
      for (index, series) in plot.series.enumerated() {
        draw(series, Legend.stroke(index), on: &canvas)
      }
    }
    return canvas
  }

  private func draw(_ series: LinePlot.Series, _ stroke: Stroke, on canvas: inout Canvas) {
    let curve = Curve(series, shownBy: place)
    for run in curve.runs {
      canvas.stroke(line: run, with: stroke)
      // Few points are marked; a point between gaps would not be seen otherwise.
      guard curve.count <= Curve.mostMarked || run.count == 1 else { continue }
      for point in run { canvas.fill(circleAround: point, radius: 4, with: stroke.color) }
    }
  }

  private func place(_ x: Double, _ y: Double) -> CanvasPoint? {
    guard plot.xAxis.shows(x), plot.yAxis.shows(y) else { return nil }
    // Cairo's coordinates are 24-bit; far outside nothing is seen anyway.
    func limited(_ fraction: Double) -> Double { min(max(fraction, -5), 6) }
    return CanvasPoint(
      x: frame.x + limited(xScale.fraction(of: x)) * frame.width,
      y: frame.bottom - limited(yScale.fraction(of: y)) * frame.height)
  }

  private func drawXAxis(on canvas: inout Canvas) {
    for (value, label) in zip(xTicks.values, xTicks.labels) {
      let x = crisp(frame.x + xScale.fraction(of: value) * frame.width)
      let end = frame.bottom + Typography.tickLength
      line(
        on: &canvas, from: CanvasPoint(x: x, y: frame.y), to: CanvasPoint(x: x, y: frame.bottom),
        Palette.grid)
      line(
        on: &canvas, from: CanvasPoint(x: x, y: frame.bottom), to: CanvasPoint(x: x, y: end),
        Palette.frame)
      canvas.draw(
        label, at: CanvasPoint(x: x, y: end + Typography.gap / 2), style: Typography.tick,
        anchor: TextAnchor(.center, .top))
    }
    guard let name = LinePlotLayout.name(plot.xAxis, xTicks) else { return }
    let style = Typography.label.fitted(name, within: frame.width, on: canvas)
    canvas.draw(
      name, at: CanvasPoint(x: frame.center.x, y: Double(height) - Typography.margin),
      style: style, anchor: TextAnchor(.center, .bottom))
  }

  private func drawYAxis(on canvas: inout Canvas) {
    for (value, label) in zip(yTicks.values, yTicks.labels) {
      let y = crisp(frame.bottom - yScale.fraction(of: value) * frame.height)
      let end = frame.x - Typography.tickLength
      line(
        on: &canvas, from: CanvasPoint(x: frame.x, y: y), to: CanvasPoint(x: frame.right, y: y),
        Palette.grid)
      line(
        on: &canvas, from: CanvasPoint(x: end, y: y), to: CanvasPoint(x: frame.x, y: y),
        Palette.frame)
      canvas.draw(
        label, at: CanvasPoint(x: end - Typography.gap, y: y), style: Typography.tick,
        anchor: TextAnchor(.right, .middle))
    }
    guard let name = LinePlotLayout.name(plot.yAxis, yTicks) else { return }
    let style = Typography.label.fitted(name, within: frame.height, on: canvas)
    canvas.draw(
      name, at: CanvasPoint(x: Typography.margin, y: frame.center.y),
      style: style, anchor: TextAnchor(.center, .top), upward: true)
  }

  private func line(
    on canvas: inout Canvas, from start: CanvasPoint, to end: CanvasPoint, _ color: CanvasColor
  ) {
    canvas.stroke(line: [start, end], with: Stroke(width: 1, color: color))
  }

  /// An axis' label with the power of ten that its tick labels leave out.
  private static func name(_ axis: LinePlot.Axis, _ ticks: Ticks) -> String? {
    let label = axis.label.map(TextBlock.printable)
    guard let scale = ticks.scaleText else { return label }
    return label.map { "\($0) (\(scale))" } ?? scale
  }
}
