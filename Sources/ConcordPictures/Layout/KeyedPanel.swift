import ConcordArrays
import ConcordMediaBackends

/// An image panel with the key of its colours beside or below it.
struct KeyedPanel {
  let panel: ImagePanel
  let bar: ColorBar
  /// The extents of both together.
  let width: Double
  let height: Double

  private let gap: Double
  /// How far the panel is moved to the right to make room for a key that is wider.
  private let shift: Double

  /// What the panel says about its image.
  struct Labels {
    var heading: String?
    var bar: String?
  }

  init(
    _ coloring: Coloring, _ fit: ImageFit, origin: Position<2> = [0, 0], labels: Labels,
    on ruler: borrowing Canvas
  ) {
    panel = ImagePanel(fit, origin: origin, heading: labels.heading, on: ruler)
    // Beside a low image a key would be too short to be read.
    let side: ColorBar.Side = fit.height < 160 && fit.width >= 240 ? .below : .right
    let length =
      side == .right ? max(Double(fit.height), 160) : min(Double(fit.width), 640)
    bar = ColorBar(coloring, side: side, length: length, label: labels.bar, on: ruler)
    gap = side == .right ? 26 : 18
    if side == .right {
      shift = 0
      width = panel.width + gap + bar.breadth
      height = max(panel.height, panel.top + length)
    } else {
      // The last labels of axis and key reach over the edge.
      let overhang = 24.0
      shift = max(0, (length - Double(fit.width)) / 2)
      width = panel.width + 2 * shift + overhang
      height = panel.height + gap + bar.breadth
    }
  }

  func imageFrame(at corner: CanvasPoint) -> CanvasRectangle {
    panel.imageFrame(at: CanvasPoint(x: corner.x + shift, y: corner.y))
  }

  /// The room of the key; its colours are at ``ColorBar/colorFrame(at:)``.
  func barCorner(at corner: CanvasPoint) -> CanvasPoint {
    let image = imageFrame(at: corner)
    return bar.side == .right
      ? CanvasPoint(x: image.right + gap, y: image.y)
      : CanvasPoint(
        x: (image.center.x - bar.length / 2).rounded(), y: image.bottom + panel.bottom + gap)
  }

  func draw(_ pixels: PixelImage, on canvas: inout Canvas, at corner: CanvasPoint) {
    panel.draw(pixels, on: &canvas, in: imageFrame(at: corner))
    bar.draw(on: &canvas, at: barCorner(at: corner))
  }
}
