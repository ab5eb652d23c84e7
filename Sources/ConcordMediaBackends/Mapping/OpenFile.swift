#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// An open file descriptor for reading, closed when its owner goes.
package struct OpenFile: ~Copyable {
  let descriptor: Int32
  private let closes: Bool
  /// The bytes of a regular file; 0 for a stream.
  package let size: Int
  /// Whether the file can be mapped and read at any place.
  package let isRegular: Bool

  /// Opens a file for reading; a folder is refused.
  package init(reading path: String) throws(MediaProblem) {
    guard !path.isEmpty else { throw MediaProblem("expected a file's name, found none") }
    guard !path.utf8.contains(0) else {
      throw MediaProblem("expected a file's name, found a zero byte in it")
    }
    try self.init(descriptor: open(path, O_RDONLY | O_CLOEXEC), closes: true)
  }

  /// Standard input.
  package init(standardInput: Void) throws(MediaProblem) {
    try self.init(descriptor: STDIN_FILENO, closes: false)
  }

  private init(descriptor: Int32, closes: Bool) throws(MediaProblem) {
    let found = try Self.inspect(descriptor, closes: closes)
    self.descriptor = descriptor
    self.closes = closes
    size = found.size
    isRegular = found.isRegular
  }

  private static func inspect(
    _ descriptor: Int32, closes: Bool
  ) throws(MediaProblem) -> (size: Int, isRegular: Bool) {
    guard descriptor >= 0 else { throw .system() }
    var status = stat()
    let problem: MediaProblem? = fstat(descriptor, &status) == 0 ? nil : .system()
    let kind = status.st_mode & S_IFMT
    if let problem = problem ?? (kind == S_IFDIR ? .system(EISDIR) : nil) {
      if closes { close(descriptor) }
      throw problem
    }
    let isAtStart = closes || lseek(descriptor, 0, SEEK_CUR) == 0
    let isRegular = kind == S_IFREG && isAtStart
    return (isRegular ? Int(status.st_size) : 0, isRegular)
  }

  deinit {
    if closes { close(descriptor) }
  }

  /// Reads on until `bytes` holds `count` bytes or the stream ends; for headers.
  package func fill(_ bytes: inout [UInt8], to count: Int) throws(MediaProblem) {
    while bytes.count < count {
      var part = [UInt8](repeating: 0, count: min(count - bytes.count, 1 << 16))
      let result = part.withUnsafeMutableBytes { target in
        target.baseAddress.map { read(into: $0, count: target.count) } ?? .success(0)
      }
      let got = try result.get()
      if got == 0 { return }
      bytes += part.prefix(got)
    }
  }

  /// Reads at most `count` bytes; 0 at the end.
  func read(into target: UnsafeMutableRawPointer, count: Int) -> Result<Int, MediaProblem> {
    while true {
      #if canImport(Glibc)
      let got = Glibc.read(descriptor, target, count)
      #else
      let got = Darwin.read(descriptor, target, count)
      #endif
      if got >= 0 { return .success(got) }
      if errno != EINTR { return .failure(.system()) }
    }
  }
}
