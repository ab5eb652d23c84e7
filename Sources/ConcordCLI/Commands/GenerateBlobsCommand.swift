import ArgumentParser
import Concord

/// The command `concord generate blobs`.
struct BlobsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "blobs",
    abstract: "Gaussian spots at random places, one in each cell of a grid.")

  @OptionGroup var data: GenerateArguments
  @OptionGroup var moved: ShiftArguments

  @Option(help: ArgumentHelp("A spot's standard deviation in pixels.", valueName: "s"))
  var sigma: Double = 2

  @Option(help: ArgumentHelp("The edge of the grid's cells in pixels.", valueName: "d"))
  var spacing: Double = 16

  func validate() throws {
    _ = try data.displacement(moved.shift)
    if !(0.1...1000).contains(sigma) {
      throw ValidationError("--sigma: expected 0.1 to 1000, found \(sigma)")
    }
    if !(1...1e6).contains(spacing) {
      throw ValidationError("--spacing: expected 1 to 1e6, found \(spacing)")
    }
  }

  func run() throws {
    let shift = try data.displacement(moved.shift)
    try data.run(
      BlobsField(blobs: Blobs(sigma: sigma, spacing: spacing, seed: data.seed), shift: shift),
      truth: [("shift", .numbers(shift))])
  }
}

private struct BlobsField: GeneratedField {
  let name = "blobs"
  let blobs: Blobs
  let shift: [Double]

  func image<let rank: Int, S: RealScalar>(
    _ shape: Shape<rank>
  ) throws(ConcordError) -> NDArray<rank, S> {
    try blobs.image(shape, shift: Displacement { shift[$0] })
  }
}
