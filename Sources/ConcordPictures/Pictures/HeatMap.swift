public import ConcordArrays
package import ConcordMediaBackends

/// An image of numbers as colours, with a title, axes in pixels, and the key of its colours.
///
/// Images up to about 600 pixels are enlarged by a whole factor, so that each element is a sharp
/// square; larger ones are shrunk to fit about 1400 pixels. Sides that would be shorter than 80
/// pixels are stretched. NaN has the colour ``ColorMap/notANumber`` and then stands in the key.
///
///     try HeatMap(scores, title: "Scores of the template").write(to: "scores.png")
public struct HeatMap<Scalar: RealScalar>: Picture {
  /// The numbers to be shown.
  public var values: Image<Scalar>

  /// The title, broken into lines where it is long.
  public var title: String

  /// A smaller line below the title.
  public var subtitle: String?

  /// What the numbers are, written beside the key: a name and a unit.
  public var barLabel: String?

  /// The values of the first and last colour; by default those of the data.
  ///
  /// Values outside take the end's colour, and the key gets a point at that end.
  public var range: ClosedRange<Double>?

  /// The colours.
  public var colorMap: ColorMap

  /// A heat map of an image.
  public init(
    _ values: Image<Scalar>, title: String, colorMap: ColorMap = .sequential,
    range: ClosedRange<Double>? = nil
  ) {
    self.values = values
    self.title = title
    self.colorMap = colorMap
    self.range = range
  }

  /// The picture as the bytes of a PNG file.
  ///
  /// - Throws: ``ConcordError/empty(what:)`` if there are no values,
  ///   ``ConcordError/outOfRange(what:found:allowed:)`` if the range is not finite.
  public func png() throws(ConcordError) -> [UInt8] {
    let canvas = try rendered()
    do { return try canvas.png() } catch { throw ConcordError(error) }
  }

  /// The drawn picture, before it is encoded.
  package func rendered() throws(ConcordError) -> Canvas {
    let coloring = try coloring()
    return try drawing { () throws(CanvasError) in
      let layout = try HeatMapLayout(self, coloring)
      return try layout.draw(coloring.pixels(of: values, at: layout.content.panel.fit))
    }
  }

  /// Where the image and its key's colours lie in the picture.
  package func frames() throws(ConcordError) -> (image: CanvasRectangle, key: CanvasRectangle) {
    let coloring = try coloring()
    let layout = try drawing { () throws(CanvasError) in try HeatMapLayout(self, coloring) }
    let content = layout.content
    return (layout.imageFrame, content.bar.colorFrame(at: content.barCorner(at: layout.corner)))
  }

  private func coloring() throws(ConcordError) -> Coloring {
    guard values.count > 0 else { throw .empty(what: "the heat map's image") }
    return Coloring(
      map: colorMap,
      range: ValueRange(
        of: Extremes(of: values), given: try checked(range), centered: colorMap.isCentered))
  }
}

/// A range of values as given by a caller, which must be finite.
func checked(_ range: ClosedRange<Double>?) throws(ConcordError) -> ClosedRange<Double>? {
  guard let range else { return nil }
  for bound in [range.lowerBound, range.upperBound] where !bound.isFinite {
    throw .outOfRange(what: "range of colours", found: bound, allowed: "finite bounds")
  }
  return range
}
