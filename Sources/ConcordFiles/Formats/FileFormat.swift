import ConcordMediaBackends

/// The formats that Concord reads, known by the extension of a file's name.
enum FileFormat {
  case npy, png, tiff, hdf5, csv

  private static let extensions: [(String, FileFormat)] = [
    ("npy", .npy), ("png", .png), ("tif", .tiff), ("tiff", .tiff), ("h5", .hdf5),
    ("hdf5", .hdf5), ("h5ad", .hdf5), ("csv", .csv),
  ]

  init(_ path: String) throws(MediaProblem) {
    guard let format = FileFormat(known: path) else {
      let known = Self.extensions.map { ".\($0.0)" }.joined(separator: ", ")
      let found = Self.fileExtension(of: path)
      throw MediaProblem(
        "expected a name that ends in \(known), found "
          + (found.isEmpty ? "no extension" : ".\(printable(found))"))
    }
    self = format
  }

  /// The format of a name; nil if its extension is unknown.
  init?(known path: String) {
    let found = Self.fileExtension(of: path)
    guard let format = Self.extensions.first(where: { $0.0 == found })?.1 else { return nil }
    self = format
  }

  /// What follows the last dot of a file's name, in lower case.
  private static func fileExtension(of path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: ".") else { return "" }
    return name[name.index(after: dot)...].lowercased()
  }
}

/// A dataset inside an HDF5 file, written `FILE.h5:/path/to/dataset`.
struct HDF5Location {
  let file: String
  let dataset: String

  init(file: String, dataset: String) {
    self.file = file
    self.dataset = dataset
  }

  /// Takes a location apart; nil if it isn't one.
  init?(_ location: String) {
    let parts = location.split(separator: ":", omittingEmptySubsequences: false)
    for index in parts.indices.dropLast() {
      let file = parts[...index].joined(separator: ":")
      guard FileFormat(known: file) == .hdf5 else { continue }
      self.file = file
      dataset = parts[(index + 1)...].joined(separator: ":")
      return
    }
    return nil
  }
}
