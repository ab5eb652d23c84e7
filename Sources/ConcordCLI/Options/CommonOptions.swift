import ArgumentParser
import Concord
import ConcordBackends
import ConcordFiles
import Foundation

extension ProgressMode: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}

/// What is printed.
struct ReportOptions: ParsableArguments {
  @Flag(help: "Print one JSON object on standard output, and nothing else.")
  var json = false

  @Flag(help: "Print no summary, no progress and no warnings.")
  var quiet = false

  @Option(help: "When to show a progress bar on standard error: auto is on a terminal only.")
  var progress: ProgressMode = .auto

  func validate() throws {
    if quiet { Warnings.handle { _ in } }
  }

  /// The bar for work that is under way.
  func makeProgress(_ label: String) -> Progress {
    Progress(quiet && progress == .auto ? .never : progress, label: label)
  }

  /// Prints the report; not the summary where standard output has taken an array.
  func print(_ report: Report, outputs: [String?]) throws(ConcordError) {
    if json {
      try Terminal.write(report.json.text + "\n")
    } else if !quiet && !outputs.contains("-") {
      try Terminal.write(report.summary)
    }
  }

  /// Refuses to mix an array and an object on standard output.
  func check(outputs: [String?]) throws {
    if outputs.contains("-") && json {
      throw ValidationError("'-o -' and '--json' both want standard output: give only one.")
    }
  }
}

/// How much of the machine is used.
struct MachineOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "How many threads may work (default: all processors). Results don't depend on it.")
  var threads: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Working memory that may be used beside input and output, such as 512M or 2G (default: half "
        + "of the machine's).", valueName: "bytes"),
    transform: ByteCount.parsed)
  var memoryLimit: ByteCount?

  func validate() throws {
    if let threads, threads < 1 {
      throw ValidationError("--threads: expected at least 1, found \(threads)")
    }
  }
}

/// The precision of the computation.
struct PrecisionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Compute and write in float or double (default: float; double when an input holds doubles, or "
        + "integers that float doesn't hold).", valueName: "float|double"))
  var precision: Precision?
}

/// How a computation is repeated and checked.
struct RunOptions: ParsableArguments {
  /// Transforms are measured where the plan is used again: measuring takes longer than one run.
  var effort: Effort? { repeats == nil ? .known : nil }

  @Option(
    name: .customLong("repeat"),
    help: ArgumentHelp(
      "Run once to warm up, then N times with the plan kept, and tell the seconds of each.",
      valueName: "n"))
  var repeats: Int?

  @Option(
    help: ArgumentHelp(
      "Recompute N random outputs by the definition and tell the largest error, relative to the "
        + "largest output.", valueName: "n"))
  var verify: Int?

  func validate() throws {
    if let repeats, !(1...1_000_000).contains(repeats) {
      throw ValidationError("--repeat: expected 1 to 1000000, found \(repeats)")
    }
    if let verify, !(1...1_000_000).contains(verify) {
      throw ValidationError("--verify: expected 1 to 1000000, found \(verify)")
    }
  }
}

/// How thoroughly a plan is made.
struct EffortOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How thoroughly to plan (default: known, or measure with --repeat).",
      discussion: """
        estimate  guess from the sizes
        known     take what was measured before, and guess otherwise
        measure   measure transforms, and if asked for here, time the algorithms that are predicted to \
        be about as fast
        patient   the same with more candidates
        Long signals that are streamed, and exact sums of integers, time no algorithms.
        """))
  var effort: Effort?
}

/// Where a result goes that must go somewhere.
struct OutputOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: "The file to write: .npy, .tif, .png or .csv, or '-' for standard output (.npy).")
  var output: String

  @OptionGroup var range: RangeOptions

  func validate() throws {
    try checkName(output)
    try range.check(outputs: [output])
  }
}

/// The range of values that a picture shows.
struct RangeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The values shown as black and white in a .png (default: those of the data).",
      valueName: "low> <high"),
    transform: RangeOptions.parsed)
  var range: ClosedRange<Double>?

  func check(outputs: [String?]) throws {
    let isPicture = outputs.contains { $0?.lowercased().hasSuffix(".png") ?? false }
    if range != nil && !isPicture {
      throw ValidationError("--range: expected an output that ends in .png")
    }
  }

  private static func parsed(_ text: String) throws -> ClosedRange<Double> {
    let bounds = text.split(separator: ",").map { Double($0) }
    guard bounds.count == 2, let low = bounds[0], let high = bounds[1], low.isFinite,
      high.isFinite, low < high
    else {
      throw ValidationError("expected two numbers, the smaller one first, found '\(text)'")
    }
    return low...high
  }
}

/// Refuses two outputs in one file, of which only the second would be left.
func checkDistinct(_ outputs: [(option: String, path: String?)]) throws {
  var known: [String: String] = [:]
  for case (let option, let path?) in outputs where path != "-" {
    let file = URL(filePath: path).resolvingSymlinksInPath().standardizedFileURL.path
    if let other = known.updateValue(option, forKey: file) {
      throw ValidationError("\(option): expected another file than that of \(other)")
    }
  }
}

/// Refuses a name whose extension nothing can be written under.
func checkName(_ output: String?) throws {
  guard let output, !ArrayFile.isWritable(output) else { return }
  throw ValidationError(
    "--output: expected a name that ends in .npy, .tif, .tiff, .png or .csv, found '\(output)'")
}
