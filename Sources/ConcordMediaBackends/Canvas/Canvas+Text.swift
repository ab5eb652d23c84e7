import CCairo

/// How text looks.
package struct TextStyle: Equatable, Sendable {
  /// The font's em in pixels.
  package var size: Double
  package var bold: Bool
  package var color: CanvasColor
  /// The colour of a rim that keeps text legible on any background.
  package var rim: CanvasColor?

  package init(
    size: Double, bold: Bool = false, color: CanvasColor = .black, rim: CanvasColor? = nil
  ) {
    self.size = size
    self.bold = bold
    self.color = color
    self.rim = rim
  }
}

/// Which point of a text is put at the given place.
package struct TextAnchor: Equatable, Sendable {
  package enum Horizontal: Sendable { case left, center, right }
  /// `middle` centres digits and capitals; `top` and `bottom` are those of the font's line.
  package enum Vertical: Sendable { case top, middle, baseline, bottom }

  package var horizontal: Horizontal
  package var vertical: Vertical

  package init(_ horizontal: Horizontal, _ vertical: Vertical) {
    self.horizontal = horizontal
    self.vertical = vertical
  }
}

extension Canvas {
  /// The width a text takes, in pixels.
  package func width(of text: String, style: TextStyle) -> Double {
    choose(style)
    var extents = cairo_text_extents_t()
    cairo_text_extents(context, text, &extents)
    return extents.x_advance
  }

  /// The height of one line of text, in pixels.
  package func lineHeight(style: TextStyle) -> Double {
    let extents = fontExtents(style)
    return extents.ascent + extents.descent
  }

  /// Draws one line of text; `upward` turns it to be read from below.
  package mutating func draw(
    _ text: String, at place: CanvasPoint, style: TextStyle, anchor: TextAnchor,
    upward: Bool = false
  ) {
    let width = width(of: text, style: style)
    let extents = fontExtents(style)
    // Capital letters and digits of sans fonts are about 0.73 em tall.
    let down =
      switch anchor.vertical {
      case .top: extents.ascent
      case .middle: 0.365 * style.size
      case .baseline: 0.0
      case .bottom: -extents.descent
      }
    let across =
      switch anchor.horizontal {
      case .left: 0.0
      case .center: -width / 2
      case .right: -width
      }
    cairo_save(context)
    cairo_translate(context, place.x, place.y)
    if upward { cairo_rotate(context, -Double.pi / 2) }
    cairo_move_to(context, across, down)
    paint(text, style)
    cairo_restore(context)
  }

  private func paint(_ text: String, _ style: TextStyle) {
    if let rim = style.rim {
      cairo_text_path(context, text)
      setColor(rim)
      cairo_set_line_width(context, max(2, style.size / 5))
      cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
      cairo_stroke_preserve(context)
      setColor(style.color)
      cairo_fill(context)
    } else {
      setColor(style.color)
      cairo_show_text(context, text)
    }
    cairo_new_path(context)
  }

  private func choose(_ style: TextStyle) {
    let weight = style.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL
    cairo_select_font_face(context, "sans-serif", CAIRO_FONT_SLANT_NORMAL, weight)
    cairo_set_font_size(context, style.size)
  }

  private func fontExtents(_ style: TextStyle) -> cairo_font_extents_t {
    choose(style)
    var extents = cairo_font_extents_t()
    cairo_font_extents(context, &extents)
    return extents
  }
}
