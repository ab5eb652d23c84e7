import ConcordBackends
import Foundation

/// How the work on a tile is shared between the kernels of a bank.
private enum BankShares {
  /// Of a complex value's way through a tile there and back, the part that goes back.
  static let backward = 0.6
  /// The product of two spectra beside the way there and back, which reads a kernel's spectrum from
  /// afar.
  static let product = 0.25
}

extension CostModel {
  /// Predicts the time and memory of a strategy for a bank.
  package func estimate(
    _ strategy: ConvolutionStrategy, for problem: BankProblem
  ) -> StrategyEstimate {
    let cost: (seconds: Double, bytes: Int)
    switch strategy {
    case .matrix: cost = matrix(problem)
    case .overlapSave(let layout): cost = overlapSave(layout, problem)
    default: cost = direct(problem)
    }
    return StrategyEstimate(strategy: strategy, seconds: cost.seconds, bytes: cost.bytes)
  }

  /// The windows of each tile are spread out, and multiplied with all kernels.
  func matrix(_ problem: BankProblem) -> (seconds: Double, bytes: Int) {
    let sizes = problem.sizes
    let tasks = BankMatrix<Float>.cut(sizes).count
    let work =
      sizes.multiplyAdds * matrixMultiplyAdd
      + Double(sizes.taps) * Double(sizes.output.count) * windowElement
      + Double(sizes.kernels * sizes.output.count) * bankOutput
    return (
      seconds(work, tasks: tasks, problem.single),
      BankMatrix<Float>.workspaceCount(sizes) * problem.single.scalarSize
        * min(problem.single.threads, tasks)
    )
  }

  private func direct(_ problem: BankProblem) -> (seconds: Double, bytes: Int) {
    let sizes = problem.sizes
    let tasks = BankSums<Float>.cut(sizes).count
    // The phases of a stride are filled up with zeros.
    let part = sizes.kernels * sizes.channels * sizes.kernel.planes * sizes.phases
    let taps = part * sizes.phaseKernel.rows * sizes.phaseKernel.columns
    let rows = Double(part) * Double(sizes.output.planes * sizes.output.rows)
    let work =
      Double(taps) * Double(sizes.output.count) * multiplyAdd + rows * directRow
      + Double(sizes.kernels * sizes.output.count) * bankOutput
    return (
      seconds(work, tasks: tasks, problem.single),
      BankSums<Float>.workspaceCount(sizes) * problem.single.scalarSize
        * min(problem.single.threads, tasks)
    )
  }

  private func overlapSave(
    _ layout: TileLayout, _ problem: BankProblem
  ) -> (seconds: Double, bytes: Int) {
    let sizes = problem.sizes
    let tiles = OverlapTiles(
      lengths: layout.extents, kernel: sizes.kernel, output: problem.single.geometry.output)
    let tasks = (tiles.count + 1) / 2
    var alone = problem.single
    alone.threads = 1
    // There and back for one kernel; each channel goes there, each kernel comes back.
    let both = overlapSave(tiles, alone).seconds
    let passes =
      Double(sizes.channels) * (1 - BankShares.backward)
      + Double(sizes.kernels) * BankShares.backward
      + BankShares.product * Double(sizes.kernels * sizes.channels)
    let work =
      both * passes / problem.single.slowdown
      + Double(sizes.kernels * sizes.output.count) * bankOutput
    let shared = sizes.kernels * sizes.channels * tiles.spectrumCount * problem.single.scalarSize
    let worker = TileTransform<Float>.bankWorkspaceCount(tiles, channels: sizes.channels)
    return (
      transformCall + seconds(work, tasks: tasks, problem.single),
      shared + worker * problem.single.scalarSize * min(problem.single.threads, tasks)
    )
  }

  /// The threads that a strategy is worth for a bank.
  func usefulThreads(_ strategy: ConvolutionStrategy, for problem: BankProblem) -> Int {
    var alone = problem
    alone.single.threads = 1
    return usefulThreads(problem.single.threads, seconds: estimate(strategy, for: alone).seconds)
  }
}
