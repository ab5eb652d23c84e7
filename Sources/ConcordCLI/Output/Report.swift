import ConcordBackends

/// What a command has to say: to people, and to programs.
struct Report {
  /// The first line of the summary: what was done with what.
  var title: String
  /// The summary's further lines: a label and a text each.
  var lines: [(label: String, text: String)] = []
  /// Lines that stand below as they are.
  var details: String = ""
  /// The fields of the JSON object.
  var fields: [(key: String, value: JSONValue)] = []

  /// A report with what every command tells.
  init(
    title: String, algorithm: String, shape: [Int], timing: Timing, strategy: String? = nil
  ) {
    self.title = title
    lines = [("algorithm", strategy ?? algorithm), ("time", timing.summary)]
    fields = [
      ("algorithm", .string(algorithm)), ("shape", .integers(shape)),
      ("seconds", .number(timing.seconds)),
    ]
    if let strategy { fields.append(("strategy", .string(strategy))) }
    if let planning = timing.planning { fields.append(("planning_seconds", .number(planning))) }
    if let first = timing.first {
      fields.append(("first_seconds", .number(first)))
      fields.append(("runs", .numbers(timing.runs)))
    }
  }

  /// Adds a line to the summary and a field to the object.
  mutating func add(_ label: String, _ text: String, key: String, _ value: JSONValue) {
    lines.append((label, text))
    fields.append((key, value))
  }

  /// Adds the file that was written.
  mutating func addOutput(_ path: String, shape: [Int], precision: Precision) {
    add(
      "output", "\(path == "-" ? "standard output" : path), \(Format.extents(shape))",
      key: "output", .string(path))
    fields.append(("precision", .string(precision.rawValue)))
  }

  /// The summary for people.
  var summary: String {
    let peak = ("peak memory", Format.bytes(peakResidentBytes()))
    let rows = (lines + [peak]).map { ["  " + $0.0, $0.1] }
    return Terminal.oneLine(title) + "\n" + Format.table(rows, leading: 2) + details
  }

  /// The object for programs.
  var json: JSONValue {
    .object(fields + [("peak_bytes", .integer(peakResidentBytes()))])
  }
}

/// How long the computation took, reading and writing excluded.
struct Timing: Sendable {
  /// The seconds of one run: the median where there were several.
  var seconds: Double
  /// The seconds of choosing and preparing the algorithm; nil where nothing is prepared.
  var planning: Double?
  /// The seconds of the first run, planning included; nil unless runs were repeated.
  var first: Double?
  /// The seconds of each repeated run.
  var runs: [Double] = []

  fileprivate var summary: String {
    var text = Format.seconds(seconds)
    if let planning, first == nil { text += " and \(Format.seconds(planning)) of planning" }
    if let first {
      text += ", the median of \(runs.count) (\(Format.seconds(runs.min() ?? 0)) to "
      text += "\(Format.seconds(runs.max() ?? 0))); first run with planning "
      text += Format.seconds(first)
    }
    return text
  }
}
