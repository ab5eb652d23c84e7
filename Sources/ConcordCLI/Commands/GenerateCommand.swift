import ArgumentParser

/// The command `concord generate`.
struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Make test data with a known truth.",
    discussion: """
      The same seed gives the same data on every machine. A shift moves the content: by 1.5,-2 it \
      goes 1.5 pixels down and 2 to the left, and what comes in from outside is right.
      """,
    subcommands: [
      SpeckleCommand.self, BlobsCommand.self, NoiseCommand.self, SceneCommand.self,
    ])
}
