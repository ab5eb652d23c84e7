import CMediaShims

/// How one page of a TIFF file is stored.
struct TIFFPage: CustomStringConvertible {
  let layout: concord_tiff_page

  var rows: Int { Int(layout.height) }
  var columns: Int { Int(layout.width) }
  var channels: Int { Int(layout.samples) }
  var bits: Int { Int(layout.bits) }

  /// Whether the channels lie in planes of their own.
  var isSeparate: Bool { layout.planar == 2 && channels > 1 }

  /// Whether the page is a smaller copy of another one.
  var isReduced: Bool { layout.subfile & 1 != 0 }

  var isPalette: Bool { layout.photometric == 3 }

  /// Whether samples are smaller than a byte, or straddle bytes.
  var isPacked: Bool { bits < 16 && bits != 8 }

  /// Samples in one row of one stored plane.
  var rowSamples: Int { columns * (isSeparate ? 1 : channels) }

  var description: String {
    "\(rows) × \(columns) of \(channels) × \(bits) bits"
  }

  func hasKind(of other: TIFFPage) -> Bool {
    rows == other.rows && columns == other.columns && channels == other.channels
      && bits == other.bits && layout.format == other.layout.format
      && isPalette == other.isPalette
  }

  /// The type of the samples as they are given to the caller.
  func element() throws(MediaProblem) -> RealElement {
    switch (layout.format, bits) {
    case (1, 1...8), (4, 1...8): .uint8
    case (1, 9...16), (4, 9...16): .uint16
    case (1, 32), (4, 32): .uint32
    case (1, 64): .uint64
    case (2, 8): .int8
    case (2, 16): .int16
    case (2, 32): .int32
    case (2, 64): .int64
    case (3, 16), (3, 32): .float32
    case (3, 64): .float64
    default:
      throw MediaProblem(
        "expected integers of up to 64 bits or floats of 16, 32 or 64, found \(bits) bits of "
          + "sample format \(layout.format)")
    }
  }

  /// Whether samples are floats of 16 bits, which are widened.
  var isHalf: Bool { layout.format == 3 && bits == 16 }

  /// The most that the page's compression packs into one byte, in bytes given to the caller.
  var ratio: Int {
    let packing: Int
    switch layout.compression {
    case 1: packing = 1
    case 5: packing = 3000
    case 8, 32946: packing = 1032
    case 32773: packing = 64
    case 7: packing = 2048
    default: packing = 1 << 15
    }
    // Samples grow when they are unpacked or widened, colours of a palette once more.
    let expansion = isHalf || (9..<16).contains(bits) ? 2 : (bits < 8 ? 8 : 1)
    return packing * expansion * (isPalette ? 3 : 1)
  }

  /// Checks that the page is of a kind that can be decoded.
  func check() throws(MediaProblem) {
    guard layout.decodable == 1 else {
      throw MediaProblem(
        "expected a compression that libtiff was built with, found method \(layout.compression)")
    }
    guard (1...4).contains(channels) else {
      throw MediaProblem("expected 1 to 4 samples a pixel, found \(channels)")
    }
    guard layout.depth == 1 else {
      throw MediaProblem("expected flat pages, found a depth of \(layout.depth)")
    }
    guard layout.photometric <= 4 || layout.photometric == 32803 else {
      throw MediaProblem(
        "expected grey, RGB or palette colours, found photometric method \(layout.photometric)")
    }
    guard !isPalette || (channels == 1 && bits <= 8 && layout.format == 1) else {
      throw MediaProblem("expected palette indices of up to 8 bits, found \(self)")
    }
    _ = try element()
    guard rowSamples <= Int.max / 64, Int(layout.row_bytes) == (rowSamples * bits + 7) / 8 else {
      throw MediaProblem(
        "expected rows of \(rowSamples) samples of \(bits) bits, found \(layout.row_bytes) bytes")
    }
    if layout.tiled != 0 { try checkTiles() }
  }

  private func checkTiles() throws(MediaProblem) {
    let width = Int(layout.tile_width)
    let height = Int(layout.tile_height)
    let samples = isSeparate ? 1 : channels
    let rowBytes = (width * samples * bits + 7) / 8
    let (bytes, overflow) = rowBytes.multipliedReportingOverflow(by: height)
    guard width > 0, height > 0, !overflow, UInt64(bytes) == layout.tile_bytes else {
      throw MediaProblem(
        "expected tiles of \(width) × \(height) pixels, found \(layout.tile_bytes) bytes each")
    }
  }
}
