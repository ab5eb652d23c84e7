import ConcordBackends
import Foundation

/// Predicts time and memory of a strategy.
///
/// The built-in numbers were measured with `concord-bench` on an AMD EPYC (Zen 5, AVX-512, 2 cores)
/// with FFTW 3.3.10; only their ratios decide.
package struct CostModel: Hashable, Sendable {
  /// Multiply-adds a second and thread of the direct kernel, in Float; half of it in Double.
  var directRate = 80e9
  /// What the direct path pays for each output beside its sums, in seconds.
  var directOverhead = 0.37e-9
  /// Seconds for one unit of ``transformWork(_:)`` in Float; twice that in Double.
  var butterfly = 0.07e-9
  /// Seconds for gathering, packing and moving one sample through a transform and back.
  var sampleMove = 1.0e-9
  /// What a sample costs more where a transform doesn't fit the last cache, in seconds.
  var cacheMiss = 0.8e-9
  /// Bytes of a transform's workspace from which on it doesn't.
  var cacheBytes = 16 << 20
  /// Seconds of a tile's transform there and back for each complex value and halving, in Float.
  var tileButterfly = 0.12e-9
  /// What each of a tile's complex values costs more beyond ``tileCacheBytes``, for each doubling.
  var tileCacheMiss = 0.12e-9
  var tileCacheBytes = 1 << 20
  /// Seconds for gathering a sample into a tile, and for writing one.
  var tileMove = 0.25e-9
  /// Seconds that each call costs whatever its size.
  var directCall = 3e-6
  var transformCall = 8e-6

  package static let standard = CostModel()

  package func estimate(
    _ strategy: ConvolutionStrategy, for problem: ConvolutionProblem
  ) -> StrategyEstimate {
    let cost =
      switch strategy {
      case .direct: direct(problem)
      case .fft(let layout): transform(layout, problem)
      case .overlapSave(let layout):
        overlapSave(
          OverlapTiles(
            lengths: layout.extents, kernel: problem.geometry.kernel,
            output: problem.geometry.output), problem)
      }
    return StrategyEstimate(strategy: strategy, seconds: cost.seconds, bytes: cost.bytes)
  }

  private func direct(_ problem: ConvolutionProblem) -> (seconds: Double, bytes: Int) {
    let parts = problem.isComplex ? 2.0 : 1.0
    // Complex products take four real ones.
    let sums = problem.geometry.multiplyAdds * parts * parts / directRate
    let work = sums + Double(problem.geometry.output.count) * parts * directOverhead
    let tiles = DirectTiles(for: problem.geometry)
    let threads = min(problem.threads, tiles.count)
    return (
      work * problem.slowdown / Double(threads) + directCall,
      tiles.scratchCount * problem.scalarSize * threads
    )
  }

  private func transform(
    _ layout: TransformLayout, _ problem: ConvolutionProblem
  ) -> (seconds: Double, bytes: Int) {
    let lengths = layout.extents
    let samples = Double(lengths.count) * (problem.isComplex ? 2 : 1)
    // Real samples share transforms in pairs; there and back again.
    let butterflies = layout.lengths.reduce(0.0) { sum, length in
      length > 1 ? sum + transformWork(length) / Double(length) : sum
    }
    let sizes = SpectralSizes(lengths: lengths, isComplex: problem.isComplex)
    let bytes = 2 * problem.scalarSize * (sizes.workspaceCount + sizes.spectrumCount)
    let move = sampleMove + (bytes > 2 * cacheBytes ? cacheMiss : 0)
    let threads = SpectralTransform<Float>.usefulThreads(problem.threads, lengths: lengths)
    let work = samples * (butterflies * butterfly + move) * problem.slowdown
    // Row spectra of the image, and the kernel's spectrum.
    return (work / Double(threads) + transformCall, bytes)
  }
}

extension CostModel {
  /// Tiles of equal cost, two at a time if real, each on one thread.
  func overlapSave(
    _ tiles: OverlapTiles, _ problem: ConvolutionProblem
  ) -> (seconds: Double, bytes: Int) {
    let values = Double(tiles.lengths.count)
    let parts = problem.isComplex ? 1 : 2
    let tasks = (tiles.count + parts - 1) / parts
    let bytes = tiles.workspaceCount * problem.scalarSize
    // The kernel's spectrum, and a line's twist, are read beside the tile.
    let shared = (tiles.isLine ? 2 : 1) * tiles.spectrumCount * problem.scalarSize
    let excess = max(0, log2(Double(bytes + shared) / Double(tileCacheBytes)))
    let logarithm = log2(values) + (tiles.isLine ? 3 : 0)
    let transform = values * (logarithm * tileButterfly + excess * tileCacheMiss)
    let move = 2 * tileMove * (values + Double(min(tiles.kept.count, tiles.output.count)))
    let rounds = (tasks + problem.threads - 1) / problem.threads
    return (
      Double(rounds) * (transform + move) * problem.slowdown + directCall,
      bytes * min(problem.threads, tasks) + shared
    )
  }
}

extension ConvolutionProblem {
  fileprivate var scalarSize: Int { isDouble ? 8 : 4 }
  fileprivate var slowdown: Double { isDouble ? 2 : 1 }
}
