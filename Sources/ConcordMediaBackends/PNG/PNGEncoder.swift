import CMediaShims

/// Encodes 8-bit images with libpng.
package enum PNGEncoder {
  /// The bytes of a PNG file of 1 to 4 interleaved channels: grey, grey and alpha, RGB or RGBA.
  package static func encode(
    _ pixels: [UInt8], rows: Int, columns: Int, channels: Int
  ) throws(MediaProblem) -> [UInt8] {
    guard (1...4).contains(channels) else {
      throw MediaProblem("expected 1 to 4 channels, found \(channels)")
    }
    guard rows > 0, columns > 0, rows <= Int(Int32.max), columns <= Int(Int32.max) else {
      throw MediaProblem(
        "expected an image of 1 to \(Int32.max) rows and columns, found \(rows) × \(columns)")
    }
    guard byteCount(of: [rows, columns, channels], elementBytes: 1) == pixels.count else {
      throw MediaProblem(
        "expected \(rows) × \(columns) × \(channels) bytes of pixels, found \(pixels.count)")
    }
    guard let png = concord_png_create() else { throw MediaProblem("out of memory") }
    defer { concord_png_destroy(png) }
    let started = concord_png_write_header(
      png, UInt32(columns), UInt32(rows), Int32(channels))
    var isFine = started == 1
    pixels.withUnsafeBufferPointer { pixels in
      guard let base = pixels.baseAddress else { return }
      for row in 0..<rows where isFine {
        isFine = concord_png_write_row(png, base + row * columns * channels) == 1
      }
    }
    guard isFine, concord_png_write_end(png) == 1 else {
      throw MediaProblem("encoding failed: \(String(cString: concord_png_message(png)))")
    }
    var count = 0
    let bytes = concord_png_written(png, &count)
    return Array(UnsafeBufferPointer(start: bytes, count: count))
  }
}
