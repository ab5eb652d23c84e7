import CCairo

/// How an image is brought to another size.
package enum PixelFilter: Sendable {
  /// Every pixel becomes a sharp-edged rectangle: for enlarging.
  case nearest
  /// Pixels are averaged: for shrinking.
  case averaging
}

extension Canvas {
  /// Draws an image so that it fills a rectangle.
  package mutating func draw(
    _ image: PixelImage, in place: CanvasRectangle, filter: PixelFilter
  ) {
    guard image.width > 0 && image.height > 0 else { return }
    var pixels = image.pixels
    pixels.withUnsafeMutableBytes { bytes in
      let source = cairo_image_surface_create_for_data(
        bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), CAIRO_FORMAT_RGB24,
        Int32(clamping: image.width), Int32(clamping: image.height),
        Int32(clamping: 4 * image.width))
      cairo_save(context)
      cairo_rectangle(context, place.x, place.y, place.width, place.height)
      cairo_clip(context)
      cairo_translate(context, place.x, place.y)
      cairo_scale(
        context, place.width / Double(image.width), place.height / Double(image.height))
      cairo_set_source_surface(context, source, 0, 0)
      let pattern = cairo_get_source(context)
      cairo_pattern_set_filter(
        pattern, filter == .nearest ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_GOOD)
      // Without padding the outermost pixels would fade into transparency.
      cairo_pattern_set_extend(pattern, CAIRO_EXTEND_PAD)
      cairo_paint(context)
      cairo_restore(context)
      // The pixels are ours: cairo must not refer to them any more.
      cairo_surface_finish(source)
      cairo_surface_destroy(source)
    }
  }

  /// What has been drawn so far.
  package func pixels() throws(CanvasError) -> PixelImage {
    try check()
    cairo_surface_flush(surface)
    guard let data = cairo_image_surface_get_data(surface) else {
      throw .cairo(problem: "the surface has no pixels")
    }
    let stride = Int(cairo_image_surface_get_stride(surface))
    var pixels: [UInt32] = []
    pixels.reserveCapacity(width * height)
    for row in 0..<height {
      let start = UnsafeRawPointer(data) + row * stride
      for column in 0..<width {
        // The upper byte of cairo's RGB24 has no meaning.
        pixels.append(start.load(fromByteOffset: 4 * column, as: UInt32.self) & 0xFF_FFFF)
      }
    }
    return PixelImage(width: width, height: height, pixels: pixels)
  }
}
