import ConcordArrays
import ConcordMediaBackends
import ConcordPictures

/// A grey ramp along the columns: 0 at the left end, 1 at the right one.
func ramp(rows: Int, columns: Int) -> Image<Float> {
  Image<Float>(shape: [rows, columns]) { Float($0.column) / Float(max(columns - 1, 1)) }
}

/// The colour at a place of a picture.
func color(_ pixels: PixelImage, _ x: Double, _ y: Double) -> RGBColor {
  RGBColor(packed: pixels.pixels[Int(y) * pixels.width + Int(x)])
}

extension PixelImage {
  /// Whether nothing but white lies along the picture's edges.
  var hasFreeMargin: Bool {
    let border = 8
    for y in 0..<height {
      for x in 0..<width
      where x < border || y < border || x >= width - border || y >= height - border {
        if pixels[y * width + x] != 0xFF_FFFF { return false }
      }
    }
    return true
  }
}
