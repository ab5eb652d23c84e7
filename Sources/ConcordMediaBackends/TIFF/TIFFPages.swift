import CMediaShims
import ConcordBackends

/// Decodes the samples of pages whose descriptions have been checked.
struct TIFFPages: BufferSource {
  let decoder: OpaquePointer
  let pages: [TIFFPage]

  private var page: TIFFPage { pages[0] }

  func buffer<Element: StoredElement>(
    of type: Element.Type
  ) throws(MediaProblem) -> SharedBuffer<Element> {
    try planes(channels: page.channels, of: type)
  }

  /// The colours of palette indices, red, green and blue planes.
  func paletteColors() throws(MediaProblem) -> SharedBuffer<UInt8> {
    let indices = try planes(channels: 1, of: UInt8.self)
    var colors = SharedBuffer<UInt8>(uninitializedCount: 3 * indices.count)
    var out = colors.mutableSpan
    let source = indices.span
    let area = page.rows * page.columns
    for (number, page) in pages.enumerated() {
      let palette = try palette(of: page)
      for index in (number * area)..<((number + 1) * area) {
        for channel in 0..<3 {
          out[channel * indices.count + index] = palette[channel][Int(source[index])]
        }
      }
    }
    return colors
  }

  /// The palette of a page as three lists of 256 values of 8 bits.
  private func palette(of page: TIFFPage) throws(MediaProblem) -> [[UInt8]] {
    var red: UnsafePointer<UInt16>?
    var green: UnsafePointer<UInt16>?
    var blue: UnsafePointer<UInt16>?
    try select(page)
    guard concord_tiff_palette(decoder, &red, &green, &blue) == 1, let red, let green, let blue
    else { throw MediaProblem("expected a palette, found none") }
    let entries = 1 << page.bits
    let colors = [red, green, blue].map { table in (0..<entries).map { table[$0] } }
    // Some old writers stored 8 bits where 16 are due.
    let isShort = colors.allSatisfy { $0.allSatisfy { $0 < 256 } }
    return colors.map { channel in
      channel.map { UInt8(isShort ? $0 : $0 >> 8) }
        + Array(repeating: 0, count: 256 - entries)
    }
  }

  private func select(_ page: TIFFPage) throws(MediaProblem) {
    var layout = page.layout
    guard concord_tiff_select(decoder, &layout) == 1 else { throw problem() }
  }

  private func planes<Element: StoredElement>(
    channels: Int, of type: Element.Type
  ) throws(MediaProblem) -> SharedBuffer<Element> {
    let area = page.rows * page.columns
    let planeStride = area * pages.count
    var result = SharedBuffer<Element>(uninitializedCount: planeStride * channels)
    var span = result.mutableSpan
    try span.withUnsafeMutableBufferPointer { (target) throws(MediaProblem) in
      guard let base = target.baseAddress else { return }
      for (number, page) in pages.enumerated() {
        try select(page)
        let target = TIFFTarget(
          base: base + number * area, planeStride: planeStride, page: page)
        if page.layout.tiled != 0 {
          try readTiles(into: target)
        } else {
          try readStrips(into: target)
        }
      }
    }
    return result
  }

  private func readStrips<Element>(into target: TIFFTarget<Element>) throws(MediaProblem) {
    let page = target.page
    var bytes = AlignedBuffer<UInt8>(uninitializedCount: Int(page.layout.row_bytes))
    var span = bytes.mutableSpan
    try span.withUnsafeMutableBufferPointer { (bytes) throws(MediaProblem) in
      guard let row = bytes.baseAddress else { return }
      for sample in 0..<(page.isSeparate ? page.channels : 1) {
        for index in 0..<page.rows {
          guard
            concord_tiff_read_row(decoder, row, UInt32(index), UInt16(sample)) == 1
          else { throw problem() }
          target.store(row, at: index, 0, columns: page.columns, sample: sample)
        }
      }
    }
  }

  private func readTiles<Element>(into target: TIFFTarget<Element>) throws(MediaProblem) {
    let page = target.page
    let width = Int(page.layout.tile_width)
    let height = Int(page.layout.tile_height)
    var bytes = AlignedBuffer<UInt8>(uninitializedCount: Int(page.layout.tile_bytes))
    var span = bytes.mutableSpan
    try span.withUnsafeMutableBufferPointer { (bytes) throws(MediaProblem) in
      guard let tile = bytes.baseAddress else { return }
      for sample in 0..<(page.isSeparate ? page.channels : 1) {
        for top in stride(from: 0, to: page.rows, by: height) {
          for left in stride(from: 0, to: page.columns, by: width) {
            let done = concord_tiff_read_tile(
              decoder, tile, page.layout.tile_bytes, UInt32(left), UInt32(top), UInt16(sample))
            guard done == 1 else { throw problem() }
            let columns = min(width, page.columns - left)
            for row in 0..<min(height, page.rows - top) {
              target.store(
                tile + row * (bytes.count / height), at: top + row, left, columns: columns,
                sample: sample)
            }
          }
        }
      }
    }
  }

  private func problem() -> MediaProblem {
    let message = printable(String(cString: concord_tiff_message(decoder)), limit: 160)
    return MediaProblem(
      "expected an undamaged TIFF image, found: \(message.isEmpty ? "too little data" : message)")
  }
}

/// Where the samples of a page go.
struct TIFFTarget<Element: StoredElement> {
  let base: UnsafeMutablePointer<Element>
  let planeStride: Int
  let page: TIFFPage

  /// Stores part of a row: all channels interleaved, or those of one sample.
  func store(
    _ bytes: UnsafePointer<UInt8>, at row: Int, _ column: Int, columns: Int, sample: Int
  ) {
    let channels = page.isSeparate ? 1 : page.channels
    let start = base + sample * planeStride + row * page.columns + column
    if page.isPacked {
      unpack(bytes, columns: columns, channels: channels, into: start)
    } else if page.isHalf {
      widen(bytes, columns: columns, channels: channels, into: start)
    } else {
      let samples = UnsafeRawPointer(bytes).assumingMemoryBound(to: Element.self)
      deinterleave(
        samples, columns: columns, channels: channels, into: start, planeStride: planeStride)
    }
  }

  /// Unpacks samples of less than 16 bits, the most significant bit first.
  private func unpack(
    _ bytes: UnsafePointer<UInt8>, columns: Int, channels: Int,
    into start: UnsafeMutablePointer<Element>
  ) {
    var held = 0
    var bits = 0
    var next = 0
    for column in 0..<columns {
      for channel in 0..<channels {
        while bits < page.bits {
          held = held << 8 | Int(bytes[next])
          next += 1
          bits += 8
        }
        bits -= page.bits
        let value = held >> bits
        held -= value << bits
        start[channel * planeStride + column] = Element(
          sample: UInt16(truncatingIfNeeded: value))
      }
    }
  }

  private func widen(
    _ bytes: UnsafePointer<UInt8>, columns: Int, channels: Int,
    into start: UnsafeMutablePointer<Element>
  ) {
    let samples = UnsafeRawPointer(bytes).assumingMemoryBound(to: UInt16.self)
    for channel in 0..<channels {
      for column in 0..<columns {
        start[channel * planeStride + column] = Element(
          sample: samples[column * channels + channel])
      }
    }
  }
}
