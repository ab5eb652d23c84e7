import ConcordBackends
import Foundation

extension Double {
  /// The number with two digits after the point.
  var twoDigits: String { String(format: "%.2f", self) }
}

extension String {
  /// The string with spaces at its end, but never cut.
  func padding(toLength length: Int) -> String {
    count < length ? self + String(repeating: " ", count: length - count) : self
  }
}

/// Prints a line at once, also where standard output is a file that someone watches.
func say(_ line: String) {
  _ = StandardStream.output.write(line + "\n")
}
