public import ConcordArrays
import ConcordMediaBackends

/// A dataset of an HDF5 file that stays open, from which boxes are read on demand.
///
///     let stack = try HDF5Dataset("scan.h5:/entry/data")
///     let frame = try stack.read([7..<8, 0..<2048, 0..<2048])
///
/// Only the chunks that a box touches are read and decompressed.
public struct HDF5Dataset: Sendable {
  /// The location as it was given, `FILE.h5:/path/to/dataset`.
  public let path: String

  /// One to three extents, outermost first.
  public let shape: [Int]

  /// The type of the elements in the file.
  public let elementType: ElementType

  private let handle: HDF5Handle

  /// Opens the dataset of a location `FILE.h5:/path/to/dataset`.
  ///
  /// - Throws: ``ConcordArrays/ConcordError/file(path:problem:)`` if there is no such dataset (the
  ///   error lists those that exist), or if it doesn't hold real numbers in 1 to 3 dimensions.
  public init(_ location: String) throws(ConcordError) {
    let parts = HDF5Location(location) ?? HDF5Location(file: location, dataset: "")
    let handle = try naming(location) { () throws(MediaProblem) in try HDF5File.open(parts) }
    shape = try naming(location) { () throws(MediaProblem) in try extents(from: handle.extents) }
    elementType = HDF5File.elementType(of: handle)
    path = location
    self.handle = handle
  }

  /// Reads the box inside the given ranges, one for each axis of ``shape``.
  ///
  /// - Throws: ``ConcordArrays/ConcordError/outside(region:shape:)`` if a range reaches outside, and
  ///   ``ConcordArrays/ConcordError/file(path:problem:)`` if the data is damaged.
  public func read(_ ranges: [Range<Int>]) throws(ConcordError) -> FileArray {
    guard ranges.count == shape.count,
      zip(ranges, shape).allSatisfy({ $0.lowerBound >= 0 && $0.upperBound <= $1 })
    else { throw .outside(region: ranges, shape: shape) }
    // A single number has no axis of its own; leading axes of extent 1 were dropped.
    let leading = max(handle.extents.count - ranges.count, 0)
    let box =
      handle.extents.isEmpty ? [] : Array(repeating: 0..<1, count: leading) + ranges
    return try naming(path) { () throws(MediaProblem) in
      FileArray(
        path: path,
        content: try HDF5File.read(handle, box: box, shape: ranges.map(\.count)))
    }
  }

  /// Reads the whole dataset.
  ///
  /// - Throws: ``ConcordArrays/ConcordError/file(path:problem:)`` if the data is damaged.
  public func read() throws(ConcordError) -> FileArray {
    try read(shape.map { 0..<$0 })
  }

  /// The paths of the datasets in a file.
  ///
  /// - Throws: ``ConcordArrays/ConcordError/file(path:problem:)`` if it is no HDF5 file.
  public static func datasets(of path: String) throws(ConcordError) -> [String] {
    try naming(path) { () throws(MediaProblem) in try HDF5Files.datasets(of: path) }
  }
}
