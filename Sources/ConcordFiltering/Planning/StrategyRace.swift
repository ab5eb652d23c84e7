import ConcordArrays
import ConcordBackends

/// Times prepared strategies on the spot, on an image of zeros.
enum StrategyRace {
  /// The index of the fastest.
  static func winner<Scalar: RealScalar>(_ engines: [ConvolutionEngine<Scalar>]) -> Int {
    guard let first = engines.first else { return 0 }
    let count = first.geometry.image.count
    let image = Samples<Scalar>(
      real: SharedBuffer(repeating: 0, count: count),
      imaginary: first.isComplex ? SharedBuffer(repeating: 0, count: count) : nil)
    var best = [Duration](repeating: .seconds(1 << 20), count: engines.count)
    let clock = ContinuousClock()
    let start = clock.now
    // The first round warms up; rounds go through all, so that a slow moment hits all alike.
    for round in 0..<6 {
      for (index, engine) in engines.enumerated() {
        let time = clock.measure { _ = engine.run(image) }
        if round > 0 { best[index] = min(best[index], time) }
      }
      if round > 0 && clock.now - start > .seconds(1) { break }
    }
    return best.indices.min { best[$0] < best[$1] } ?? 0
  }
}
