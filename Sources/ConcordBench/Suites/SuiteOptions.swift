import ArgumentParser
import Concord
import ConcordBackends

/// Options that every suite has.
struct SuiteOptions: ParsableArguments {
  @Option(help: "Threads for each contender.")
  var threads = availableProcessors

  @Option(help: "float or double.")
  var precision = Precision.float

  @Option(help: "Runs of each contender, at the least.")
  var runs = 10

  @Option(help: "Seconds of each contender, at the least.")
  var seconds = 3.0

  @Option(help: "A file for the results, rewritten after each case.")
  var json: String?

  @Flag(help: "Keep the cases that the file of --json already has, and go on with the others.")
  var resume = false

  func validate() throws {
    if resume && json == nil { throw ValidationError("--resume: expected --json with it") }
  }

  var policy: RunPolicy { RunPolicy(minimumRuns: runs, seconds: seconds) }
}

/// The extents of an image on the command line: `512` or `480,640`.
struct Size: ExpressibleByArgument, CustomStringConvertible {
  let rows: Int
  let columns: Int

  init(_ extent: Int) {
    rows = extent
    columns = extent
  }

  init?(argument: String) {
    let parts = argument.split(separator: ",").compactMap { Int($0) }
    guard (1...2).contains(parts.count), parts.allSatisfy({ $0 > 0 }) else { return nil }
    rows = parts[0]
    columns = parts.count == 2 ? parts[1] : parts[0]
  }

  var description: String { "\(rows)×\(columns)" }
  var extents: [Int] { [rows, columns] }
}
