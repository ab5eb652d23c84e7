public import ComplexModule
public import ConcordArrays
import ConcordBackends
import ConcordMediaBackends

/// Writes arrays to files, in the format that the name's extension asks for.
///
/// | extension | dimensions | elements |
/// |---|---|---|
/// | `.npy`, or `-` for standard output | 1 to 3 | Float or Double, real or complex |
/// | `.tif`, `.tiff` | 1 to 3, planes as pages | Float or Double |
/// | `.png` | 1 or 2 | 8 bits, scaled |
/// | `.csv` | 1 (as a column) or 2 | text that reads back to the same numbers |
///
/// Files are written beside and renamed: see ``AtomicFile``.
public enum ArrayFile {
  /// Writes an array.
  ///
  /// A `.png` shows the values from the range's lower to its upper bound, as 0 to 255, rounded and
  /// clamped, NaN as 0; without a range, the finite values' own. Other formats keep the values.
  ///
  /// - Throws: ``ConcordArrays/ConcordError/file(path:problem:)`` if the extension is unknown, if
  ///   the format cannot hold such an array, or if the file can't be written.
  @_specialize(exported:false,kind:partial,where S == Float)
  @_specialize(exported:false,kind:partial,where S == Double)
  public static func write<let rank: Int, S: RealScalar>(
    _ array: NDArray<rank, S>, to path: String, range: ClosedRange<Double>? = nil
  ) throws(ConcordError) {
    let shape = array.shape.components
    switch try writableFormat(path) {
    case .npy:
      try writeNPY(array.buffer, shape: shape, type: scalarType(S.self), to: path)
    case .tiff:
      let pages = try flatPages(shape, of: path, atMost: 3)
      try writeTIFF([array.buffer], pages: pages, to: path)
    case .png:
      let pages = try flatPages(shape, of: path, atMost: 2)
      let limits = range ?? finiteRange(of: [array.buffer])
      let pixels = scaledBytes([array.buffer], limits: [limits])
      try writePixels(pixels, rows: pages[1], columns: pages[2], channels: 1, to: path)
    case .csv:
      try AtomicFile.write(try csv(array.buffer, shape: shape, path: path), to: path)
    case .hdf5: throw unwritable(path)
    }
  }

  /// Writes a colour image as `.png` or `.tif`, or as `.npy` with the channels as the last axis.
  ///
  /// A `.png` is scaled as a grey image is, all colours alike. Opacity is not: its full value is the
  /// smallest of 1, 255 and 65535 that is not exceeded.
  ///
  /// - Throws: ``ConcordArrays/ConcordError/file(path:problem:)`` if the format cannot hold colour,
  ///   or if the file can't be written.
  public static func write<S: RealScalar>(
    _ image: ColorImage<S>, to path: String, range: ClosedRange<Double>? = nil
  ) throws(ConcordError) {
    try write(channels: image.planes, to: path, range: range)
  }

  /// Writes the channels of a colour image or of a stack of colour images: grey, grey and opacity,
  /// RGB or RGBA.
  ///
  /// | extension | |
  /// |---|---|
  /// | `.tif`, `.tiff` | colour pages |
  /// | `.png` | one image, scaled as ``write(_:to:range:)`` tells |
  /// | `.npy` | one image as rows × columns × channels, as NumPy's readers of images have it |
  ///
  /// - Throws: ``ConcordArrays/ConcordError/file(path:problem:)`` if the format cannot hold the
  ///   channels, or if the file can't be written; ``ConcordArrays/ConcordError`` unless there are one
  ///   to four channels of one shape.
  @_specialize(exported:false,kind:partial,where S == Float)
  @_specialize(exported:false,kind:partial,where S == Double)
  public static func write<let rank: Int, S: RealScalar>(
    channels: [NDArray<rank, S>], to path: String, range: ClosedRange<Double>? = nil
  ) throws(ConcordError) {
    guard let first = channels.first, channels.count <= 4 else {
      throw .outOfRange(what: "channels", found: Double(channels.count), allowed: "1 to 4")
    }
    if channels.count == 1 { return try write(first, to: path, range: range) }
    let shape = first.shape.components
    for channel in channels where channel.shape != first.shape {
      throw .shapesDiffer(expected: shape, found: channel.shape.components)
    }
    let planes = channels.map { $0.buffer }
    switch try writableFormat(path) {
    case .tiff: try writeTIFF(planes, pages: try flatPages(shape, of: path, atMost: 3), to: path)
    case .png:
      let pages = try flatPages(shape, of: path, atMost: 2)
      let hasOpacity = planes.count % 2 == 0
      let colors = hasOpacity ? Array(planes.dropLast()) : planes
      var limits = Array(repeating: range ?? finiteRange(of: colors), count: colors.count)
      if hasOpacity, let opacity = planes.last { limits.append(opacityRange(of: opacity)) }
      try writePixels(
        scaledBytes(planes, limits: limits), rows: pages[1], columns: pages[2],
        channels: planes.count, to: path)
    case .npy where shape.count == 2:
      try writeNPY(
        interleaved(planes), shape: shape + [planes.count], type: scalarType(S.self), to: path)
    case .npy, .csv, .hdf5:
      throw .file(
        path: path,
        problem: shape.count == 2
          ? "expected a name that ends in .png, .tif or .npy for colour, found another"
          : "expected a name that ends in .tif for colour pages, found another")
    }
  }

  /// Writes an array of complex numbers as `.npy`.
  ///
  /// - Throws: ``ConcordArrays/ConcordError/file(path:problem:)`` if the extension is another, or if
  ///   the file can't be written.
  public static func writeComplex<let rank: Int, S: RealScalar>(
    _ array: NDArray<rank, Complex<S>>, to path: String
  ) throws(ConcordError) {
    guard try writableFormat(path) == .npy else {
      throw .file(path: path, problem: "expected a name that ends in .npy for complex numbers")
    }
    let type: ElementType = scalarType(S.self) == .float32 ? .complex64 : .complex128
    try writeNPY(array.buffer, shape: array.shape.components, type: type, to: path)
  }

  /// Writes 8-bit pixels as `.png`, as they are: rows of interleaved channels.
  ///
  /// - Parameters:
  ///   - pixels: rows × columns × channels bytes.
  ///   - rows: The number of rows.
  ///   - columns: The number of columns.
  ///   - channels: 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA.
  ///   - path: Where to write, whatever the extension.
  /// - Throws: ``ConcordArrays/ConcordError/file(path:problem:)`` if the pixels don't fill the image,
  ///   or if the file can't be written.
  public static func writePixels(
    _ pixels: [UInt8], rows: Int, columns: Int, channels: Int, to path: String
  ) throws(ConcordError) {
    let bytes = try naming(path) { () throws(MediaProblem) in
      try PNGEncoder.encode(pixels, rows: rows, columns: columns, channels: channels)
    }
    try AtomicFile.write(bytes, to: path)
  }
}
