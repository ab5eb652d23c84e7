public import ConcordArrays
import ConcordMediaBackends
import Synchronization

/// Writes files so that a failure or an interrupt leaves no half file.
///
/// The content goes to a hidden file with a temporary name in the same folder, which takes the place
/// of the target in one step when it is complete. A symbolic link keeps pointing where it did, and a
/// replaced file keeps its permissions.
public enum AtomicFile {
  private static let unfinished = Mutex<Set<String>>([])
  private static let nextNumber = Atomic<Int>(0)

  /// Writes a file through a closure that is given the temporary path.
  ///
  /// A stream or device that exists under the name is written to directly.
  ///
  /// - Throws: What the closure throws, or ``ConcordArrays/ConcordError/file(path:problem:)`` if the
  ///   file can't be put in place.
  public static func write(
    to path: String, _ body: (String) throws(ConcordError) -> Void
  ) throws(ConcordError) {
    switch FileSystem.kind(of: path) {
    case .folder: throw .file(path: path, problem: "expected a file's name, found a folder")
    case .stream: return try body(path)
    case .file, .missing: break
    }
    let target = FileSystem.resolved(path)
    let temporary = temporaryPath(beside: target)
    unfinished.withLock { _ = $0.insert(temporary) }
    defer { unfinished.withLock { _ = $0.remove(temporary) } }
    do {
      try body(temporary)
      FileSystem.copyPermissions(from: target, to: temporary)
      try naming(path) { () throws(MediaProblem) in
        try FileSystem.rename(temporary, to: target)
      }
    } catch {
      FileSystem.remove(temporary)
      throw renamed(error, from: temporary, to: path)
    }
  }

  /// Writes bytes as a file.
  ///
  /// - Throws: ``ConcordArrays/ConcordError/file(path:problem:)`` if the file can't be written.
  public static func write(_ bytes: [UInt8], to path: String) throws(ConcordError) {
    try write(to: path) { (temporary) throws(ConcordError) in
      try naming(path) { () throws(MediaProblem) in
        try OutputFile(creating: temporary).write(bytes)
      }
    }
  }

  /// Writes text as a file in UTF-8.
  ///
  /// - Throws: ``ConcordArrays/ConcordError/file(path:problem:)`` if the file can't be written.
  public static func write(_ text: String, to path: String) throws(ConcordError) {
    try write(Array(text.utf8), to: path)
  }

  /// Removes the temporary files of writes under way, for a program that was interrupted.
  public static func removeUnfinished() {
    unfinished.withLock { paths in
      for path in paths { FileSystem.remove(path) }
    }
  }

  private static func temporaryPath(beside path: String) -> String {
    let number = nextNumber.wrappingAdd(1, ordering: .relaxed).oldValue
    let ending = ".\(FileSystem.processIdentifier)-\(number).part"
    guard let slash = path.lastIndex(of: "/") else { return "." + shortened(path[...]) + ending }
    let start = path.index(after: slash)
    return path[..<start] + "." + shortened(path[start...]) + ending
  }

  /// A name that leaves room for the temporary ending.
  private static func shortened(_ name: Substring) -> Substring {
    name.utf8.count > 200 ? name.prefix(40) : name
  }

  /// An error that names the file the caller knows.
  private static func renamed(
    _ error: ConcordError, from temporary: String, to path: String
  ) -> ConcordError {
    guard case .file(temporary, let problem) = error else { return error }
    return .file(path: path, problem: problem)
  }
}
