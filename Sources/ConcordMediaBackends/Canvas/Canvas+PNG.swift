import CCairo

/// Collects what cairo writes.
private final class ByteSink {
  var bytes: [UInt8] = []
}

extension Canvas {
  /// The picture as the bytes of a PNG file; the same drawing gives the same bytes.
  package func png() throws(CanvasError) -> [UInt8] {
    try check()
    let sink = ByteSink()
    let status = withExtendedLifetime(sink) {
      cairo_surface_write_to_png_stream(
        surface,
        { closure, data, length in
          guard let closure, let data else { return CAIRO_STATUS_WRITE_ERROR }
          let sink = Unmanaged<ByteSink>.fromOpaque(closure).takeUnretainedValue()
          sink.bytes.append(contentsOf: UnsafeBufferPointer(start: data, count: Int(length)))
          return CAIRO_STATUS_SUCCESS
        }, Unmanaged.passUnretained(sink).toOpaque())
    }
    guard status == CAIRO_STATUS_SUCCESS else { throw CanvasError(status: status) }
    return sink.bytes
  }
}
