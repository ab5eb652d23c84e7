import ConcordBackends
import Foundation

/// This process's resident memory, as Linux counts it; nil elsewhere.
enum ProcessMemory {
  static var resident: Int? { kilobytes("VmRSS:") }

  /// The most since the last call of ``forgetPeak()``.
  static var peak: Int? { kilobytes("VmHWM:") }

  static func forgetPeak() {
    // What was freed but kept would hide what is taken.
    releaseFreedMemory()
    try? Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))
  }

  private static func kilobytes(_ key: String) -> Int? {
    guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else {
      return nil
    }
    let line = text.split(separator: "\n").first { $0.hasPrefix(key) }
    let fields = line?.split(whereSeparator: \.isWhitespace)
    return fields.flatMap { $0.count > 1 ? Int($0[1]) : nil }.map { $0 * 1024 }
  }
}
