package import ConcordBackends

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Questions to the file system, and changes to it.
package enum FileSystem {
  /// What a path names.
  package enum Kind: Sendable {
    case missing, file, folder, stream
  }

  /// What a path names, links followed.
  package static func kind(of path: String) -> Kind {
    var status = stat()
    guard stat(path, &status) == 0 else { return .missing }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    default: return .stream
    }
  }

  /// The path behind symbolic links; the path itself if it names nothing.
  package static func resolved(_ path: String) -> String {
    guard let target = realpath(path, nil) else { return path }
    defer { free(target) }
    return String(cString: target)
  }

  /// Gives a new file the permissions of the one it is going to replace.
  package static func copyPermissions(from old: String, to new: String) {
    var status = stat()
    guard stat(old, &status) == 0 else { return }
    chmod(new, status.st_mode & 0o777)
  }

  package static func rename(_ old: String, to new: String) throws(MediaProblem) {
    #if canImport(Glibc)
    let failed = Glibc.rename(old, new) != 0
    #else
    let failed = Darwin.rename(old, new) != 0
    #endif
    if failed { throw .system() }
  }

  package static func remove(_ path: String) {
    unlink(path)
  }

  package static var processIdentifier: Int { Int(getpid()) }

  /// The paths that match a pattern with `*`, `?` and `[…]`, in no useful order.
  package static func paths(matching pattern: String) -> [String] {
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(pattern, GLOB_TILDE | GLOB_BRACE, nil, &found) == 0 else { return [] }
    return (0..<Int(found.gl_pathc)).compactMap { index in
      found.gl_pathv[index].map { String(cString: $0) }
    }
  }

  /// The names in a folder, but hidden ones.
  package static func names(inFolder path: String) throws(MediaProblem) -> [String] {
    guard let folder = opendir(path) else { throw .system() }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { bytes in
        bytes.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names
  }
}

/// A file being written, closed when its owner goes.
package struct OutputFile: ~Copyable {
  private let descriptor: Int32
  private let closes: Bool

  /// Creates a file, or empties the one that exists.
  package init(creating path: String) throws(MediaProblem) {
    guard !path.utf8.contains(0) else {
      throw MediaProblem("expected a file's name, found a zero byte in it")
    }
    let opened = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard opened >= 0 else { throw .system() }
    descriptor = opened
    closes = true
  }

  /// Standard output.
  package init(standardOutput: Void) {
    descriptor = STDOUT_FILENO
    closes = false
  }

  deinit {
    if closes { close(descriptor) }
  }

  package func write(_ bytes: [UInt8]) throws(MediaProblem) {
    try bytes.span.withUnsafeBytes { (bytes) throws(MediaProblem) in try writeAll(bytes) }
  }

  /// Writes the elements' bytes as they lie in memory.
  package func write<Element>(_ buffer: SharedBuffer<Element>) throws(MediaProblem) {
    try buffer.span.withUnsafeBufferPointer { (elements) throws(MediaProblem) in
      try writeAll(UnsafeRawBufferPointer(elements))
    }
  }

  private func writeAll(_ bytes: UnsafeRawBufferPointer) throws(MediaProblem) {
    guard let base = bytes.baseAddress else { return }
    var done = 0
    while done < bytes.count {
      #if canImport(Glibc)
      let part = Glibc.write(descriptor, base + done, bytes.count - done)
      #else
      let part = Darwin.write(descriptor, base + done, bytes.count - done)
      #endif
      if part < 0 && errno == EINTR { continue }
      if part < 0 { throw .system() }
      done += part
    }
  }
}
