import ArgumentParser
import Concord

/// The command `concord generate speckle`.
struct SpeckleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "speckle",
    abstract: "Noise smoothed by a Gaussian, with mean 0.5 and deviation 0.15.")

  @OptionGroup var data: GenerateArguments
  @OptionGroup var moved: ShiftArguments

  @Option(help: ArgumentHelp("The Gaussian's standard deviation in pixels.", valueName: "s"))
  var sigma: Double = 2

  func validate() throws {
    _ = try data.displacement(moved.shift)
    if !(0.5...1000).contains(sigma) {
      throw ValidationError("--sigma: expected 0.5 to 1000, found \(sigma)")
    }
  }

  func run() throws {
    let shift = try data.displacement(moved.shift)
    try data.run(
      SpeckleField(speckle: Speckle(sigma: sigma, seed: data.seed), shift: shift),
      truth: [("shift", .numbers(shift))])
  }
}

private struct SpeckleField: GeneratedField {
  let name = "speckle"
  let speckle: Speckle
  let shift: [Double]

  func image<let rank: Int, S: RealScalar>(
    _ shape: Shape<rank>
  ) throws(ConcordError) -> NDArray<rank, S> {
    try speckle.image(shape, shift: Displacement { shift[$0] })
  }
}
