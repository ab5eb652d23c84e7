import Foundation

/// A suite under way: its report is written after each case, and can be taken up again.
struct SuiteSession {
  private(set) var report: Report
  private let suite: String
  private let options: SuiteOptions

  /// Begins, or goes on where the report of the same machine ends if that was asked for.
  init(_ suite: String, _ options: SuiteOptions) throws {
    self.suite = suite
    self.options = options
    report = Report()
    if options.resume, let json = options.json, FileManager.default.fileExists(atPath: json) {
      let earlier = try Report.read(json)
      guard earlier.machine == report.machine, earlier.instructionSet == report.instructionSet
      else {
        throw BenchError.file(
          path: json,
          problem: "expected a report of \(report.machine), \(report.instructionSet), found one of "
            + "\(earlier.machine), \(earlier.instructionSet)")
      }
      report = earlier
    }
    if report.limits == nil { report.limits = MachineLimits.measure(threads: options.threads) }
    report.printHeader()
  }

  /// Measures a case, unless the report already has it.
  mutating func run(
    _ name: String, _ measure: () throws -> [Entry], show: (([Entry]) -> Void)? = nil
  ) throws {
    let key = "\(suite) \(name) \(options.precision.rawValue) ×\(options.threads)"
    if report.finished?.contains(key) == true {
      say("kept: \(key)")
      return
    }
    let entries = try measure()
    report.finished = (report.finished ?? []) + [key]
    try report.add(entries, json: options.json, show: show)
  }
}
