import ComplexModule
import ConcordArrays
import ConcordBackends
import ConcordFiltering
import Testing

/// The result of a plan whose algorithm was forced, and which strategy that was.
struct Forced<Result> {
  let strategy: ConvolutionStrategy
  let result: Result
}

extension ConvolutionAlgorithm {
  /// All that serve any finite kernel, each to be forced.
  static let forced: [ConvolutionAlgorithm] = [.direct, .fft, .overlapSave]

  /// All that serve any finite real kernel.
  static let forcedReal = forced + [.matrix]
}

extension FilterCase {
  func options(_ algorithm: ConvolutionAlgorithm) -> ConvolutionOptions {
    var options = options
    options.algorithm = algorithm
    return options
  }

  /// Runs a plan with a forced algorithm, which is asserted.
  func run<let rank: Int, Scalar: RealScalar>(
    _ image: NDArray<rank, Scalar>, _ kernel: NDArray<rank, Scalar>,
    _ algorithm: ConvolutionAlgorithm
  ) throws -> NDArray<rank, Scalar> {
    let plan = try ConvolutionPlan(
      image: image.shape, kernel: kernel, operation, options: options(algorithm))
    try #require(plan.choice.strategy.algorithm == algorithm)
    return try plan(image)
  }

  func run<let rank: Int, Scalar: RealScalar>(
    _ image: NDArray<rank, Complex<Scalar>>, _ kernel: NDArray<rank, Complex<Scalar>>,
    _ algorithm: ConvolutionAlgorithm
  ) throws -> NDArray<rank, Complex<Scalar>> {
    let plan = try ConvolutionPlan<rank, Scalar>(
      image: image.shape, kernel: kernel, operation, options: options(algorithm))
    try #require(plan.choice.strategy.algorithm == algorithm)
    return try plan(image)
  }

  func run<let rank: Int, Scalar: RealScalar>(
    _ image: NDArray<rank, Complex<Scalar>>, real kernel: NDArray<rank, Scalar>,
    _ algorithm: ConvolutionAlgorithm
  ) throws -> NDArray<rank, Complex<Scalar>> {
    let plan = try ConvolutionPlan(
      image: image.shape, kernel: kernel, operation, options: options(algorithm))
    try #require(plan.choice.strategy.algorithm == algorithm)
    return try plan(image)
  }

  /// Every layout of a transform that serves: those the planner knows, each also with longer,
  /// odd lengths, and the extended one where the planner needs none.
  func layouts<let rank: Int, Scalar: RealScalar>(
    _ image: Shape<rank>, _ kernel: NDArray<rank, Scalar>
  ) throws -> [TransformLayout] {
    let plan = try ConvolutionPlan(
      image: image, kernel: kernel, operation, options: options(.fft))
    var known = plan.candidates.compactMap { candidate in
      if case .fft(let layout) = candidate.strategy { layout } else { nil }
    }
    if var extended = known.first(where: { $0.kind == .zeroPadded }) {
      extended.kind = .extended
      extended.lengths = (0..<3).map { axis in
        axis < 3 - rank
          ? 1 : plan.outputShape[axis - 3 + rank] + kernel.shape[axis - 3 + rank] - 1
      }
      known.append(extended)
    }
    let longer = known.filter { $0.kind != .circular }.map { layout in
      var layout = layout
      layout.lengths = layout.lengths.map { $0 == 1 ? 1 : $0 | 1 + 2 }
      return layout
    }
    return known + longer
  }

  /// Runs one strategy, past the planner.
  func run<let rank: Int, Scalar: RealScalar>(
    _ image: NDArray<rank, Scalar>, _ kernel: NDArray<rank, Scalar>,
    strategy: ConvolutionStrategy
  ) throws -> NDArray<rank, Scalar> {
    let geometry = try ConvolutionGeometry(
      image: image.shape.components, kernel: kernel.shape.components, operation: operation,
      options: options)
    let engine = try ConvolutionEngine<Scalar>(
      weights: Samples(real: kernel.buffer), mirrors: operation == .convolution,
      geometry: geometry, strategy: strategy, options: options)
    let result = engine.run(Samples(real: image.buffer))
    return NDArray(shape: Shape(threeAxes: geometry.output), buffer: result.real)
  }
}
