import CMediaShims
import ConcordBackends

/// Decodes a PNG image with libpng, row by row.
///
/// 8 and 16 bits are given as they are. Less than 8 bits of grey are expanded to 0...255, a palette
/// to colours, a transparent colour to an opacity channel. Gamma and profiles are ignored.
package struct PNGDecoder: ~Copyable {
  private let png: OpaquePointer
  private let layout: concord_png_layout
  private let bytes: FileBytes

  /// The most that deflate packs into one byte.
  private static let deflateRatio = 1032

  package static func decode(_ bytes: FileBytes) throws(MediaProblem) -> DecodedImage {
    let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    guard bytes.prefix(8) == signature else {
      throw MediaProblem("expected a PNG image, found something else")
    }
    let decoder = try PNGDecoder(bytes)
    return try decoder.decode()
  }

  private init(_ bytes: FileBytes) throws(MediaProblem) {
    guard let png = concord_png_open(bytes.pointer, bytes.count) else {
      throw MediaProblem("out of memory")
    }
    var layout = concord_png_layout()
    guard concord_png_read_header(png, &layout) == 1 else {
      let problem = Self.problem(png)
      concord_png_destroy(png)
      throw problem
    }
    self.png = png
    self.layout = layout
    self.bytes = bytes
  }

  deinit { concord_png_destroy(png) }

  private static func problem(_ png: OpaquePointer) -> MediaProblem {
    let message = printable(String(cString: concord_png_message(png)), limit: 160)
    return MediaProblem("expected an undamaged PNG image, found: \(message)")
  }

  private borrowing func decode() throws(MediaProblem) -> DecodedImage {
    let rows = Int(layout.height)
    let columns = Int(layout.width)
    let channels = Int(layout.channels)
    let expansion =
      (channels * Int(layout.bits) + Int(layout.stored_bits) - 1)
      / Int(layout.stored_bits)
    _ = try checkClaim(
      extents: [rows, columns, channels], elementBytes: Int(layout.bits) / 8,
      packedBytes: bytes.count, ratio: Self.deflateRatio * expansion)
    guard concord_png_start(png) == 1 else { throw Self.problem(png) }
    let elements: RealStorage =
      layout.bits == 16
      ? .uint16(try planes(of: UInt16.self)) : .uint8(try planes(of: UInt8.self))
    return DecodedImage(shape: [rows, columns], channels: channels, elements: elements)
  }

  /// Channel after channel, each in row-major order.
  private borrowing func planes<Element: StoredElement>(
    of type: Element.Type
  ) throws(MediaProblem) -> SharedBuffer<Element> {
    let rows = Int(layout.height)
    let channels = Int(layout.channels)
    let rowElements = Int(layout.width) * channels
    var result = SharedBuffer<Element>(uninitializedCount: rows * rowElements)
    var target = result.mutableSpan
    try target.withUnsafeMutableBufferPointer { (target) throws(MediaProblem) in
      guard let base = target.baseAddress else { return }
      if channels == 1 {
        try readPasses(into: base)
        return
      }
      // Interlaced rows come in seven passes, so all of them have to be kept meanwhile.
      let isInterlaced = layout.passes > 1
      var scratch = AlignedBuffer<Element>(
        uninitializedCount: isInterlaced ? rows * rowElements : rowElements)
      var span = scratch.mutableSpan
      try span.withUnsafeMutableBufferPointer { (scratch) throws(MediaProblem) in
        guard let source = scratch.baseAddress else { return }
        if isInterlaced { try readPasses(into: source) }
        for row in 0..<rows {
          if !isInterlaced { try readRow(into: source) }
          deinterleave(
            source + (isInterlaced ? row * rowElements : 0), columns: Int(layout.width),
            channels: channels, into: base + row * Int(layout.width),
            planeStride: rows * Int(layout.width))
        }
      }
    }
    return result
  }

  private borrowing func readPasses<Element>(
    into base: UnsafeMutablePointer<Element>
  ) throws(MediaProblem) {
    let rowElements = Int(layout.width) * Int(layout.channels)
    for _ in 0..<layout.passes {
      for row in 0..<Int(layout.height) { try readRow(into: base + row * rowElements) }
    }
  }

  private borrowing func readRow<Element>(
    into row: UnsafeMutablePointer<Element>
  ) throws(MediaProblem) {
    let bytes = UnsafeMutableRawPointer(row).assumingMemoryBound(to: UInt8.self)
    guard concord_png_read_row(png, bytes) == 1 else { throw Self.problem(png) }
  }
}

/// Distributes one row of interleaved channels over their planes.
func deinterleave<Element>(
  _ row: UnsafePointer<Element>, columns: Int, channels: Int,
  into base: UnsafeMutablePointer<Element>, planeStride: Int
) {
  if channels == 1 {
    base.update(from: row, count: columns)
    return
  }
  for channel in 0..<channels {
    let plane = base + channel * planeStride
    for column in 0..<columns { plane[column] = row[column * channels + channel] }
  }
}
