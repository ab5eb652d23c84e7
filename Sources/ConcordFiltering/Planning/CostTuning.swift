package import ConcordArrays
import ConcordBackends

/// Fits a ``CostModel`` to this machine: times strategies on one thread and solves for the costs.
///
/// Predictions on one thread are linear in the costs. Those that make the sum of squared relative
/// errors least, none of them negative, are found by going through them one by one. What the
/// measurements don't determine stays near the built-in value.
package struct CostTuning {
  private struct Measurement {
    let seconds: Double
    /// How many seconds each cost would account for, were it 1.
    let shares: [Double]
  }

  private var measurements: [Measurement] = []

  package init() {}

  /// Problems and forced strategies, each of which tells about some of the costs.
  package static let experiments: [CostExperiment] = CostExperiment.all

  /// Times one experiment.
  package mutating func measure(_ experiment: CostExperiment) throws(ConcordError) {
    add(try experiment.seconds(), for: experiment)
  }

  /// Adds what an experiment took.
  package mutating func add(_ seconds: Double, for experiment: CostExperiment) {
    let shares = CostModel.coefficients.map { coefficient in
      var unit = CostModel.nothing
      unit[keyPath: coefficient.path] = 1
      return unit.estimate(experiment.strategy, for: experiment.problem).seconds
    }
    measurements.append(Measurement(seconds: seconds, shares: shares))
  }

  /// The costs that fit what was measured.
  package func costs(sharing: Double) -> CostModel {
    let coefficients = CostModel.coefficients
    let standard = coefficients.map { CostModel.standard[keyPath: $0.path] }
    // In units of the built-in costs, so that one weight serves all.
    let rows = measurements.map { measurement in
      zip(measurement.shares, standard).map { $0 * $1 / measurement.seconds }
    }
    let inertia = 0.002
    var factors = [Double](repeating: 1, count: standard.count)
    for _ in 0..<1500 {
      for index in factors.indices {
        var numerator = inertia
        var denominator = inertia
        for row in rows where row[index] > 0 {
          var others = 0.0
          for other in factors.indices where other != index {
            others += row[other] * factors[other]
          }
          numerator += row[index] * (1 - others)
          denominator += row[index] * row[index]
        }
        factors[index] = max(0.05, numerator / denominator)
      }
    }
    var result = CostModel.standard
    for (index, coefficient) in coefficients.enumerated() {
      result[keyPath: coefficient.path] = factors[index] * standard[index]
    }
    result.sharing = sharing
    return result
  }

  /// What handing work to a second thread costs, in seconds.
  package static func sharingSeconds() -> Double {
    // Long enough that the second thread is awake before the first is done.
    @Sendable func spin(_: Int) {
      let clock = ContinuousClock()
      let end = clock.now + .microseconds(200)
      while clock.now < end {}
    }
    let shared = median(runs: 40) { forEachTask(2, threads: 2, body: spin) }
    return max(1e-6, shared - 200e-6)
  }
}

/// One problem with one strategy, to be timed on one thread.
package struct CostExperiment: Sendable {
  package let strategy: ConvolutionStrategy
  package let problem: ConvolutionProblem

  fileprivate static var all: [CostExperiment] {
    let directs: [([Int], [Int])] = [
      ([512, 512], [1, 1]), ([512, 512], [5, 5]), ([256, 256], [17, 17]), ([64, 64], [5, 5]),
      ([4096, 16], [3, 3]), ([20_000], [5]), ([20_000], [200]), ([24, 24, 24], [5, 5, 5]),
    ]
    let passes: [([Int], [Int])] = [
      ([512, 512], [3, 3]), ([512, 512], [25, 25]), ([256, 256], [81, 81]), ([64, 64], [9, 9]),
      ([4000, 24], [7, 5]), ([40, 40, 40], [7, 7, 7]),
    ]
    let whole: [[Int]] = [
      [64, 64], [256, 256], [1024, 1024], [2048, 2048], [4096], [32, 32, 32],
    ]
    let tiles: [([Int], [Int])] = [
      ([700, 700], [1, 16, 48]), ([700, 700], [1, 64, 64]), ([700, 700], [1, 128, 128]),
      ([1000, 1000], [1, 256, 256]), ([1600, 1600], [1, 512, 512]),
      ([1500, 1500], [1, 1024, 1024]),
      ([200, 2000], [1, 16, 256]), ([2000, 200], [1, 256, 16]), ([40, 40, 40], [16, 32, 32]),
      ([100_000], [1, 32, 32]), ([200_000], [1, 64, 64]), ([1_000_000], [1, 256, 256]),
    ]
    return directs.compactMap { CostExperiment(.direct, $0.0, $0.1) }
      + passes.compactMap { CostExperiment(.separable(terms: 1), $0.0, $0.1) }
      + whole.compactMap { image in
        let lengths = [Int](repeating: 1, count: 3 - image.count) + image
        let layout = TransformLayout(kind: .circular, lengths: lengths)
        return CostExperiment(.fft(layout), image, image.map { _ in 9 }, .wrap)
      }
      + tiles.compactMap { image, lengths in
        let layout = TileLayout(lengths: lengths, isLine: image.count == 1)
        return CostExperiment(.overlapSave(layout), image, image.map { _ in 9 })
      }
  }

  private init?(
    _ strategy: ConvolutionStrategy, _ image: [Int], _ kernel: [Int], _ boundary: Boundary = .zero
  ) {
    let options = ConvolutionOptions(mode: .same, boundary: boundary)
    guard
      let geometry = try? ConvolutionGeometry(
        image: image, kernel: kernel, operation: .correlation, options: options)
    else { return nil }
    self.strategy = strategy
    problem = ConvolutionProblem(geometry: geometry)
  }

  /// The median seconds of a run.
  fileprivate func seconds() throws(ConcordError) -> Double {
    var options = ConvolutionOptions(mode: .same)
    options.threads = 1
    let weights = Samples(
      real: SharedBuffer<Float>(repeating: 0.5, count: problem.geometry.kernel.count))
    let image = Samples(
      real: SharedBuffer<Float>(repeating: 0.5, count: problem.geometry.image.count))
    let isSeparable = strategy.algorithm == .separable
    let engine = try ConvolutionEngine(
      weights: weights,
      factors: isSeparable
        ? SeparableKernel(weights.real, extents: problem.geometry.kernel, limit: 1) : nil,
      mirrors: false, geometry: problem.geometry, strategy: strategy,
      options: options)
    _ = engine.run(image)
    return median(runs: 9) { _ = engine.run(image) }
  }
}

/// The median seconds of several runs, fewer where they are long.
private func median(runs: Int, _ body: () -> Void) -> Double {
  let clock = ContinuousClock()
  var seconds: [Double] = []
  var total = 0.0
  while seconds.count < 3 || (seconds.count < runs && total < 0.3) {
    let time = clock.measure(body) / .seconds(1)
    seconds.append(time)
    total += time
  }
  return seconds.sorted()[seconds.count / 2]
}
