import ConcordMediaBackends

/// The sizes of text and gaps in a picture, in pixels.
enum Typography {
  static let title = TextStyle(size: 23, bold: true, color: Palette.ink)
  static let subtitle = TextStyle(size: 17, color: Palette.secondaryInk)
  static let heading = TextStyle(size: 18, bold: true, color: Palette.ink)
  static let label = TextStyle(size: 17, color: Palette.ink)
  static let tick = TextStyle(size: 15, color: Palette.ink)
  static let caption = TextStyle(size: 18, color: Palette.ink)
  static let smallCaption = TextStyle(size: 16, color: Palette.secondaryInk)

  /// White space round the whole picture.
  static let margin = 26.0
  static let tickLength = 6.0
  /// Between a tick's end and its label, or between labels and an axis' name.
  static let gap = 6.0
}
