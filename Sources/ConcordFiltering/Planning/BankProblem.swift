package import ConcordArrays
package import ConcordBackends

/// All that the choice of an algorithm for a bank of kernels depends on.
package struct BankProblem: Hashable, Sendable {
  /// One kernel over one channel, without strides.
  package var single: ConvolutionProblem
  package var sizes: BankSizes

  package init(
    single: ConvolutionProblem, stride: Extents, channels: Int, kernels: Int
  ) {
    self.single = single
    sizes = BankSizes(single.geometry, stride: stride, channels: channels, kernels: kernels)
  }

  /// The bytes of the channels of an image, and of a result for each kernel.
  var arrayBytes: Int {
    let geometry = single.geometry
    return (geometry.image.count * sizes.channels + sizes.output.count * sizes.kernels)
      * single.scalarSize
  }

  /// A single kernel as a bank of one.
  init(_ single: ConvolutionProblem) {
    self.init(single: single, stride: Extents(1, 1, 1), channels: 1, kernels: 1)
  }
}

extension ConvolutionOptions {
  /// Refuses what only plans of single kernels can promise of their results.
  func checkUnassured(_ what: String) throws(ConcordError) {
    guard exactness == .rounded, verification == .none else {
      throw .algorithmCannotServe(
        algorithm: algorithm.rawValue,
        why: "expected results rounded as they come for \(what), found another exactness or "
          + "verification")
    }
  }
}

extension BankSizes {
  /// The sizes of a bank whose kernels are all those of a geometry.
  init(_ geometry: ConvolutionGeometry, stride: Extents, channels: Int, kernels: Int) {
    self.init(
      image: geometry.image, kernel: geometry.kernel,
      output: Extents { (geometry.output[$0] + stride[$0] - 1) / stride[$0] },
      stride: stride, offset: geometry.offset, channels: channels, kernels: kernels)
  }

  /// The sizes of a bank of one kernel.
  init(one geometry: ConvolutionGeometry) {
    self.init(geometry, stride: Extents(1, 1, 1), channels: 1, kernels: 1)
  }

  /// The multiply-adds of the direct sums.
  var multiplyAdds: Double { Double(kernels) * Double(taps) * Double(output.count) }
}

/// Chooses how the results of a bank are computed: a pure function of the problem.
package enum BankPlanner {
  /// Every way to solve the problem, fastest first.
  package static func candidates(
    for problem: BankProblem, costs: CostModel = .current
  ) -> [StrategyEstimate] {
    var strategies: [ConvolutionStrategy] = [.direct]
    if problem.sizes.output.count <= Int(Int32.max) { strategies.append(.matrix) }
    if problem.single.kernelIsFinite {
      strategies += tiles(for: problem, costs: costs).map { .overlapSave($0) }
    }
    return strategies.map { costs.estimate($0, for: problem) }.sorted { $0.seconds < $1.seconds }
  }

  /// The candidate that the options allow and that is the fastest with all processors at work.
  package static func choose(
    for problem: BankProblem, options: ConvolutionOptions, costs: CostModel = .current
  ) throws(ConcordError) -> StrategyEstimate {
    var everywhere = problem
    everywhere.single.threads = problem.single.processors
    let wanted = candidates(for: everywhere, costs: costs).filter {
      options.algorithm == .automatic || $0.strategy.algorithm == options.algorithm
    }
    guard let cheapest = wanted.min(by: { $0.bytes < $1.bytes }) else {
      throw .algorithmCannotServe(
        algorithm: options.algorithm.rawValue, why: refusal(of: options.algorithm, for: problem))
    }
    guard let fastest = wanted.first(where: { $0.bytes <= options.workingMemory }) else {
      throw .memoryLimit(needed: cheapest.bytes, limit: options.workingMemory)
    }
    return costs.estimate(fastest.strategy, for: problem)
  }

  /// The candidates that are worth timing on the spot: the choice alone unless that was asked for.
  static func finalists(
    for problem: BankProblem, options: ConvolutionOptions, costs: CostModel = .current
  ) throws(ConcordError) -> [StrategyEstimate] {
    StrategyRace.finalists(
      try choose(for: problem, options: options, costs: costs),
      among: candidates(for: problem, costs: costs), arrays: problem.arrayBytes, options)
  }

  /// Tiles that would be good for one kernel, and those that would be for a kernel with less to write.
  private static func tiles(for problem: BankProblem, costs: CostModel) -> [TileLayout] {
    var single = problem.single
    single.threads = single.processors
    return TilePlanner.layouts(for: single, costs: costs)
  }

  private static func refusal(
    of algorithm: ConvolutionAlgorithm, for problem: BankProblem
  ) -> String {
    switch algorithm {
    case .separable, .fft:
      return "expected 'direct', 'matrix' or 'overlap-save' for a bank of kernels"
    case .matrix:
      return "expected fewer than 2^31 outputs of a kernel, found \(problem.sizes.output.count)"
    default:
      return problem.single.kernelIsFinite
        ? TilePlanner.limits(of: problem.single.geometry)
        : "expected kernels of finite numbers, found NaN or infinity"
    }
  }
}
