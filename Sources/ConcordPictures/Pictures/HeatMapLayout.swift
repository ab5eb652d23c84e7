import ConcordArrays
import ConcordMediaBackends

/// Where the parts of a heat map lie.
struct HeatMapLayout {
  let titles: TitleBlock
  let content: KeyedPanel
  let width: Int
  let height: Int
  let corner: CanvasPoint

  /// The largest image: with axes and key the picture then stays within about 1400 pixels.
  static let largest = 1140
  /// Narrow images get room for a title of some words.
  static let narrowest = 420.0

  init<Scalar>(_ picture: HeatMap<Scalar>, _ coloring: Coloring) throws(CanvasError) {
    let ruler = try Canvas(width: 1, height: 1)
    let fit = ImageFit(
      picture.values.shape, maxWidth: HeatMapLayout.largest, maxHeight: HeatMapLayout.largest)
    content = KeyedPanel(
      coloring, fit, labels: KeyedPanel.Labels(bar: picture.barLabel), on: ruler)
    let inner = max(content.width, HeatMapLayout.narrowest)
    titles = TitleBlock(
      title: picture.title, subtitle: picture.subtitle, within: inner, on: ruler)
    width = Int((inner + 2 * Typography.margin).rounded(.up))
    corner = CanvasPoint(
      x: ((Double(width) - content.width) / 2).rounded(),
      y: (Typography.margin + titles.height).rounded())
    height = Int((corner.y + content.height + Typography.margin).rounded(.up))
  }

  /// Where the image itself lies in the picture.
  var imageFrame: CanvasRectangle { content.imageFrame(at: corner) }

  func draw(_ pixels: PixelImage) throws(CanvasError) -> Canvas {
    var canvas = try Canvas(width: width, height: height)
    titles.draw(on: &canvas, x: Double(width) / 2, top: Typography.margin)
    content.draw(pixels, on: &canvas, at: corner)
    return canvas
  }
}
