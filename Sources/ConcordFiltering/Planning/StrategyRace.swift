import ConcordArrays
import ConcordBackends

/// Times prepared strategies on the spot, on an image of zeros.
package enum StrategyRace {
  /// What is worth timing: the best, and the two next that are predicted to be within twice of it and
  /// that the options allow; nothing unless measuring was asked for, nor where a race would itself take
  /// much memory: `arrays` bytes are those of an image and its results, which it needs of its own.
  package static func finalists(
    _ best: StrategyEstimate, among candidates: [StrategyEstimate], arrays: Int,
    _ options: ConvolutionOptions
  ) -> [StrategyEstimate] {
    guard options.effort == .measure || options.effort == .patient else { return [best] }
    guard arrays <= largestArrays else { return [best] }
    let rest = candidates.filter {
      $0.strategy != best.strategy && $0.seconds <= 2 * best.seconds
        && $0.bytes + arrays <= options.workingMemory
        && (options.algorithm == .automatic || $0.strategy.algorithm == options.algorithm)
    }
    return [best] + rest.prefix(2)
  }

  /// Bytes that a race may take for its own image and results: those of 8192² Floats.
  package static let largestArrays = 512 << 20

  /// Makes the engine of the only finalist, or those of all, of which the fastest is kept.
  static func settle<Engine, Input>(
    _ finalists: [StrategyEstimate],
    make: (StrategyEstimate) throws(ConcordError) -> Engine,
    input: () -> Input, run: (Engine, Input) -> Void
  ) throws(ConcordError) -> (choice: StrategyEstimate, engine: Engine) {
    var engines: [Engine] = []
    for finalist in finalists { engines.append(try make(finalist)) }
    guard engines.count > 1 else { return (finalists[0], engines[0]) }
    let image = input()
    let winner = fastest(engines.count) { run(engines[$0], image) }
    return (finalists[winner], engines[winner])
  }

  /// The index of the fastest of some works.
  private static func fastest(_ count: Int, run: (Int) -> Void) -> Int {
    var best = [Duration](repeating: .seconds(1 << 20), count: count)
    let clock = ContinuousClock()
    let start = clock.now
    // The first round warms up; rounds go through all, so that a slow moment hits all alike.
    for round in 0..<6 {
      for index in 0..<count {
        let time = clock.measure { run(index) }
        if round > 0 { best[index] = min(best[index], time) }
      }
      if round > 0 && clock.now - start > .seconds(1) { break }
    }
    return best.indices.min { best[$0] < best[$1] } ?? 0
  }
}

extension Samples {
  /// An image of zeros, for ``StrategyRace``.
  static func zeros(_ extents: Extents, isComplex: Bool = false) -> Samples {
    Samples(
      real: SharedBuffer(repeating: 0, count: extents.count),
      imaginary: isComplex ? SharedBuffer(repeating: 0, count: extents.count) : nil)
  }
}
