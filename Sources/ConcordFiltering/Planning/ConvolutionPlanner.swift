package import ConcordArrays
import ConcordBackends

/// All that the choice of an algorithm depends on.
package struct ConvolutionProblem: Hashable, Sendable {
  package var geometry: ConvolutionGeometry
  package var isDouble: Bool
  package var isComplex: Bool
  /// A kernel with NaN or infinity poisons every transform.
  package var kernelIsFinite: Bool
  /// Whether sums have to be made term by term.
  package var isTermwise = false
  /// Whether windows are looked at for sums that transforms lose.
  package var isLocal = false
  /// Whether all elements of the kernel are equal.
  package var isBox = false
  /// Of how many products of one factor for each axis the kernel is a sum; nil if it is of none, or
  /// too many to be of use.
  package var separableTerms: Int?
  /// Threads that will work, which predictions are for.
  package var threads: Int
  /// Processors of the machine, which the choice is made for: were it made for ``threads``, results
  /// would depend on them.
  package var processors: Int

  package init(
    geometry: ConvolutionGeometry, isDouble: Bool = false, isComplex: Bool = false,
    kernelIsFinite: Bool = true, separableTerms: Int? = nil, threads: Int = 1,
    processors: Int = availableProcessors
  ) {
    self.geometry = geometry
    self.isDouble = isDouble
    self.isComplex = isComplex
    self.kernelIsFinite = kernelIsFinite
    self.separableTerms = separableTerms
    self.threads = threads
    self.processors = processors
  }

  /// The same problem with all processors at work.
  fileprivate var onAllProcessors: ConvolutionProblem {
    var problem = self
    problem.threads = processors
    return problem
  }
}

/// Chooses a strategy: a pure function of the problem.
package enum ConvolutionPlanner {
  /// Every way to solve the problem, fastest first.
  package static func candidates(
    for problem: ConvolutionProblem, costs: CostModel = .current
  ) -> [StrategyEstimate] {
    var strategies: [ConvolutionStrategy] = [.direct]
    if problem.isTermwise { return [costs.estimate(.direct, for: problem)] }
    if let terms = problem.separableTerms { strategies.append(.separable(terms: terms)) }
    if problem.isBox && !problem.isComplex { strategies.append(.box) }
    if problem.kernelIsFinite {
      if !problem.isComplex && problem.geometry.output.count <= Int(Int32.max) {
        strategies.append(.matrix)
      }
      strategies += layouts(for: problem.geometry).map { .fft($0) }
      strategies += TilePlanner.layouts(for: problem.onAllProcessors, costs: costs).map {
        .overlapSave($0)
      }
    }
    return strategies.map { costs.estimate($0, for: problem) }
      .sorted { $0.seconds < $1.seconds }
  }

  /// The most terms of a kernel for which passes along the axes would be the fastest, the search for
  /// the factors included; 0 if none.
  package static func usefulTerms(
    for problem: ConvolutionProblem, costs: CostModel = .current
  ) -> Int {
    let kernel = problem.geometry.kernel
    let axes = (0..<3).count { kernel[$0] > 1 }
    guard axes > 1, problem.kernelIsFinite, !problem.isComplex else { return 0 }
    let problem = problem.onAllProcessors
    guard let best = candidates(for: problem, costs: costs).first else { return 0 }
    let most = SeparableCut.worthwhileTerms(of: kernel)
    return (1..<(most + 1)).prefix { terms in
      costs.estimate(.separable(terms: terms), for: problem).seconds
        + costs.search(terms, in: kernel) < best.seconds
    }.last ?? 0
  }

  /// The candidate that the options allow and that is the fastest with all processors at work.
  package static func choose(
    for problem: ConvolutionProblem, options: ConvolutionOptions, costs: CostModel = .current
  ) throws(ConcordError) -> StrategyEstimate {
    let all = candidates(for: problem.onAllProcessors, costs: costs)
    let wanted = all.filter {
      options.algorithm == .automatic || $0.strategy.algorithm == options.algorithm
    }
    guard let cheapest = wanted.min(by: { $0.bytes < $1.bytes }) else {
      throw .algorithmCannotServe(
        algorithm: options.algorithm.rawValue,
        why: refusal(of: options.algorithm, for: problem))
    }
    guard let fastest = wanted.first(where: { $0.bytes <= options.workingMemory }) else {
      throw .memoryLimit(needed: cheapest.bytes, limit: options.workingMemory)
    }
    return costs.estimate(fastest.strategy, for: problem)
  }

  /// The candidates that are worth timing on the spot: the choice alone unless that was asked for.
  static func finalists(
    for problem: ConvolutionProblem, options: ConvolutionOptions, costs: CostModel = .current
  ) throws(ConcordError) -> [StrategyEstimate] {
    StrategyRace.finalists(
      try choose(for: problem, options: options, costs: costs),
      among: candidates(for: problem, costs: costs), arrays: problem.arrayBytes, options)
  }

  /// Why an algorithm is not among the candidates.
  private static func refusal(
    of algorithm: ConvolutionAlgorithm, for problem: ConvolutionProblem
  ) -> String {
    if problem.isTermwise {
      return "expected sums term by term, which renormalized and complex ones that are to be right "
        + "under each window need"
    }
    if !problem.kernelIsFinite {
      return "expected a kernel of finite numbers, found NaN or infinity"
    }
    if algorithm == .box { return "expected a real kernel whose elements are all equal" }
    if algorithm == .matrix {
      return problem.isComplex
        ? "expected a real kernel, found a complex one"
        : "expected fewer than 2^31 outputs, found \(problem.geometry.output.count)"
    }
    guard algorithm == .separable else { return TilePlanner.limits(of: problem.geometry) }
    return problem.isComplex
      ? "expected a real kernel, found a complex one"
      : "expected a kernel that is a sum of a few products of one factor for each axis"
  }

  /// The layouts that give the right result for a geometry.
  static func layouts(for geometry: ConvolutionGeometry) -> [TransformLayout] {
    let isZero = geometry.edges == Extension(.constant)
    var layouts: [TransformLayout] = []
    let kind: TransformLayout.Kind = isZero || geometry.staysInside ? .zeroPadded : .extended
    let minimum = Extents { axis in
      let (n, o) = (geometry.image[axis], geometry.offset[axis])
      let reach = geometry.output[axis] + geometry.kernel[axis] - 1
      // Zero-padded: the zeros must hold every index outside the image, before it and after it.
      return kind == .zeroPadded ? max(n, n - o, o + reach) : reach
    }
    layouts.append(TransformLayout(kind: kind, lengths: fast(minimum)))
    if geometry.edges.rule == .wrap, !geometry.staysInside,
      (0..<3).allSatisfy({ geometry.output[$0] <= geometry.image[$0] })
    {
      layouts.append(
        TransformLayout(kind: .circular, lengths: (0..<3).map { geometry.image[$0] }))
    }
    return layouts
  }

  private static func fast(_ minimum: Extents) -> [Int] {
    (0..<3).map { fastTransformLength(atLeast: minimum[$0]) }
  }
}
