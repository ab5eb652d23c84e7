import CMediaShims
import ConcordBackends

/// Writes small HDF5 files, which tests and examples read.
package enum HDF5Writer {
  /// How a dataset is laid out.
  package struct Layout: Sendable {
    /// The extents of a chunk; nil for contiguous storage.
    package var chunk: [Int]?
    /// The level of compression, 0 to 9, of chunks; nil for none.
    package var deflate: Int?

    package init(chunk: [Int]? = nil, deflate: Int? = nil) {
      self.chunk = chunk
      self.deflate = deflate
    }
  }

  /// One dataset to write; without elements it is declared and left unwritten.
  package struct Dataset: Sendable {
    let name: String
    let extents: [Int]
    let element: RealElement
    let elements: RealStorage?
    let layout: Layout

    package init(
      _ name: String, extents: [Int], elements: RealStorage, layout: Layout = Layout()
    ) {
      self.name = name
      self.extents = extents
      self.element = elements.element
      self.elements = elements
      self.layout = layout
    }

    package init(
      unwritten name: String, extents: [Int], element: RealElement, layout: Layout = Layout()
    ) {
      self.name = name
      self.extents = extents
      self.element = element
      elements = nil
      self.layout = layout
    }
  }

  package static func write(_ datasets: [Dataset], to path: String) throws(MediaProblem) {
    try withHDF5 { () throws(MediaProblem) in
      let file = concord_hdf5_create(path)
      guard file >= 0 else { throw hdf5Problem("the file can't be created") }
      defer { concord_hdf5_close(file) }
      for dataset in datasets { try write(dataset, to: file) }
    }
  }

  private static func write(_ dataset: Dataset, to file: Int64) throws(MediaProblem) {
    let extents = dataset.extents.map { UInt64($0) }
    let chunk = dataset.layout.chunk?.map { UInt64($0) }
    let deflate = Int32(dataset.layout.deflate ?? -1)
    let done = withBytes(of: dataset.elements) { bytes in
      extents.withUnsafeBufferPointer { extents in
        withOptionalPointer(to: chunk) { chunk in
          concord_hdf5_write(
            file, dataset.name, dataset.element.kind, Int32(extents.count),
            extents.baseAddress, chunk, deflate, bytes)
        }
      }
    }
    if done != 1 { throw hdf5Problem("the dataset can't be written") }
  }

  private static func withOptionalPointer(
    to values: [UInt64]?, _ body: (UnsafePointer<UInt64>?) -> Int32
  ) -> Int32 {
    guard let values else { return body(nil) }
    return values.withUnsafeBufferPointer { body($0.baseAddress) }
  }

  private static func withBytes(
    of storage: RealStorage?, _ body: (UnsafeRawPointer?) -> Int32
  ) -> Int32 {
    switch storage {
    case nil: body(nil)
    case .uint8(let buffer): buffer.span.withUnsafeBytes { body($0.baseAddress) }
    case .uint16(let buffer): buffer.span.withUnsafeBytes { body($0.baseAddress) }
    case .uint32(let buffer): buffer.span.withUnsafeBytes { body($0.baseAddress) }
    case .uint64(let buffer): buffer.span.withUnsafeBytes { body($0.baseAddress) }
    case .int8(let buffer): buffer.span.withUnsafeBytes { body($0.baseAddress) }
    case .int16(let buffer): buffer.span.withUnsafeBytes { body($0.baseAddress) }
    case .int32(let buffer): buffer.span.withUnsafeBytes { body($0.baseAddress) }
    case .int64(let buffer): buffer.span.withUnsafeBytes { body($0.baseAddress) }
    case .float32(let buffer): buffer.span.withUnsafeBytes { body($0.baseAddress) }
    case .float64(let buffer): buffer.span.withUnsafeBytes { body($0.baseAddress) }
    }
  }
}
