import ArgumentParser

/// The command `concord filter`.
struct FilterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "filter",
    abstract: "Filter by a Gaussian or by a window around each pixel.",
    discussion: """
      The result is as large as the image. Colour images are filtered channel by channel; opacity \
      is left as it is.
      """,
    subcommands: [
      GaussianCommand.self, BoxCommand.self, SumCommand.self, VarianceCommand.self,
      DeviationCommand.self, MedianCommand.self, MinimumCommand.self, MaximumCommand.self,
      IntegralCommand.self,
    ])
}
