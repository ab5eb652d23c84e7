import ConcordMediaBackends

/// A series as unbroken runs of points on the canvas.
struct Curve {
  private(set) var runs: [[CanvasPoint]] = []
  /// How many points the series shows.
  private(set) var count = 0

  /// The points of longer curves are not marked.
  static let mostMarked = 50

  init(
    _ series: LinePlot.Series, shownBy place: (Double, Double) -> CanvasPoint?
  ) {
    var run: [CanvasPoint] = []
    for (x, y) in zip(series.x, series.y) {
      if let point = place(x, y) {
        run.append(point)
        count += 1
      } else if !run.isEmpty {
        runs.append(Curve.thinned(run))
        run = []
      }
    }
    if !run.isEmpty { runs.append(Curve.thinned(run)) }
  }

  /// Keeps the first, lowest, highest and last of neighbours that fall into one column of pixels:
  /// the same ink from far fewer lines.
  private static func thinned(_ points: [CanvasPoint]) -> [CanvasPoint] {
    guard points.count > 4000 else { return points }
    var kept: [CanvasPoint] = []
    var start = 0
    while start < points.count {
      let column = points[start].x.rounded(.down)
      var end = start
      var (lowest, highest) = (start, start)
      while end < points.count && points[end].x.rounded(.down) == column {
        if points[end].y < points[highest].y { highest = end }
        if points[end].y > points[lowest].y { lowest = end }
        end += 1
      }
      for index in Set([start, lowest, highest, end - 1]).sorted() { kept.append(points[index]) }
      start = end
    }
    return kept
  }
}
