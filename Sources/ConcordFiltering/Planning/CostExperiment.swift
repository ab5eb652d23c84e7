import ConcordArrays
import ConcordBackends

/// One problem with one strategy, to be timed on one thread.
package struct CostExperiment: Sendable {
  package let strategy: ConvolutionStrategy
  package let problem: ConvolutionProblem
  /// How many kernels there are.
  private let kernels: Int

  static var all: [CostExperiment] { sums + transforms + banks }

  private static var sums: [CostExperiment] {
    let directs: [([Int], [Int])] = [
      ([512, 512], [1, 1]), ([512, 512], [5, 5]), ([512, 512], [9, 9]), ([256, 256], [17, 17]),
      ([64, 64], [5, 5]), ([64, 64], [15, 15]),
      ([4096, 16], [3, 3]), ([20_000], [5]), ([20_000], [200]), ([24, 24, 24], [5, 5, 5]),
    ]
    let passes: [([Int], [Int])] = [
      ([512, 512], [3, 3]), ([512, 512], [25, 25]), ([256, 256], [81, 81]), ([64, 64], [9, 9]),
      ([4000, 24], [7, 5]), ([40, 40, 40], [7, 7, 7]),
    ]
    let boxes: [([Int], [Int])] = [
      ([512, 512], [3, 3]), ([512, 512], [101, 101]), ([1024, 1024], [15, 15]),
      ([64, 64, 64], [5, 5, 5]),
    ]
    return directs.compactMap { CostExperiment(.direct, $0.0, $0.1) }
      + passes.compactMap { CostExperiment(.separable(terms: 1), $0.0, $0.1) }
      + boxes.compactMap { CostExperiment(.box, $0.0, $0.1) }
      + [CostExperiment(.direct, [256, 256], [9, 9], .renormalize)].compactMap { $0 }
  }

  private static var transforms: [CostExperiment] {
    let whole: [[Int]] = [
      [48, 48], [64, 64], [256, 256], [1024, 1024], [2048, 2048], [4096], [32, 32, 32],
      [80, 80, 80], [128, 128, 128],
    ]
    let tiles: [([Int], [Int])] = [
      ([700, 700], [1, 16, 48]), ([700, 700], [1, 64, 64]), ([700, 700], [1, 128, 128]),
      ([1000, 1000], [1, 256, 256]), ([1600, 1600], [1, 512, 512]),
      ([1200, 1200], [1, 640, 640]), ([1500, 1500], [1, 768, 768]),
      ([1500, 1500], [1, 1152, 1152]),
      ([200, 2000], [1, 16, 256]), ([2000, 200], [1, 256, 16]), ([40, 40, 40], [16, 32, 32]),
      ([100_000], [1, 32, 32]), ([200_000], [1, 64, 64]), ([1_000_000], [1, 256, 256]),
    ]
    return whole.compactMap { image in
      let lengths = [Int](repeating: 1, count: 3 - image.count) + image
      let layout = TransformLayout(kind: .circular, lengths: lengths)
      return CostExperiment(.fft(layout), image, image.map { _ in 9 }, .wrap)
    }
      + tiles.compactMap { image, lengths in
        let layout = TileLayout(lengths: lengths, isLine: image.count == 1)
        return CostExperiment(.overlapSave(layout), image, image.map { _ in 9 })
      }
  }

  private static var banks: [CostExperiment] {
    let sizes: [([Int], [Int], Int)] = [
      ([256, 256], [3, 3], 32), ([128, 128], [7, 7], 64), ([256, 256], [5, 5], 8),
    ]
    return [ConvolutionStrategy.matrix, .direct].flatMap { strategy in
      sizes.compactMap { CostExperiment(strategy, $0.0, $0.1, kernels: $0.2) }
    }
  }

  private init?(
    _ strategy: ConvolutionStrategy, _ image: [Int], _ kernel: [Int], _ boundary: Boundary = .zero,
    kernels: Int = 1
  ) {
    let options = ConvolutionOptions(mode: .same, boundary: boundary)
    guard
      let geometry = try? ConvolutionGeometry(
        image: image, kernel: kernel, operation: .correlation, options: options)
    else { return nil }
    self.strategy = strategy
    self.kernels = kernels
    problem = ConvolutionProblem(geometry: geometry)
  }

  /// The problem as one of a bank.
  private var bank: BankProblem {
    BankProblem(single: problem, stride: Extents(1, 1, 1), channels: 1, kernels: kernels)
  }

  /// What a model predicts.
  package func predictedSeconds(_ costs: CostModel) -> Double {
    kernels == 1
      ? costs.estimate(strategy, for: problem).seconds : costs.estimate(strategy, for: bank).seconds
  }

  /// The median seconds of a run.
  func seconds() throws(ConcordError) -> Double {
    var options = ConvolutionOptions(mode: .same)
    options.threads = 1
    guard kernels == 1 else { return try bankSeconds() }
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

  private func bankSeconds() throws(ConcordError) -> Double {
    let bank = bank
    let engine = try BankEngine(
      weights: SharedBuffer<Float>(repeating: 0.5, count: bank.sizes.kernels * bank.sizes.taps),
      problem: bank, strategy: strategy, threads: 1)
    let image = SharedBuffer<Float>(repeating: 0.5, count: problem.geometry.image.count)
    _ = engine.run([image])
    return median(runs: 9) { _ = engine.run([image]) }
  }
}
