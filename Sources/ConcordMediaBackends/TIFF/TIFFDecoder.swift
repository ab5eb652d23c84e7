import CMediaShims
import ConcordBackends

/// Decodes TIFF files with libtiff: strips and tiles, one or several equal pages.
///
/// Values are given as they are stored: 'white is zero' is not inverted, bits are not scaled, and the
/// orientation tag is not obeyed. A palette becomes 8-bit colours. Reduced copies of a page
/// (pyramids, thumbnails marked as such) are skipped.
package struct TIFFDecoder: ~Copyable {
  let tiff: OpaquePointer
  private let fileBytes: Int

  package static func decode(_ path: String) throws(MediaProblem) -> DecodedImage {
    let file = try OpenFile(reading: path)
    guard file.isRegular else {
      throw MediaProblem("expected a regular file, found a stream")
    }
    var start: [UInt8] = []
    try file.fill(&start, to: 4)
    guard [[0x49, 0x49], [0x4D, 0x4D]].contains(start.prefix(2)) else {
      throw MediaProblem("expected a TIFF image, found something else")
    }
    let decoder = try TIFFDecoder(path, fileBytes: file.size)
    return try decoder.decode()
  }

  private init(_ path: String, fileBytes: Int) throws(MediaProblem) {
    var message = [CChar](repeating: 0, count: 200)
    // Tables of strips and packed data are bounded by the file, so libtiff needs no more.
    let most = (64 << 20) + 16 * min(fileBytes, Int.max >> 6)
    guard let tiff = concord_tiff_open(path, most, &message, message.count) else {
      throw MediaProblem(
        "expected an undamaged TIFF image, found: \(ConcordMediaBackends.text(ofMessage: message))")
    }
    self.tiff = tiff
    self.fileBytes = fileBytes
  }

  deinit { concord_tiff_close(tiff) }

  /// What libtiff reported last.
  borrowing func problem() -> MediaProblem {
    let message = printable(String(cString: concord_tiff_message(tiff)), limit: 160)
    return MediaProblem(
      "expected an undamaged TIFF image, found: \(message.isEmpty ? "no data" : message)")
  }

  private borrowing func decode() throws(MediaProblem) -> DecodedImage {
    let pages = try readPages()
    let page = pages[0]
    let isPalette = page.isPalette
    let channels = isPalette ? 3 : page.channels
    let element = try isPalette ? .uint8 : page.element()
    let extents = [pages.count, page.rows, page.columns]
    _ = try checkClaim(
      extents: extents + [channels], elementBytes: element.bytes, packedBytes: fileBytes,
      ratio: page.ratio)
    if page.layout.tiled != 0 {
      _ = try checkClaim(
        extents: [Int(clamping: page.layout.tile_bytes)], elementBytes: 1,
        packedBytes: fileBytes + 1024, ratio: page.ratio)
    }
    let source = TIFFPages(decoder: tiff, pages: pages)
    let elements =
      isPalette
      ? RealStorage.uint8(try source.paletteColors()) : try RealStorage(element, from: source)
    return DecodedImage(
      shape: pages.count == 1 ? [page.rows, page.columns] : extents, channels: channels,
      elements: elements)
  }

  /// The pages of full resolution, which must be equal in kind.
  private borrowing func readPages() throws(MediaProblem) -> [TIFFPage] {
    var pages: [TIFFPage] = []
    var number = 0
    repeat {
      number += 1
      var layout = concord_tiff_page()
      guard concord_tiff_describe(tiff, &layout) == 1 else { throw problem() }
      let page = TIFFPage(layout: layout)
      if page.isReduced && !pages.isEmpty { continue }
      try page.check()
      if let first = pages.first, !page.hasKind(of: first) {
        throw MediaProblem(
          "expected pages of one kind, found \(first) on the first and \(page) on page \(number)")
      }
      pages.append(page)
    } while concord_tiff_next(tiff) == 1
    guard String(cString: concord_tiff_message(tiff)).isEmpty else { throw problem() }
    return pages
  }
}
