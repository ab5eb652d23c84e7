import ConcordBackends

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Why a file can't be read or written: one line with what was expected and what was found.
///
/// The layer above adds the path and makes a `ConcordError` of it.
package struct MediaProblem: Error, Equatable {
  package let text: String

  package init(_ text: String) {
    self.text = text
  }

  /// What the operating system answered.
  static func system(_ code: Int32 = errno) -> MediaProblem {
    MediaProblem(systemAnswer(code))
  }
}

/// Text from inside a file, safe to print on one line: control characters replaced, cut to `limit`.
package func printable(_ text: String, limit: Int = 60) -> String {
  var result = ""
  for scalar in text.unicodeScalars.prefix(limit) {
    let isControl = scalar.value < 32 || (127..<160).contains(scalar.value)
    result.unicodeScalars.append(isControl ? "?" : scalar)
  }
  return text.unicodeScalars.count > limit ? result + "…" : result
}

/// The text of a C string in a buffer of a message.
func text(ofMessage bytes: [CChar]) -> String {
  let end = bytes.firstIndex(of: 0) ?? bytes.endIndex
  return printable(
    String(decoding: bytes[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self), limit: 160)
}
