import ConcordMediaBackends

/// The colours of everything that is drawn around and over the data.
enum Palette {
  static let ink = CanvasColor(grey: 0.10)
  static let secondaryInk = CanvasColor(grey: 0.38)
  static let frame = CanvasColor(grey: 0.25)
  static let grid = CanvasColor(grey: 0.90)

  /// The box and mark of the best match: bright on grey, and unlike any colour of the maps.
  static let best = CanvasColor(red: 1.0, green: 0.36, blue: 0.12)
  /// The boxes and marks of further matches.
  static let further = CanvasColor(red: 0.42, green: 0.90, blue: 1.0)
  /// Outlines bright boxes and marks, so that they are seen on a bright ground too.
  static let outline = CanvasColor(grey: 0.05, alpha: 0.85)

  /// The colours of plotted series: equally light enough to be told from the page, in an order
  /// that also those tell apart who don't see red or green (Okabe and Ito, 2008).
  static let series = [
    CanvasColor(red: 0.000, green: 0.447, blue: 0.698),
    CanvasColor(red: 0.835, green: 0.369, blue: 0.000),
    CanvasColor(red: 0.000, green: 0.620, blue: 0.451),
    CanvasColor(red: 0.800, green: 0.475, blue: 0.655),
    CanvasColor(red: 0.902, green: 0.624, blue: 0.000),
    CanvasColor(red: 0.337, green: 0.706, blue: 0.914),
    CanvasColor(red: 0.350, green: 0.350, blue: 0.350),
    CanvasColor(red: 0.450, green: 0.300, blue: 0.150),
  ]
}
