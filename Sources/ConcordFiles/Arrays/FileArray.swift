package import ComplexModule
public import ConcordArrays
package import ConcordBackends
package import ConcordMediaBackends

/// An array read from a file, whose rank and element type are known at run time only.
///
///     let file = try FileArray.read("scene.tif")
///     let scene: Image<Float> = try file.array()
///
/// Elements stay as the file stores them until an array of a scalar type is asked for. A `.npy` file
/// in native byte order is mapped, and an array of the stored type shares the mapped memory.
public struct FileArray: Sendable {
  /// The path that was read, as it was given.
  public let path: String

  /// The type of the elements in the file.
  public let elementType: ElementType

  /// One to three extents, outermost first; channels of colour are not among them.
  public let shape: [Int]

  /// 1 unless the file holds colour or opacity: 2 grey and alpha, 3 RGB, 4 RGBA.
  public let channels: Int

  package let elements: FileElements

  package init(path: String, content: FileContent) {
    self.path = path
    elementType = content.elementType
    shape = content.shape
    channels = content.channels
    elements = content.elements
  }

  /// Reads a file of any format that Concord knows by its name's extension.
  ///
  /// `.npy` (also `-`, standard input), `.png`, `.tif` and `.tiff`, `.csv`, and `.h5`, `.hdf5` and
  /// `.h5ad` as `FILE.h5:/path/to/dataset`.
  ///
  /// - Throws: ``ConcordArrays/ConcordError/file(path:problem:)`` if the file can't be read or
  ///   understood.
  public static func read(_ path: String) throws(ConcordError) -> FileArray {
    try naming(path) { () throws(MediaProblem) in
      FileArray(path: path, content: try content(of: path))
    }
  }

  private static func content(of path: String) throws(MediaProblem) -> FileContent {
    if path == "-" { return try NPYFile.read(try OpenFile(standardInput: ())) }
    if let location = HDF5Location(path) {
      return try HDF5File.read(location)
    }
    switch try FileFormat(path) {
    case .npy: return try NPYFile.read(try OpenFile(reading: path))
    case .png:
      return FileContent(try PNGDecoder.decode(try FileBytes(reading: OpenFile(reading: path))))
    case .tiff: return FileContent(try TIFFDecoder.decode(path))
    case .csv: return try CSVFile.read(try FileBytes(reading: OpenFile(reading: path)))
    case .hdf5: return try HDF5File.read(HDF5Location(file: path, dataset: ""))
    }
  }

  /// The number of elements of one channel.
  public var count: Int { shape.reduce(1, *) }

  /// Whether the elements are complex numbers.
  public var isComplex: Bool { elementType.isComplex }
}

extension FileArray: CustomStringConvertible {
  /// The path, the element type and the shape, such as `a.png: uint8 512 × 640, 3 channels`.
  public var description: String {
    let extents = shape.map(String.init).joined(separator: " × ")
    return "\(path): \(elementType.rawValue) \(extents)"
      + (channels > 1 ? ", \(channels) channels" : "")
  }
}

/// What a file holds, before it has a name.
package struct FileContent: Sendable {
  package let elementType: ElementType
  package let shape: [Int]
  package let channels: Int
  package let elements: FileElements

  init(elementType: ElementType, shape: [Int], channels: Int = 1, elements: FileElements) {
    self.elementType = elementType
    self.shape = shape
    self.channels = channels
    self.elements = elements
  }

  init(_ image: DecodedImage) {
    self.init(
      elementType: ElementType(image.elements.element), shape: image.shape,
      channels: image.channels, elements: .real(image.elements))
  }
}

/// The elements of all channels, one channel after the other.
package enum FileElements: Sendable {
  case real(RealStorage)
  case complex64(SharedBuffer<Complex<Float>>)
  case complex128(SharedBuffer<Complex<Double>>)
}

/// Runs the reading or writing of a file and names the file in what it throws.
func naming<Result>(
  _ path: String, _ body: () throws(MediaProblem) -> Result
) throws(ConcordError) -> Result {
  do {
    return try body()
  } catch {
    throw .file(path: path == "-" ? "standard input" : path, problem: error.text)
  }
}

/// One to three extents of a shape with any number of axes.
///
/// No axis is one element; leading axes of extent 1 are dropped while there are more than three.
func extents(from shape: [Int]) throws(MediaProblem) -> [Int] {
  if shape.isEmpty { return [1] }
  var rest = shape[...]
  while rest.count > 3 && rest.first == 1 { rest.removeFirst() }
  guard rest.count <= 3 else {
    throw MediaProblem(
      "expected 1 to 3 dimensions, found \(shape.count) "
        + "(\(shape.map(String.init).joined(separator: " × ")))")
  }
  return Array(rest)
}
