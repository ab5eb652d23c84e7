import ArgumentParser
import ConcordBackends

/// Concord in a process of its own, for comparisons with other libraries in theirs.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Answers jobs, one line of JSON each, on standard input.",
    discussion: "For scripts/compare-peers. Benchmarks/README.md describes the lines.",
    shouldDisplay: false)

  func run() throws {
    StandardStream.expectFailures()
    let server = Server()
    while let line = readLine() {
      // A driver that is gone needs no answer.
      if StandardStream.output.write(server.answer(line: line) + "\n") != nil { return }
    }
  }
}
