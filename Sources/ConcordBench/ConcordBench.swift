import ArgumentParser

@main
struct ConcordBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "concord-bench",
    abstract: "Times Concord's algorithms side by side, after checking that each is right.",
    discussion: """
      Every result is compared with the textbook definition in double precision before it is timed.
      Runs are interleaved (A B A B) after a warm-up, so that a drifting machine hits all alike; the
      median counts. Results are written to --json after each case.
      """,
    subcommands: [
      FilterSuite.self, GaussianSuite.self, WorkspaceSuite.self, MatchSuite.self,
      TransformSuite.self, OperationSuite.self, BatchSuite.self, RegretSuite.self,
      ScalingSuite.self,
      MachineCommand.self, PeersCommand.self, DiffCommand.self,
      ReportCommand.self, ServeCommand.self,
    ])
}
