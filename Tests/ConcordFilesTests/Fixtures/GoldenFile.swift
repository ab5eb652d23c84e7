import Foundation

/// A small file made by other software, without its runs of zeros.
struct GoldenFile: Sendable, CustomStringConvertible {
  let description: String
  let bytes: [UInt8]

  init(_ name: String, bytes count: Int, parts: [(offset: Int, base64: String)]) {
    description = name
    var bytes = [UInt8](repeating: 0, count: count)
    for part in parts {
      let data = Data(base64Encoded: part.base64) ?? Data()
      bytes.replaceSubrange(part.offset..<(part.offset + data.count), with: data)
    }
    self.bytes = bytes
  }

  /// The extension that tells the format, and the dataset inside it.
  var ending: String {
    if description.hasPrefix("png") { return ".png" }
    if description.hasPrefix("tiff") { return ".tif" }
    switch description {
    case "hdf5Contiguous": return ".h5:/x"
    case "hdf5Kinds": return ".h5:/half"
    default: return ".h5:/g/x"
    }
  }
}
