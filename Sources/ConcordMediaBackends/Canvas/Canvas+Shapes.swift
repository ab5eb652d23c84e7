import CCairo

/// How a line is drawn: its width in pixels, its colour, and its dashes.
package struct Stroke: Equatable, Sendable {
  package var width: Double
  package var color: CanvasColor
  /// The lengths of dashes and gaps in turn; a solid line has none.
  package var dash: [Double]

  package init(width: Double, color: CanvasColor, dash: [Double] = []) {
    self.width = width
    self.color = color
    self.dash = dash
  }
}

extension Canvas {
  package mutating func fill(_ rectangle: CanvasRectangle, with color: CanvasColor) {
    setColor(color)
    cairo_rectangle(context, rectangle.x, rectangle.y, rectangle.width, rectangle.height)
    cairo_fill(context)
  }

  package mutating func fill(polygon corners: [CanvasPoint], with color: CanvasColor) {
    trace(corners)
    cairo_close_path(context)
    setColor(color)
    cairo_fill(context)
  }

  /// Draws the outline of a rectangle, centred on its edges.
  package mutating func stroke(_ rectangle: CanvasRectangle, with stroke: Stroke) {
    cairo_rectangle(context, rectangle.x, rectangle.y, rectangle.width, rectangle.height)
    apply(stroke)
  }

  /// Draws straight lines from point to point.
  package mutating func stroke(line points: [CanvasPoint], with stroke: Stroke) {
    guard points.count > 1 else { return }
    // Round joins keep the spikes of a plotted curve from shooting past its maxima.
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    trace(points)
    apply(stroke)
    cairo_set_line_join(context, CAIRO_LINE_JOIN_MITER)
  }

  package mutating func stroke(
    circleAround center: CanvasPoint, radius: Double, with stroke: Stroke
  ) {
    circle(center, radius)
    apply(stroke)
  }

  package mutating func fill(
    circleAround center: CanvasPoint, radius: Double, with color: CanvasColor
  ) {
    circle(center, radius)
    setColor(color)
    cairo_fill(context)
  }

  /// Draws with everything outside of a rectangle left as it is.
  package mutating func clipped(
    to rectangle: CanvasRectangle, _ draw: (inout Canvas) -> Void
  ) {
    cairo_save(context)
    cairo_rectangle(context, rectangle.x, rectangle.y, rectangle.width, rectangle.height)
    cairo_clip(context)
    draw(&self)
    cairo_restore(context)
  }

  private func trace(_ points: [CanvasPoint]) {
    cairo_new_path(context)
    for point in points { cairo_line_to(context, point.x, point.y) }
  }

  private func circle(_ center: CanvasPoint, _ radius: Double) {
    cairo_new_path(context)
    cairo_arc(context, center.x, center.y, radius, 0, 2 * Double.pi)
  }

  private func apply(_ stroke: Stroke) {
    setColor(stroke.color)
    cairo_set_line_width(context, stroke.width)
    cairo_set_dash(context, stroke.dash, Int32(clamping: stroke.dash.count), 0)
    cairo_stroke(context)
  }
}
