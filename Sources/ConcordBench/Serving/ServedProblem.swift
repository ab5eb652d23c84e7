import Concord
import ConcordFiles

/// A problem made ready, with what a user would keep between calls.
struct ServedProblem {
  /// How it is computed, in words.
  let strategy: String
  /// Computes it, and keeps the result until the next call.
  let run: () throws -> Void
  /// Drops the last result.
  let drop: () -> Void
  /// Writes the last result.
  let save: (String) throws -> Void

  /// The seconds of each of so many runs; results are dropped outside of them.
  func time(runs: Int) throws -> [Double] {
    let clock = ContinuousClock()
    return try (0..<runs).map { _ in
      drop()
      return try clock.measure(run) / .seconds(1)
    }
  }

  /// Prepares a computation through the library's public interface.
  init(_ job: PeerJob) throws {
    switch (job.problem.image.count, job.problem.precision) {
    case (1, .float): self = try signal(job, as: Float.self)
    case (1, .double): self = try signal(job, as: Double.self)
    case (_, .float): self = try image(job, as: Float.self)
    case (_, .double): self = try image(job, as: Double.self)
    }
  }

  /// A computation that keeps nothing, with a result that is made when it is asked for.
  init(
    strategy: String, run: @escaping () throws -> Void, save: @escaping (String) throws -> Void
  ) {
    self.strategy = strategy
    self.run = run
    self.save = save
    drop = {}
  }

  fileprivate init<let rank: Int, Scalar: RealScalar>(
    strategy: String, compute: @escaping () throws -> NDArray<rank, Scalar>
  ) {
    self.strategy = strategy
    let last = Last<NDArray<rank, Scalar>>()
    run = { last.value = try compute() }
    drop = { last.value = nil }
    save = { path in if let value = last.value { try ArrayFile.write(value, to: path) } }
  }

  /// A plan that is kept, with the array for its results and its scratch memory.
  fileprivate init<let rank: Int, Scalar: RealScalar>(
    _ plan: ConvolutionPlan<rank, Scalar>, _ image: NDArray<rank, Scalar>
  ) {
    strategy = "\(plan.choice.strategy)"
    let kept = Kept<rank, Scalar>(plan)
    run = { try plan(image, into: &kept.result, using: &kept.workspace) }
    drop = {}
    save = { path in try ArrayFile.write(kept.result, to: path) }
  }
}

/// Holds what a plan writes to between calls.
private final class Kept<let rank: Int, Scalar: RealScalar> {
  var result: NDArray<rank, Scalar>
  var workspace: Workspace

  init(_ plan: ConvolutionPlan<rank, Scalar>) {
    result = NDArray(shape: plan.outputShape, repeating: 0)
    workspace = plan.makeWorkspace()
  }
}

/// Holds what a masked matcher writes to between calls.
private final class KeptScores<let rank: Int, Scalar: RealScalar> {
  var result: NDArray<rank, Scalar>
  var workspace: Workspace

  init(_ matcher: MaskedTemplateMatcher<rank, Scalar>) {
    result = NDArray(shape: matcher.scoresShape, repeating: 0)
    workspace = matcher.makeWorkspace()
  }
}

/// Holds a result between calls.
private final class Last<Value> {
  var value: Value?
}

/// An array out of its mapped file, in memory; the file is gone when this returns.
private func resident<let rank: Int, Scalar: RealScalar>(
  _ path: String
) throws -> NDArray<rank, Scalar> {
  let mapped: NDArray<rank, Scalar> = try FileArray.read(path).array()
  return mapped.map { $0 }
}

private func signal<Scalar: RealScalar>(
  _ job: PeerJob, as scalar: Scalar.Type
) throws -> ServedProblem {
  let signal: Signal<Scalar> = try resident(job.inputs[0])
  let taps: Signal<Scalar> = try resident(job.inputs[1])
  guard [.convolve, .correlate].contains(job.problem.operation) else {
    throw BenchError.peer(name: "concord", problem: "no \(job.problem.operation) of signals")
  }
  let plan = try ConvolutionPlan<1, Scalar>(
    image: signal.shape, kernel: taps,
    job.problem.operation == .convolve ? .convolution : .correlation, options: options(job))
  return ServedProblem(plan, signal)
}

