import CCairo

/// What cairo could not do.
package enum CanvasError: Error, Equatable, Sendable {
  /// A drawing surface of this size can't be had.
  case size(width: Int, height: Int)
  /// Cairo's own words for its failure.
  case cairo(problem: String)
}

extension CanvasError: CustomStringConvertible {
  /// One line that says what failed.
  package var description: String {
    switch self {
    case .size(let width, let height):
      "expected a picture of 1 to \(Canvas.largestExtent) pixels each way, "
        + "found \(width) × \(height)"
    case .cairo(let problem):
      "drawing failed: \(problem)"
    }
  }

  init(status: cairo_status_t) {
    self = .cairo(problem: cairo_status_to_string(status).map { String(cString: $0) } ?? "unknown")
  }
}
