import ArgumentParser
import ConcordBackends

/// What changed between two reports.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Says what got slower or faster between two reports, beyond the spread.",
    discussion: """
      A change counts if the medians differ by more than three times the larger spread, and by more \
      than the tolerance. The exit code is 1 if anything of Concord's got slower.
      """)

  @Argument(help: "A report that --json wrote.")
  var old: String

  @Argument(help: "A later one.")
  var new: String

  @Option(help: "The part of a time below which a change never counts.")
  var tolerance = 0.05

  @Flag(help: "Divide the new times by what the other libraries' times grew.")
  var correctDrift = false

  func validate() throws {
    guard tolerance >= 0 else { throw ValidationError("--tolerance takes 0 or more") }
  }

  func run() throws {
    let reports = try [old, new].map(Report.read)
    if reports[0].machine != reports[1].machine {
      _ = StandardStream.error.write(
        "The machines differ: \(reports[0].machine) and \(reports[1].machine)\n")
    }
    let difference = ReportDifference(
      old: reports[0], new: reports[1], tolerance: tolerance, correctsDrift: correctDrift)
    for line in difference.lines { print(line) }
    if difference.isSlower { throw ExitCode.failure }
  }
}
