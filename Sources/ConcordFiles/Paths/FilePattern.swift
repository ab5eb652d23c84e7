public import ConcordArrays
import ConcordMediaBackends

/// Names of several files: a pattern, a folder, or a plain name.
public enum FilePattern {
  /// The files that a text names, in natural order: `frame2` stands before `frame10`.
  ///
  /// The text may be the name of a file, a pattern with `*`, `?` and `[…]`, or a folder, whose files
  /// of a known extension are meant. A name that exists is never taken for a pattern.
  ///
  /// - Throws: ``ConcordArrays/ConcordError/file(path:problem:)`` if no file fits.
  public static func paths(_ text: String) throws(ConcordError) -> [String] {
    switch FileSystem.kind(of: text) {
    case .file, .stream: return [text]
    case .folder: return try files(inFolder: text)
    case .missing: break
    }
    guard text.contains(where: { "*?[{".contains($0) }) else { return [text] }
    let found = FileSystem.paths(matching: text).filter { FileSystem.kind(of: $0) != .folder }
    guard !found.isEmpty else {
      throw .file(path: text, problem: "expected files that fit the pattern, found none")
    }
    return sorted(found)
  }

  private static func files(inFolder path: String) throws(ConcordError) -> [String] {
    let names = try naming(path) { () throws(MediaProblem) in
      try FileSystem.names(inFolder: path)
    }
    let prefix = path.hasSuffix("/") ? path : path + "/"
    let found = names.filter { FileFormat(known: $0) != nil }.map { prefix + $0 }
      .filter { FileSystem.kind(of: $0) == .file }
    guard !found.isEmpty else {
      throw .file(path: path, problem: "expected files of arrays in the folder, found none")
    }
    return sorted(found)
  }

  /// The paths with runs of digits ordered by their value.
  package static func sorted(_ paths: [String]) -> [String] {
    paths.map { ($0, parts(of: $0)) }
      .sorted { $0.1 == $1.1 ? $0.0 < $1.0 : isOrdered($0.1, $1.1) }
      .map { $0.0 }
  }

  private struct Part: Equatable {
    let isNumber: Bool
    /// The characters, but not the zeros in front of a number.
    let text: [UInt8]
  }

  private static func parts(of path: String) -> [Part] {
    var parts: [Part] = []
    var rest = Array(path.utf8)[...]
    while let first = rest.first {
      let isNumber = isDigit(first)
      let run = rest.prefix { isDigit($0) == isNumber }
      rest = rest.dropFirst(run.count)
      let text = isNumber ? run.drop { $0 == UInt8(ascii: "0") } : run
      parts.append(Part(isNumber: isNumber, text: Array(text)))
    }
    return parts
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func isOrdered(_ first: [Part], _ second: [Part]) -> Bool {
    guard let (a, b) = zip(first, second).first(where: { $0 != $1 }) else {
      return first.count < second.count
    }
    if a.isNumber && b.isNumber && a.text.count != b.text.count {
      return a.text.count < b.text.count
    }
    return a.text.lexicographicallyPrecedes(b.text)
  }
}
