import CMediaShims
package import ConcordBackends

/// Writes floating-point images with libtiff, one page for each plane of a volume.
package enum TIFFEncoder {
  /// Writes channels, each of `pages × rows × columns` elements.
  @_specialize(exported:false,where Element == Float)
  @_specialize(exported:false,where Element == Double)
  package static func write<Element: BinaryFloatingPoint>(
    _ channels: [SharedBuffer<Element>], pages: Int, rows: Int, columns: Int, to path: String
  ) throws(MediaProblem) {
    guard pages > 0, rows > 0, columns > 0, rows <= Int(Int32.max), columns <= Int(Int32.max)
    else {
      throw MediaProblem(
        "expected pages of 1 to \(Int32.max) rows and columns, found \(pages) × \(rows) × "
          + "\(columns)")
    }
    let bytes = channels.reduce(0) { $0 + $1.count * MemoryLayout<Element>.stride }
    // Classic TIFF counts bytes in 32 bits; some room is left for the tables.
    let isBig = bytes + pages * (rows * 16 + 1024) > Int(UInt32.max)
    var message = [CChar](repeating: 0, count: 200)
    guard let tiff = concord_tiff_create(path, isBig ? 1 : 0, &message, message.count) else {
      throw MediaProblem(text(ofMessage: message))
    }
    defer { concord_tiff_close(tiff) }
    var row = AlignedBuffer<Element>(uninitializedCount: columns * channels.count)
    for page in 0..<pages {
      var done = concord_tiff_begin_page(
        tiff, UInt32(columns), UInt32(rows), UInt16(channels.count),
        UInt16(8 * MemoryLayout<Element>.size))
      for index in 0..<rows where done == 1 {
        interleave(channels, at: (page * rows + index) * columns, columns, into: &row)
        var span = row.mutableSpan
        done = span.withUnsafeMutableBufferPointer {
          concord_tiff_write_row(tiff, $0.baseAddress, UInt32(index))
        }
      }
      guard done == 1, concord_tiff_end_page(tiff) == 1 else {
        throw MediaProblem(
          "writing failed: \(printable(String(cString: concord_tiff_message(tiff))))")
      }
    }
  }

  private static func interleave<Element>(
    _ channels: [SharedBuffer<Element>], at start: Int, _ columns: Int,
    into row: inout AlignedBuffer<Element>
  ) {
    var out = row.mutableSpan
    for (channel, buffer) in channels.enumerated() {
      let source = buffer.span
      for column in 0..<columns {
        out[column * channels.count + channel] = source[start + column]
      }
    }
  }
}
