import CMediaShims
import ConcordBackends

/// An open dataset of an HDF5 file, from which boxes are read on demand.
package final class HDF5Handle: @unchecked Sendable {
  /// All extents, leading ones of 1 included.
  package let extents: [Int]
  package let element: RealElement
  package let isBool: Bool
  package let isHalf: Bool

  private let file: Int64
  private let dataset: Int64
  private let layout: concord_hdf5_layout

  /// The most that deflate packs into one byte; also allowed for chunks that were never written.
  private static let ratio = 1032
  /// What may be read of a dataset of which nothing has been stored.
  private static let unstoredBytes = 16 << 20

  package init(path: String, dataset name: String) throws(MediaProblem) {
    let opened = try withHDF5 { () throws(MediaProblem) in
      try Self.open(path: path, dataset: name)
    }
    file = opened.file
    dataset = opened.dataset
    layout = opened.layout
    let rank = Int(layout.rank)
    extents = withUnsafeBytes(of: layout.extents) { bytes in
      bytes.bindMemory(to: UInt64.self).prefix(rank).map { Int(clamping: $0) }
    }
    isBool = layout.kind == CONCORD_HDF5_BOOL
    isHalf = layout.half != 0
    element = RealElement(layout.kind)
  }

  deinit {
    HDF5Files.close(file, dataset: dataset)
  }

  private static func open(
    path: String, dataset name: String
  ) throws(MediaProblem) -> (file: Int64, dataset: Int64, layout: concord_hdf5_layout) {
    let file = try HDF5Files.open(path)
    let dataset = name.utf8.contains(0) ? -1 : concord_hdf5_open_dataset(file, name)
    guard dataset >= 0 else {
      let reason = hdf5Problem("the dataset can't be opened")
      let names = HDF5Files.list(file)
      concord_hdf5_close(file)
      // A dataset that this version of HDF5 cannot open is not listed either.
      if names.isEmpty || names.contains(name) || names.contains("/" + name) { throw reason }
      throw MediaProblem(
        "expected \(HDF5Files.choice(of: names)), found no dataset "
          + "'\(printable(name, limit: 200))'")
    }
    var layout = concord_hdf5_layout()
    var found: MediaProblem?
    if concord_hdf5_describe(dataset, &layout) != 1 {
      found = hdf5Problem("expected an undamaged dataset")
    } else if layout.consistent == 0 {
      found = MediaProblem(
        "expected an undamaged dataset, found extents that don't fit its storage")
    } else if layout.kind == CONCORD_HDF5_OTHER {
      found = MediaProblem("expected real numbers, found \(text(in: layout.type_name))")
    } else if layout.missing_filter.0 != 0 {
      found = MediaProblem(
        "expected a compression that HDF5 was built with, found filter "
          + text(in: layout.missing_filter))
    }
    if let found {
      concord_hdf5_close_dataset(dataset)
      concord_hdf5_close(file)
      throw found
    }
    return (file, dataset, layout)
  }

  /// Reads a box: a range for each of ``extents``.
  package func read(_ box: [Range<Int>]) throws(MediaProblem) -> RealStorage {
    precondition(box.count == extents.count, "A range is needed for each extent")
    let counts = box.map(\.count)
    let (scaled, overflow) = Int(clamping: layout.stored_bytes)
      .multipliedReportingOverflow(by: layout.chunked != 0 ? Self.ratio : 1)
    let stored = overflow ? Int.max : max(scaled, Self.unstoredBytes)
    let shape = counts.map(String.init).joined(separator: " × ")
    guard let bytes = byteCount(of: counts, elementBytes: element.bytes), bytes <= stored,
      Int(clamping: layout.chunk_bytes) <= stored
    else {
      throw MediaProblem(
        "expected at most \(stored) bytes of elements from the \(layout.stored_bytes) stored, found a "
          + "claim of \(shape) elements of \(element.bytes) bytes")
    }
    try checkMemory(bytes)
    return try RealStorage(element, from: HDF5Box(handle: self, box: box))
  }

  fileprivate func read(_ box: [Range<Int>], into elements: UnsafeMutableRawPointer)
    throws(MediaProblem)
  {
    let starts = box.map { UInt64($0.lowerBound) }
    let counts = box.map { UInt64($0.count) }
    var layout = layout
    try withHDF5 { () throws(MediaProblem) in
      guard concord_hdf5_read(dataset, &layout, starts, counts, elements) == 1 else {
        throw hdf5Problem("expected undamaged data")
      }
    }
  }
}

/// The text in a C array of characters.
private func text<Characters>(in characters: Characters) -> String {
  withUnsafeBytes(of: characters) { bytes in
    printable(String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self))
  }
}

/// A box of a dataset as a provider of elements.
private struct HDF5Box: BufferSource {
  let handle: HDF5Handle
  let box: [Range<Int>]

  func buffer<Element: StoredElement>(
    of type: Element.Type
  ) throws(MediaProblem) -> SharedBuffer<Element> {
    let count = box.reduce(1) { $0 * $1.count }
    var buffer = SharedBuffer<Element>(uninitializedCount: count)
    guard count > 0 else { return buffer }
    var span = buffer.mutableSpan
    try span.withUnsafeMutableBytes { (bytes) throws(MediaProblem) in
      guard let base = bytes.baseAddress else { return }
      try handle.read(box, into: base)
    }
    return buffer
  }
}
