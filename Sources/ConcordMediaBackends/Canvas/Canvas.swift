import CCairo

/// A picture in the making: an opaque RGB surface of cairo and its drawing context, with one owner.
///
/// Cairo keeps its first failure and ignores all drawing after it, so drawing doesn't throw:
/// ``png()`` and ``pixels()`` report what went wrong.
package struct Canvas: ~Copyable {
  /// Cairo's limit to either extent of an image surface.
  package static let largestExtent = 32767

  package let width: Int
  package let height: Int

  let surface: OpaquePointer
  let context: OpaquePointer

  package init(
    width: Int, height: Int, background: CanvasColor = .white
  ) throws(CanvasError) {
    let allowed = 1...Canvas.largestExtent
    guard allowed.contains(width) && allowed.contains(height) else {
      throw .size(width: width, height: height)
    }
    guard
      let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height)),
      let context = cairo_create(surface)
    else { throw .cairo(problem: "out of memory") }
    let status = cairo_status(context)
    guard status == CAIRO_STATUS_SUCCESS else {
      cairo_destroy(context)
      cairo_surface_destroy(surface)
      throw CanvasError(status: status)
    }
    self.width = width
    self.height = height
    self.surface = surface
    self.context = context
    Canvas.chooseRendering(context)
    setColor(background)
    cairo_paint(context)
  }

  deinit {
    cairo_destroy(context)
    cairo_surface_destroy(surface)
  }

  /// Throws what went wrong in any drawing since the canvas was made.
  func check() throws(CanvasError) {
    let status = cairo_status(context)
    guard status == CAIRO_STATUS_SUCCESS else { throw CanvasError(status: status) }
  }

  func setColor(_ color: CanvasColor) {
    cairo_set_source_rgba(context, color.red, color.green, color.blue, color.alpha)
  }

  /// Grey antialiasing and unrounded glyph widths: text looks alike on every screen and scales.
  private static func chooseRendering(_ context: OpaquePointer) {
    let options = cairo_font_options_create()
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_SLIGHT)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_set_font_options(context, options)
    cairo_font_options_destroy(options)
    cairo_set_line_join(context, CAIRO_LINE_JOIN_MITER)
  }
}
