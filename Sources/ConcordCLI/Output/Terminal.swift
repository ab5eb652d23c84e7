import Concord
import ConcordBackends
import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Text for people: standard output and standard error.
enum Terminal {
  /// Whether standard error is a terminal that a person looks at.
  static var isErrorInteractive: Bool { isatty(STDERR_FILENO) == 1 }

  /// One line on standard error; what a file's name may bring in stays on it.
  static func writeError(_ line: String) {
    writeErrorText(oneLine(line) + "\n")
  }

  /// Text on standard error as it is; where it can't be written there is nobody to tell.
  static func writeErrorText(_ text: String) {
    _ = StandardStream.error.write(text)
  }

  /// Text on standard output as it is.
  static func write(_ text: String) throws(ConcordError) {
    if let problem = StandardStream.output.write(text) {
      throw .file(path: "standard output", problem: problem)
    }
  }

  /// The text with control characters replaced.
  static func oneLine(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          scalar.properties.generalCategory == .control ? " " : scalar
        }))
  }
}