private func image<Scalar: RealScalar>(
  _ job: PeerJob, as scalar: Scalar.Type
) throws -> ServedProblem {
  let image: Image<Scalar> = try resident(job.inputs[0])
  let other: Image<Scalar> = try resident(job.inputs[1])
  let problem = job.problem
  let window: Shape<2> = [problem.kernel[0], problem.kernel[1]]
  var windows = WindowOptions(boundary: problem.boundaryRule, mode: problem.convolutionMode)
  windows.threads = job.threads
  let settled = windows
  switch problem.operation {
  case .convolve, .correlate:
    let plan = try ConvolutionPlan<2, Scalar>(
      image: image.shape, kernel: other,
      problem.operation == .convolve ? .convolution : .correlation, options: options(job))
    return ServedProblem(plan, image)
  case .gaussian:
    let filter = try GaussianFilter<2, Scalar>(
      image: image.shape, sigma: [problem.sigma ?? 0], tolerance: problem.gaussianTolerance,
      options: options(job))
    return ServedProblem(strategy: "\(filter)") { try filter(image) }
  case .boxMean:
    return ServedProblem(strategy: "window sums") {
      try image.windowMean(of: window, options: settled)
    }
  case .median:
    return ServedProblem(strategy: "selection") {
      try image.windowMedian(of: window, options: settled)
    }
  case .squareDifference:
    let expression = try PixelExpression("a^2 - b^2")
    return ServedProblem(strategy: "window sums of the expression") {
      try image.windowed(
        expression, with: other, reduction: .sum, of: window, options: settled, as: Scalar.self)
    }
  case .rowPearson:
    return ServedProblem(strategy: "matrix") {
      try image.rowPairs(with: other, measure: .pearson, threads: job.threads)
    }
  case .ownRowPearson:
    return ServedProblem(strategy: "matrix") {
      try image.rowPairs(measure: .pearson, threads: job.threads)
    }
  case .maskedMatch, .maskedCosine, .maskedCorrelation:
    return try maskedMatch(job, image, other)
  case .match:
    var matching = MatchingOptions()
    matching.threads = job.threads
    matching.algorithm = options(job).algorithm
    let matcher = try TemplateMatcher(template: other, scene: image.shape, options: matching)
    return ServedProblem(strategy: "\(matcher.plan.choice.strategy)") {
      try matcher.scores(in: image)
    }
  case .matchMany: return try manyTemplates(job, in: image, stacked: other)
  }
}

private func maskedMatch<Scalar: RealScalar>(
  _ job: PeerJob, _ image: Image<Scalar>, _ other: Image<Scalar>
) throws -> ServedProblem {
  let problem = job.problem
  var matching = MatchingOptions(
    metric: problem.operation == .maskedCosine ? .ncc : .zncc, extent: problem.convolutionMode)
  matching.threads = job.threads
  matching.algorithm = options(job).algorithm
  if problem.operation == .maskedCorrelation { matching.minimumOverlap = Problem.leastOverlap }
  let matcher = try MaskedTemplateMatcher(
    template: other, mask: problem.templateMask, scene: image.shape, options: matching)
  let sceneMask = problem.sceneMask
  let kept = KeptScores(matcher)
  return ServedProblem(strategy: "\(matcher.choice.strategy)") {
    try matcher.scores(
      in: image, mask: sceneMask, into: &kept.result, using: &kept.workspace)
    return kept.result
  }
}

private func options(_ job: PeerJob) -> ConvolutionOptions {
  var options = ConvolutionOptions(
    mode: job.problem.convolutionMode, boundary: job.problem.boundaryRule)
  options.threads = job.threads
  options.algorithm = ConvolutionAlgorithm(rawValue: job.method) ?? .automatic
  options.effort = .measure
  return options
}
