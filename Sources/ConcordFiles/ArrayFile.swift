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

  /// Writes a colour image as `.png` or `.tif`.
  ///
  /// A `.png` is scaled as a grey image is, all colours alike. Opacity is not: its full value is the
  /// smallest of 1, 255 and 65535 that is not exceeded.
  ///
  /// - Throws: ``ConcordArrays/ConcordError/file(path:problem:)`` if the format cannot hold colour,
  ///   or if the file can't be written.
  @_specialize(exported:false,kind:partial,where S == Float)
  @_specialize(exported:false,kind:partial,where S == Double)
  public static func write<S: RealScalar>(
    _ image: ColorImage<S>, to path: String, range: ClosedRange<Double>? = nil
  ) throws(ConcordError) {
    let planes = image.planes.map { $0.buffer }
    let shape = image.shape.components
    let format = try writableFormat(path)
    switch format {
    case .tiff: try writeTIFF(planes, pages: [1] + shape, to: path)
    case .png:
      let colors = image.hasAlpha ? Array(planes.dropLast()) : planes
      var limits = Array(repeating: range ?? finiteRange(of: colors), count: colors.count)
      if image.hasAlpha, let alpha = planes.last { limits.append(opacityRange(of: alpha)) }
      try writePixels(
        scaledBytes(planes, limits: limits), rows: shape[0], columns: shape[1],
        channels: image.channels, to: path)
    case .npy, .csv, .hdf5:
      guard image.channels == 1 else {
        throw .file(
          path: path,
          problem: "expected a name that ends in .png or .tif for colour, found another")
      }
      try write(image.planes[0], to: path, range: range)
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
