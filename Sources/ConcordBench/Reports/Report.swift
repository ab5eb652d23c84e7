import ConcordBackends
import Foundation

/// All entries of a call, with the machine they were measured on.
package struct Report: Codable, Sendable {
  package var machine = processorModel ?? "unknown"
  package var processors = availableProcessors
  package var memory: Int? = physicalMemory
  package var instructionSet = ConcordBackends.instructionSet
  package var transforms = LibraryVersions.transforms
  package var matrixProducts = LibraryVersions.matrixProducts
  package var date = Date.now.formatted(.iso8601)
  package var command = Self.commandLine
  /// The other libraries and their versions.
  package var versions: [String: String]?
  /// What was left out, and why.
  package var notes: [String]?
  /// What the machine can do at best, where it was measured.
  package var limits: MachineLimits?
  /// The cases of suites that are done, so that a run can be taken up again.
  package var finished: [String]?
  /// The cases of a comparison that were asked for.
  package var wanted: [String]?
  package var entries: [Entry] = []

  package init() {}

  /// The command as it was typed; a script that called this program says so itself.
  private static var commandLine: String {
    ProcessInfo.processInfo.environment["CONCORD_BENCH_COMMAND"]
      ?? (["concord-bench"] + CommandLine.arguments.dropFirst()).joined(separator: " ")
  }

  /// Adds the entries of one case, prints them, and writes everything so far.
  mutating func add(
    _ new: [Entry], json: String?, show: (([Entry]) -> Void)? = nil
  ) throws {
    entries += new
    let best = new.map(\.median).min() ?? 1
    if let show { show(new) } else { for entry in new { print(line(entry, best: best)) } }
    try write(to: json)
  }

  /// Writes everything so far beside the file, and then in its place.
  package func write(to json: String?) throws {
    guard let json else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    try encoder.encode(self).write(to: URL(filePath: json), options: .atomic)
  }

  /// Reads what ``write(to:)`` wrote.
  package static func read(_ path: String) throws -> Report {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw BenchError.file(path: path, problem: "can't be read")
    }
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do {
      return try decoder.decode(Report.self, from: data)
    } catch {
      throw BenchError.file(path: path, problem: "is no report of concord-bench: \(error)")
    }
  }

  /// The machine and the columns' names.
  func printHeader() {
    printMachine()
    print("median ms  min…max           ratio  error    rate            what")
  }

  /// The machine, its libraries and its limits.
  func printMachine() {
    print("\(machine), \(processors) processors, \(instructionSet)")
    print("\(transforms); \(matrixProducts)")
    if let limits { print(limits.summary) }
  }

  private func line(_ entry: Entry, best: Double) -> String {
    let range = "\(Self.milliseconds(entry.minimum))…\(Self.milliseconds(entry.maximum))"
    let columns = [
      Self.milliseconds(entry.median).padding(toLength: 10, withPad: " ", startingAt: 0),
      range.padding(toLength: 17, withPad: " ", startingAt: 0),
      String(format: "%6.2f", entry.median / best),
      String(format: "%8.1e", entry.error),
      String(format: "%7.2f ", entry.rate)
        + entry.rateUnit.padding(toLength: 8, withPad: " ", startingAt: 0),
      "\(entry.problem) \(entry.precision) ×\(entry.threads) \(entry.algorithm) (\(entry.strategy))",
    ]
    return columns.joined(separator: " ") + (entry.use(of: limits).map { "  [\($0)]" } ?? "")
      + Self.disturbance(entry)
  }

  /// A warning if other work on the machine shows in the runs.
  static func disturbance(_ entry: Entry) -> String {
    let outliers = Timing(runs: entry.runs).outliers
    guard outliers * 20 > entry.runs.count else { return "" }
    return "  [\(outliers) outliers: was the machine busy?]"
  }

  static func milliseconds(_ seconds: Double) -> String {
    String(format: seconds < 1 ? "%.3f" : "%.1f", seconds * 1e3)
  }
}
