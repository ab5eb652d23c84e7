public import ConcordArrays
import ConcordBackends
import ConcordMediaBackends

extension ArrayFile {
  /// The format to write under a name.
  static func writableFormat(_ path: String) throws(ConcordError) -> FileFormat {
    guard path != "-" else { return .npy }
    guard let format = FileFormat(known: path), format != .hdf5, HDF5Location(path) == nil else {
      throw unwritable(path)
    }
    return format
  }

  /// Refuses a name that nothing could be written under, before long work is done for it.
  ///
  /// - Throws: ``ConcordArrays/ConcordError/file(path:problem:)`` if the extension is unknown, or if
  ///   the folder doesn't exist.
  public static func checkOutput(_ path: String) throws(ConcordError) {
    _ = try writableFormat(path)
    if path == "-" { return }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    switch FileSystem.kind(of: folder) {
    case .folder: break
    case .missing: throw .file(path: path, problem: "expected a folder that exists, found none")
    case .file, .stream: throw .file(path: path, problem: "expected a folder, found a file")
    }
  }

  /// Whether an array can be written under a name: its extension is one of those that are written.
  public static func isWritable(_ path: String) -> Bool {
    (try? writableFormat(path)) != nil
  }

  static func unwritable(_ path: String) -> ConcordError {
    .file(
      path: path,
      problem: "expected a name that ends in .npy, .tif, .tiff, .png or .csv for writing, "
        + "found another")
  }

  /// How NumPy calls a scalar.
  static func scalarType<S: RealScalar>(_ type: S.Type) -> ElementType {
    MemoryLayout<S>.size == 4 ? .float32 : .float64
  }

  /// Pages, rows and columns of a shape with at most so many axes.
  static func flatPages(
    _ shape: [Int], of path: String, atMost limit: Int
  ) throws(ConcordError) -> [Int] {
    guard shape.count <= limit else {
      throw .file(
        path: path,
        problem: "expected at most \(limit) dimensions for this format, found \(shape.count) "
          + "(\(shape.map(String.init).joined(separator: " × ")))")
    }
    return Array(repeating: 1, count: 3 - shape.count) + shape
  }

  static func writeNPY<Element>(
    _ buffer: SharedBuffer<Element>, shape: [Int], type: ElementType, to path: String
  ) throws(ConcordError) {
    let header = NPYHeader(elementType: type, shape: shape).encoded
    if path == "-" {
      return try naming("standard output") { () throws(MediaProblem) in
        let output = OutputFile(standardOutput: ())
        try output.write(header)
        try output.write(buffer)
      }
    }
    try AtomicFile.write(to: path) { (temporary) throws(ConcordError) in
      try naming(path) { () throws(MediaProblem) in
        let output = try OutputFile(creating: temporary)
        try output.write(header)
        try output.write(buffer)
      }
    }
  }

  static func writeTIFF<S: RealScalar>(
    _ channels: [SharedBuffer<S>], pages: [Int], to path: String
  ) throws(ConcordError) {
    try AtomicFile.write(to: path) { (temporary) throws(ConcordError) in
      try naming(path) { () throws(MediaProblem) in
        // Fails with the system's own words where libtiff would not know why.
        _ = try OutputFile(creating: temporary)
        try TIFFEncoder.write(
          channels, pages: pages[0], rows: pages[1], columns: pages[2], to: temporary)
      }
    }
  }

  /// A table as text; a signal is a column.
  static func csv<S: RealScalar>(
    _ buffer: SharedBuffer<S>, shape: [Int], path: String
  ) throws(ConcordError) -> String {
    guard shape.count <= 2 else {
      throw .file(
        path: path, problem: "expected at most 2 dimensions for this format, found 3")
    }
    let columns = shape.count == 2 ? shape[1] : 1
    let elements = buffer.span
    var text = ""
    for index in elements.indices {
      text += "\(elements[index])"
      text += (index + 1) % columns == 0 ? "\n" : ","
    }
    return text
  }
}
