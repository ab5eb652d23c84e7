/// Opaque RGB pixels in row-major order, each packed as `0x00RRGGBB`.
package struct PixelImage: Equatable, Sendable {
  package let width: Int
  package let height: Int
  package var pixels: [UInt32]

  package init(width: Int, height: Int, pixels: [UInt32]) {
    precondition(pixels.count == width * height, "The pixels don't fill the image")
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  /// Packs three bytes into one pixel.
  package static func pack(red: UInt8, green: UInt8, blue: UInt8) -> UInt32 {
    UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue)
  }

  /// The image with each pixel repeated along both axes.
  package func repeating(rows: Int, columns: Int) -> PixelImage {
    if rows == 1 && columns == 1 { return self }
    var result: [UInt32] = []
    result.reserveCapacity(pixels.count * rows * columns)
    for row in 0..<(height * rows) {
      let start = row / rows * width
      for column in 0..<(width * columns) { result.append(pixels[start + column / columns]) }
    }
    return PixelImage(width: width * columns, height: height * rows, pixels: result)
  }
}
