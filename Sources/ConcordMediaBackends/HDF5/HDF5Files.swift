import CMediaShims
import Synchronization

/// HDF5 as packaged is not thread-safe: every call is made under this lock.
let hdf5Library = Mutex(())

func withHDF5<Result: Sendable>(
  _ body: () throws(MediaProblem) -> sending Result
) throws(MediaProblem) -> Result {
  try hdf5Library.withLock { (_: inout ()) throws(MediaProblem) -> Result in
    concord_hdf5_silence()
    return try body()
  }
}

/// What HDF5 reported last; to be asked for under the lock.
func hdf5Problem(_ doing: String) -> MediaProblem {
  var message = [CChar](repeating: 0, count: 200)
  concord_hdf5_message(&message, message.count)
  let found = text(ofMessage: message)
  return MediaProblem(found.isEmpty ? doing : "\(doing): \(found)")
}

/// HDF5 files as a whole.
package enum HDF5Files {
  static func close(_ file: Int64, dataset: Int64) {
    hdf5Library.withLock { _ in
      concord_hdf5_silence()
      concord_hdf5_close_dataset(dataset)
      concord_hdf5_close(file)
    }
  }

  /// The paths of the datasets of a file.
  package static func datasets(of path: String) throws(MediaProblem) -> [String] {
    try withHDF5 { () throws(MediaProblem) in
      let file = try open(path)
      defer { concord_hdf5_close(file) }
      return list(file)
    }
  }

  /// The names of a file's datasets as part of a sentence.
  package static func choice(of names: [String]) -> String {
    names.isEmpty
      ? "a file with datasets" : "one of the datasets " + names.joined(separator: ", ")
  }

  static func list(_ file: Int64) -> [String] {
    var text = [CChar](repeating: 0, count: 1 << 16)
    concord_hdf5_list(file, &text, text.count)
    let end = text.firstIndex(of: 0) ?? text.endIndex
    return String(decoding: text[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
      .split(separator: "\n").map { printable(String($0), limit: 200) }
  }

  static func open(_ path: String) throws(MediaProblem) -> Int64 {
    let isRegular = try OpenFile(reading: path).isRegular
    guard isRegular else { throw MediaProblem("expected a regular file, found a stream") }
    let file = concord_hdf5_open(path)
    guard file >= 0 else { throw hdf5Problem("expected an undamaged HDF5 file") }
    return file
  }
}

extension RealElement {
  init(_ kind: concord_hdf5_kind) {
    switch kind {
    case CONCORD_HDF5_UINT16: self = .uint16
    case CONCORD_HDF5_UINT32: self = .uint32
    case CONCORD_HDF5_UINT64: self = .uint64
    case CONCORD_HDF5_INT8: self = .int8
    case CONCORD_HDF5_INT16: self = .int16
    case CONCORD_HDF5_INT32: self = .int32
    case CONCORD_HDF5_INT64: self = .int64
    case CONCORD_HDF5_FLOAT32: self = .float32
    case CONCORD_HDF5_FLOAT64: self = .float64
    default: self = .uint8
    }
  }

  var kind: concord_hdf5_kind {
    switch self {
    case .uint8: CONCORD_HDF5_UINT8
    case .uint16: CONCORD_HDF5_UINT16
    case .uint32: CONCORD_HDF5_UINT32
    case .uint64: CONCORD_HDF5_UINT64
    case .int8: CONCORD_HDF5_INT8
    case .int16: CONCORD_HDF5_INT16
    case .int32: CONCORD_HDF5_INT32
    case .int64: CONCORD_HDF5_INT64
    case .float32: CONCORD_HDF5_FLOAT32
    case .float64: CONCORD_HDF5_FLOAT64
    }
  }
}
