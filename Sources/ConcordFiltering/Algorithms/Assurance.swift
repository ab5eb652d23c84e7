import ConcordArrays
import ConcordBackends

/// What a plan promises beyond rounded sums, and how it keeps that.
struct Assurance<Scalar: RealScalar>: Sendable {
  private var integers: ExactIntegers<Scalar>?
  private var local: LocalRounding<Scalar>?
  private var verification: SampledVerification<Scalar>?
  /// For the imaginary part of an image, filtered by itself.
  private var partVerification: SampledVerification<Scalar>?

  /// Nothing.
  init() {}

  /// What the options ask for; `choice` is the engine's strategy, or that of the exact sums.
  init(
    _ engine: ConvolutionEngine<Scalar>, _ kernel: Samples<Scalar>, _ problem: ConvolutionProblem,
    _ options: ConvolutionOptions, choice: ConvolutionStrategy, exact: ExactIntegers<Scalar>.Choice?
  ) throws(ConcordError) {
    let geometry = problem.geometry
    let weights = engine.weights ?? kernel
    if let exact {
      integers = try ExactIntegers(
        exact, weights: weights.real, geometry: geometry, options: options)
    }
    if options.exactness == .local, !problem.isComplex {
      local = LocalRounding(
        choice, weights: weights.real, geometry: geometry, threads: options.threadCount)
    }
    guard case .sample(let count) = options.verification else { return }
    guard count > 0 else {
      throw .outOfRange(what: "samples to verify", found: Double(count), allowed: "at least 1")
    }
    verification = SampledVerification(count, weights: weights, geometry: geometry)
    partVerification = SampledVerification(
      count, weights: weights, geometry: engine.imaginaryGeometry)
  }

  /// Runs the engine, and keeps what is promised.
  func run(
    _ image: Samples<Scalar>, asImaginaryPart: Bool, by engine: ConvolutionEngine<Scalar>
  ) throws(ConcordError) -> Samples<Scalar> {
    var result: Samples<Scalar>
    if let integers {
      result = Samples(
        real: try integers.run(image.real, asImaginaryPart: asImaginaryPart, by: engine))
    } else {
      result = engine.run(image, asImaginaryPart: asImaginaryPart)
    }
    local?.restore(&result.real, of: image.real, asImaginaryPart: asImaginaryPart)
    try (asImaginaryPart ? partVerification : verification)?.check(result, of: image)
    return result
  }
}
