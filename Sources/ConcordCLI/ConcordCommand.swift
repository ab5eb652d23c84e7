import ArgumentParser

/// The root of the command line.
struct ConcordCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "concord",
    abstract: "Convolution, correlation and template matching of signals, images and volumes.",
    discussion: """
      Arrays are files: .npy, .png, .tif, .csv, or FILE.h5:/path/to/dataset. '-' is standard input or \
      output (.npy). A quoted pattern such as 'frame*.tif', or a folder, is a stack of images.

      Exit codes: 0 done, 1 the data cannot be processed, 64 wrong usage, 130 interrupted.
      """,
    version: "0.1.0",
    subcommands: [
      ConvolveCommand.self, CorrelateCommand.self, FilterCommand.self, WindowCommand.self,
      BankCommand.self, PairsCommand.self, MatchCommand.self, DuplicatesCommand.self,
      PairwiseCommand.self, PlanCommand.self,
      TuneCommand.self, GenerateCommand.self,
    ])
}
