import ArgumentParser
import Concord

/// The command `concord generate noise`.
struct NoiseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "noise", abstract: "Independent numbers, uniform from 0 to 1.")

  @OptionGroup var data: GenerateArguments
  @OptionGroup var moved: ShiftArguments

  func validate() throws {
    let shift = try data.displacement(moved.shift)
    if let fraction = shift.first(where: { $0 != $0.rounded() }) {
      throw ValidationError(
        "--shift: expected whole numbers, as noise has no values between pixels, found \(fraction)")
    }
  }

  func run() throws {
    let shift = try data.displacement(moved.shift)
    try data.run(
      NoiseField(noise: LatticeNoise(seed: data.seed), shift: shift.map { Int($0) }),
      truth: [("shift", .numbers(shift))])
  }
}

private struct NoiseField: GeneratedField {
  let name = "noise"
  let noise: LatticeNoise
  let shift: [Int]

  func image<let rank: Int, S: RealScalar>(
    _ shape: Shape<rank>
  ) throws(ConcordError) -> NDArray<rank, S> {
    try noise.image(shape, shift: Position { shift[$0] })
  }
}
