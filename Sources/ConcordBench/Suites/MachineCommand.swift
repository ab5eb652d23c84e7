import ArgumentParser
import ConcordBackends

/// What the machine can do at best.
struct MachineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "machine",
    abstract: "Memory bandwidth, multiply-adds and transforms: what rates are to be seen beside.")

  @Option(help: "Threads for the second number of each.")
  var threads = availableProcessors

  @Option(help: "A file for the results.")
  var json: String?

  func run() throws {
    var report = Report()
    report.limits = MachineLimits.measure(threads: threads)
    report.printMachine()
    try report.write(to: json)
  }
}
