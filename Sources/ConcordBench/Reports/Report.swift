import ConcordBackends
import Foundation

/// One contender in one case.
struct Entry: Codable {
  let suite: String
  let problem: String
  let algorithm: String
  let strategy: String
  let precision: String
  let threads: Int
  /// The largest relative error against the definition, found before timing.
  let error: Double
  let median: Double
  let minimum: Double
  let maximum: Double
  let spread: Double
  let runs: [Double]
  /// What the work amounts to for each second, in billions, and what is counted.
  let rate: Double
  let rateUnit: String

  init(
    suite: String, problem: String, contender: (algorithm: String, strategy: String),
    setting: (precision: String, threads: Int), error: Double, timing: Timing,
    work: (amount: Double, unit: String)
  ) {
    self.suite = suite
    self.problem = problem
    algorithm = contender.algorithm
    strategy = contender.strategy
    precision = setting.precision
    threads = setting.threads
    self.error = error
    median = timing.median
    minimum = timing.minimum
    maximum = timing.maximum
    spread = timing.spread
    runs = timing.runs
    rate = work.amount / timing.median / 1e9
    rateUnit = work.unit
  }
}

/// All entries of a call, with the machine they were measured on.
struct Report: Codable {
  var machine = processorModel ?? "unknown"
  var processors = availableProcessors
  var instructionSet = ConcordBackends.instructionSet
  var transforms = LibraryVersions.transforms
  var matrixProducts = LibraryVersions.matrixProducts
  var date = Date.now.formatted(.iso8601)
  var command = CommandLine.arguments.dropFirst().joined(separator: " ")
  var entries: [Entry] = []

  /// Adds the entries of one case, prints them, and writes everything so far.
  mutating func add(_ new: [Entry], json: String?) throws {
    entries += new
    for entry in new { print(Report.line(entry, best: new.map(\.median).min() ?? 1)) }
    try write(to: json)
  }

  /// Writes all entries so far, if a file is asked for.
  func write(to json: String?) throws {
    guard let json else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try encoder.encode(self).write(to: URL(filePath: json), options: .atomic)
  }

  /// The machine and the columns' names.
  func printHeader() {
    print("\(machine), \(processors) processors, \(instructionSet)")
    print("\(transforms); \(matrixProducts)")
    print("median ms  min…max           ratio  error    rate            what")
  }

  private static func line(_ entry: Entry, best: Double) -> String {
    func milliseconds(_ seconds: Double) -> String { String(format: "%.3f", seconds * 1e3) }
    let range = "\(milliseconds(entry.minimum))…\(milliseconds(entry.maximum))"
    let columns = [
      milliseconds(entry.median).padding(toLength: 10, withPad: " ", startingAt: 0),
      range.padding(toLength: 17, withPad: " ", startingAt: 0),
      String(format: "%6.2f", entry.median / best),
      String(format: "%8.1e", entry.error),
      String(format: "%7.2f ", entry.rate)
        + entry.rateUnit.padding(toLength: 8, withPad: " ", startingAt: 0),
      "\(entry.problem) \(entry.precision) ×\(entry.threads) \(entry.algorithm) (\(entry.strategy))",
    ]
    let outliers = Timing(runs: entry.runs).outliers
    let isDisturbed = outliers * 20 > entry.runs.count
    let warning = isDisturbed ? "  [\(outliers) outliers: was the machine busy?]" : ""
    return columns.joined(separator: " ") + warning
  }
}
