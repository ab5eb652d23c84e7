import ConcordBackends

/// Predicts time and memory of a strategy.
///
/// The built-in numbers were measured with `concord-bench` on an AMD EPYC (Zen 5, AVX-512, 2 cores)
/// with FFTW 3.3.10; only their ratios decide.
package struct CostModel: Hashable, Sendable {
  /// Multiply-adds a second and thread of the direct kernel, in Float; half of it in Double.
  var directRate = 60e9
  /// What the direct path pays for each output beside its sums, in seconds.
  var directOverhead = 0.35e-9
  /// Seconds for one unit of ``transformWork(_:)`` in Float; twice that in Double.
  var butterfly = 0.17e-9
  /// Seconds for gathering, packing and moving one sample through a transform and back.
  var sampleMove = 2.2e-9
  /// Seconds that each call costs whatever its size.
  var directCall = 2e-6
  var transformCall = 6e-6

  package static let standard = CostModel()

  package func estimate(
    _ strategy: ConvolutionStrategy, for problem: ConvolutionProblem
  ) -> StrategyEstimate {
    let scalar = problem.isDouble ? 8 : 4
    let parts = problem.isComplex ? 2 : 1
    let slowdown = problem.isDouble ? 2.0 : 1.0
    switch strategy {
    case .direct:
      // Complex products take four real ones.
      let sums = problem.geometry.multiplyAdds * Double(parts * parts)
      let work = sums / directRate + Double(problem.geometry.output.count * parts) * directOverhead
      let tiles = DirectTiles(for: problem.geometry)
      return StrategyEstimate(
        strategy: strategy,
        seconds: work * slowdown / Double(min(problem.threads, tiles.count)) + directCall,
        bytes: tiles.scratchCount * scalar * min(problem.threads, tiles.count))
    case .fft(let layout):
      let samples = Double(layout.extents.count)
      let perSample = (0..<3).reduce(0.0) { sum, axis in
        let length = layout.lengths[axis]
        return length > 1 ? sum + transformWork(length) / Double(length) : sum
      }
      // Real samples share transforms in pairs; there and back again.
      let butterflies = samples * perSample * Double(parts)
      let work = butterflies * butterfly + samples * Double(parts) * sampleMove
      let isLine = layout.lengths[0] * layout.lengths[1] == 1
      let complexes =
        layout.lengths[0] * layout.lengths[1]
        * (problem.isComplex ? layout.lengths[2] : layout.lengths[2] / 2 + 9)
      return StrategyEstimate(
        strategy: strategy,
        seconds: work * slowdown / Double(isLine ? 1 : problem.threads) + transformCall,
        bytes: 2 * 2 * complexes * scalar)
    }
  }
}
