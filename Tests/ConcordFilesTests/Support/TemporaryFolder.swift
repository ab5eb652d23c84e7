import ConcordArrays
import ConcordFiles
import Foundation

/// A folder of a test's own, removed when the test ends.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    let name = "concord-files-\(UUID().uuidString)"
    // Thousands of tiny files are quicker in memory than on a busy disk.
    let memory = "/dev/shm"
    let parent =
      FileManager.default.isWritableFile(atPath: memory)
      ? URL(fileURLWithPath: memory) : FileManager.default.temporaryDirectory
    let url = parent.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// The path of a file in the folder.
  func file(_ name: String) -> String { path + "/" + name }

  /// Puts bytes into a file and returns its path.
  func put(_ bytes: [UInt8], as name: String) throws -> String {
    // Some file systems flush a file that is cut and written again, which takes long.
    try? FileManager.default.removeItem(atPath: file(name))
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }

  /// Puts a golden file into the folder and returns its location.
  func put(_ golden: GoldenFile) throws -> String {
    let parts = golden.ending.split(separator: ":", maxSplits: 1)
    let path = try put(golden.bytes, as: golden.description + parts[0])
    return parts.count == 2 ? path + ":" + parts[1] : path
  }

  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }
}

/// The problem that reading a path reports; nil if it could be read.
func problem(reading path: String) -> String? {
  do throws(ConcordError) {
    _ = try FileArray.read(path)
    return nil
  } catch {
    if case .file(let found, let problem) = error, found == path || path == "-" { return problem }
    return "names another file: \(error)"
  }
}

/// The rule that the golden files follow: 100 plane + 20 row + 3 column + 7 channel.
func pattern(_ plane: Int, _ row: Int, _ column: Int, channel: Int = 0) -> Double {
  Double(100 * plane + 20 * row + 3 * column + 7 * channel)
}

/// ``pattern(_:_:_:channel:)`` of an image.
func pattern(_ row: Int, _ column: Int, channel: Int = 0) -> Double {
  pattern(0, row, column, channel: channel)
}

/// A generator of random numbers that gives the same for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
