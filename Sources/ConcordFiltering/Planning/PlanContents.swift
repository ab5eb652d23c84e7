import ConcordArrays
import ConcordBackends

/// What a plan refers to.
final class PlanContents<Scalar: RealScalar>: Sendable {
  let operation: ConvolutionOperation
  let options: ConvolutionOptions
  let candidates: [StrategyEstimate]
  let choice: StrategyEstimate
  let engine: ConvolutionEngine<Scalar>
  /// What is asked for beyond rounded sums.
  private let assurance: Assurance<Scalar>

  /// Prepares a kernel that is known by its elements.
  init(
    image: [Int], kernel: [Int], weights: Samples<Scalar>,
    _ operation: ConvolutionOperation, _ options: ConvolutionOptions
  ) throws(ConcordError) {
    let geometry = try ConvolutionGeometry(
      image: image, kernel: kernel, operation: operation, options: options)
    let isImaginaryFinite = weights.imaginary.map { Scalar.allFinite($0.span) } ?? true
    var problem = ConvolutionProblem(
      geometry: geometry, isDouble: Scalar.self == Double.self, isComplex: weights.isComplex,
      kernelIsFinite: Scalar.allFinite(weights.real.span) && isImaginaryFinite,
      threads: options.threadCount)
    self.operation = operation
    self.options = options
    if case .integers(let magnitude) = options.exactness {
      let exact = try ExactIntegers.choose(
        weights.real, magnitude: magnitude, for: problem, options: options)
      candidates = exact.candidates
      choice = exact.estimate
      self.engine = try ConvolutionEngine(
        weights: weights, mirrors: operation == .convolution, geometry: geometry,
        strategy: choice.isWidened ? .direct : choice.strategy, options: options)
      assurance = try Assurance(
        self.engine, weights, problem, options, choice: choice.strategy, exact: exact)
      return
    }
    let box = weights.isComplex ? nil : BoxCorrelation.weight(of: weights.real)
    problem.isBox = box != nil && (!geometry.renormalizes || box != 0)
    let factors = try Self.factors(of: weights.real, problem, options)
    problem.separableTerms = factors?.terms.count
    // Sums that can't be repaired have to be made term by term.
    problem.isTermwise =
      options.exactness == .local && (problem.isComplex || geometry.renormalizes)
    problem.isLocal = options.exactness == .local && !problem.isTermwise
    let settled = problem
    candidates = ConvolutionPlanner.candidates(for: settled)
    (choice, self.engine) = try StrategyRace.settle(
      ConvolutionPlanner.finalists(for: settled, options: options)
    ) { (choice) throws(ConcordError) in
      try ConvolutionEngine(
        weights: weights, factors: factors, mirrors: operation == .convolution, geometry: geometry,
        strategy: choice.strategy, options: options,
        threads: CostModel.current.usefulThreads(choice.strategy, for: settled))
    } input: {
      Samples<Scalar>.zeros(geometry.image, isComplex: weights.isComplex)
    } run: {
      _ = $0.run($1)
    }
    assurance = try Assurance(
      self.engine, weights, problem, options, choice: choice.strategy, exact: nil)
  }

  /// Prepares a product of one factor for each axis; its elements are only made if they are needed.
  init(
    image: [Int], factors: [SharedBuffer<Scalar>],
    _ operation: ConvolutionOperation, _ options: ConvolutionOptions
  ) throws(ConcordError) {
    let geometry = try ConvolutionGeometry(
      image: image, kernel: factors.map { $0.count }, operation: operation, options: options)
    let problem = ConvolutionProblem(
      geometry: geometry, isDouble: Scalar.self == Double.self,
      kernelIsFinite: factors.allSatisfy { Scalar.allFinite($0.span) },
      separableTerms: 1, threads: options.threadCount)
    self.operation = operation
    self.options = options
    assurance = Assurance()
    candidates = ConvolutionPlanner.candidates(for: problem)
    let unit = SharedBuffer<Scalar>([1])
    let product = SeparableKernel(
      factors: [SharedBuffer](repeating: unit, count: 3 - factors.count) + factors)
    (choice, engine) = try StrategyRace.settle(
      ConvolutionPlanner.finalists(for: problem, options: options)
    ) { (choice) throws(ConcordError) in
      let threads = CostModel.current.usefulThreads(choice.strategy, for: problem)
      if case .separable = choice.strategy {
        return try ConvolutionEngine(
          product: product, mirrors: operation == .convolution, geometry: geometry,
          threads: threads)
      }
      return try ConvolutionEngine(
        weights: Samples(real: product.elements), mirrors: operation == .convolution,
        geometry: geometry, strategy: choice.strategy, options: options, threads: threads)
    } input: {
      Samples<Scalar>.zeros(geometry.image)
    } run: {
      _ = $0.run($1)
    }
  }

  /// Whether more is promised than the engine keeps.
  var isAssured: Bool { options.exactness != .rounded || options.verification != .none }

  /// Correlates an image as ``ConvolutionEngine/run(_:asImaginaryPart:)`` does, and keeps what the
  /// options promise.
  func run(
    _ image: Samples<Scalar>, asImaginaryPart: Bool = false
  ) throws(ConcordError) -> Samples<Scalar> {
    try assurance.run(image, asImaginaryPart: asImaginaryPart, by: engine)
  }

  /// The factors of a kernel, if they could be of use or are asked for.
  private static func factors(
    of weights: SharedBuffer<Scalar>, _ problem: ConvolutionProblem, _ options: ConvolutionOptions
  ) throws(ConcordError) -> SeparableKernel<Scalar>? {
    let kernel = problem.geometry.kernel
    guard problem.kernelIsFinite, !problem.isComplex, options.exactness == .rounded else {
      return nil
    }
    switch options.algorithm {
    case .automatic:
      let useful = ConvolutionPlanner.usefulTerms(for: problem)
      return useful > 0 ? SeparableKernel(weights, extents: kernel, limit: useful) : nil
    case .separable:
      let most = SeparableCut.worthwhileTerms(of: kernel)
      if let factors = SeparableKernel(weights, extents: kernel, limit: most) { return factors }
      let patience = max(most, 64)
      let found = SeparableKernel(weights, extents: kernel, limit: patience)?.terms.count
      throw .algorithmCannotServe(
        algorithm: options.algorithm.rawValue,
        why: "expected a kernel that is a sum of at most \(most) product\(most == 1 ? "" : "s") of "
          + "one factor for each axis, found \(found.map { "\($0)" } ?? "more than \(patience)")")
    case .direct, .box, .matrix, .fft, .overlapSave:
      return nil
    }
  }
}
