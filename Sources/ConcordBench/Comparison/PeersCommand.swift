import ArgumentParser
import ConcordBackends
import Foundation

/// Concord beside other libraries.
struct PeersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "peers",
    abstract: "Concord beside SciPy, OpenCV and others, each in a process of its own.",
    discussion: "scripts/compare-peers installs the libraries and calls this.")

  @Option(parsing: .upToNextOption, help: "Patterns of the cases to run, such as 'dense-*-k15-*'.")
  var cases: [String] = ["*"]

  @Option(parsing: .upToNextOption, help: "Libraries to compare with.")
  var peers: [String] = Peer.all.map(\.name).filter { $0 != "concord-mkl" }

  @Option(parsing: .upToNextOption, help: "Our algorithms: auto, and any that concord knows.")
  var algorithms = ["auto"]

  @Option(parsing: .upToNextOption, help: "Numbers of threads that everyone is timed with.")
  var threads = Array(Set([1, availableProcessors])).sorted()

  @Option(help: "Runs of each contender, at the least.")
  var runs = 10

  @Option(help: "Seconds of each contender, at the least.")
  var seconds = 3.0

  @Flag(help: "Five runs and a quarter of a second are enough.")
  var quick = false

  @Option(help: "A file for the results, rewritten after each case; cases that it has are not run.")
  var json: String?

  @Flag(help: "Print each target, what was measured, and whether it was held.")
  var targets = false

  @Flag(help: "Print the cases and their targets, and run nothing.")
  var list = false

  @Option(help: "The Python that has the libraries.")
  var python = "python3"

  @Option(help: "The folder of the libraries' programs.")
  var workers = "scripts/peers"

  func validate() throws {
    for name in peers where !Peer.all.contains(where: { $0.name == name }) {
      let known = Peer.all.map(\.name).joined(separator: ", ")
      throw ValidationError("\(name) is not known. There are \(known).")
    }
    guard threads.allSatisfy({ $0 > 0 }), !threads.isEmpty else {
      throw ValidationError("--threads takes positive numbers")
    }
  }

  func run() throws {
    let patterns = cases.map(NamePattern.init)
    let chosen = CaseCatalogue.all.filter { test in patterns.contains { $0.matches(test.name) } }
    guard !chosen.isEmpty else { throw ValidationError("no case is called \(cases.joined())") }
    if list {
      for test in chosen {
        print(test.name.padding(toLength: 36), test.problem.title)
        for goal in test.goals { print("    issue \(goal.issue): \(goal.description)") }
      }
      return
    }
    var session = try ComparisonSession(self)
    try session.run(chosen)
  }

  var policy: RunPolicy {
    RunPolicy(minimumRuns: quick ? 5 : runs, seconds: quick ? 0.25 : seconds)
  }
}
