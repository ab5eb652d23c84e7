public import ComplexModule
public import ConcordArrays
import ConcordBackends

/// A convolution or correlation with one kernel, prepared for images of one shape.
///
/// Making a plan chooses the algorithm and prepares the kernel: its spectrum is computed once. A
/// plan is immutable and may be used by many threads at once. Printing it shows what it considered.
/// Calls in a loop go without allocating memory: see ``Workspace``.
///
///     let plan = try ConvolutionPlan(image: image.shape, kernel: kernel, .convolution)
///     let smooth = try plan(image)
///
/// - SeeAlso: ``NDArray/convolved(with:mode:boundary:)`` for a single call.
public struct ConvolutionPlan<let rank: Int, Scalar: RealScalar>: Sendable {
  /// One reference: plans are cheap to copy, and no layout depends on the rank.
  let contents: PlanContents<Scalar>

  /// Prepares a real kernel.
  ///
  /// Whether it is a sum of a few products of one factor for each axis is found out where that could
  /// be of use.
  ///
  /// - Throws: ``ConcordError`` if an extent is 0, the anchor lies outside the kernel, mode 'valid'
  ///   has no dominant array, the forced algorithm can't serve, or memory is too small.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public init(
    image: Shape<rank>, kernel: NDArray<rank, Scalar>, _ operation: ConvolutionOperation,
    options: ConvolutionOptions = ConvolutionOptions()
  ) throws(ConcordError) {
    try self.init(
      image: image, kernel: kernel.shape, weights: Samples(real: kernel.buffer),
      operation, options)
  }

  /// Prepares a real kernel that is the product of one factor for each axis.
  ///
  ///     k[i, j] = factors[0][i] · factors[1][j]
  ///
  /// Passes along the axes cost O(*n* · Σ *m*) in place of O(*n* · Π *m*). The boundary rule is that of
  /// the product: the image is extended once, before the first pass.
  ///
  /// - Throws: ``ConcordError/elementCount(expected:found:)`` unless there is one factor for each axis,
  ///   and the errors of ``init(image:kernel:_:options:)-(_,NDArray<rank,Scalar>,_,_)``.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public init(
    image: Shape<rank>, factors: [Signal<Scalar>], _ operation: ConvolutionOperation,
    options: ConvolutionOptions = ConvolutionOptions()
  ) throws(ConcordError) {
    guard factors.count == rank else {
      throw .elementCount(expected: rank, found: factors.count)
    }
    guard options.exactness == .rounded, options.verification == .none else {
      // What is proven and verified is the sum over the elements.
      let kernel = try NDArray<rank, Scalar>.separable(factors)
      contents = try PlanContents(
        image: image.components, kernel: kernel.shape.components,
        weights: Samples(real: kernel.buffer), operation, options)
      return
    }
    contents = try PlanContents(
      image: image.components, factors: factors.map { $0.buffer }, operation, options)
  }

  /// Prepares a complex kernel, for complex images.
  ///
  /// - Throws: ``ConcordError`` for the same reasons as for a real kernel.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public init(
    image: Shape<rank>, kernel: NDArray<rank, Complex<Scalar>>,
    _ operation: ConvolutionOperation, options: ConvolutionOptions = ConvolutionOptions()
  ) throws(ConcordError) {
    try self.init(
      image: image, kernel: kernel.shape, weights: kernel.split(), operation, options)
  }

  private init(
    image: Shape<rank>, kernel: Shape<rank>, weights: Samples<Scalar>,
    _ operation: ConvolutionOperation, _ options: ConvolutionOptions
  ) throws(ConcordError) {
    contents = try PlanContents(
      image: image.components, kernel: kernel.components, weights: weights, operation, options)
  }

  /// The shape of the images that the plan is for.
  public var imageShape: Shape<rank> { Shape(threeAxes: contents.engine.geometry.image) }
  /// The shape of the kernel.
  public var kernelShape: Shape<rank> { Shape(threeAxes: contents.engine.geometry.kernel) }
  /// The shape of the results.
  public var outputShape: Shape<rank> { Shape(threeAxes: contents.engine.geometry.output) }
  /// What the plan computes.
  public var operation: ConvolutionOperation { contents.operation }
  /// What was asked for.
  public var options: ConvolutionOptions { contents.options }
  /// Every strategy that was considered with its predicted cost, fastest first.
  public var candidates: [StrategyEstimate] { contents.candidates }
  /// The chosen strategy with its predicted cost.
  public var choice: StrategyEstimate { contents.choice }

  var engine: ConvolutionEngine<Scalar> { contents.engine }

  /// The sums that the plan makes.
  package var geometry: ConvolutionGeometry { contents.engine.geometry }

  /// The lag, along an axis, of the first output: outputs follow each other one lag apart.
  ///
  /// For a correlation, `out[i] = Σ image[n + lag] · conj(kernel[n])` with `lag = firstLag + i`.
  public func firstLag(axis: Int) -> Int { engine.geometry.offset[axis + 3 - rank] }

  /// Convolves or correlates an image with the kernel.
  ///
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` for an image of another shape.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func callAsFunction(
    _ image: NDArray<rank, Scalar>
  ) throws(ConcordError) -> NDArray<rank, Scalar> {
    try check(image.shape)
    try checkIsReal()
    let result = try contents.run(Samples(real: image.buffer))
    return NDArray(shape: outputShape, buffer: result.real)
  }

  /// The same for an image minus a number, without a copy of the image; where the boundary rule is a
  /// constant, what is outside adds nothing.
  package func callAsFunction(
    _ image: NDArray<rank, Scalar>, minus shift: Scalar
  ) throws(ConcordError) -> NDArray<rank, Scalar> {
    precondition(!engine.geometry.renormalizes && !engine.isComplex)
    try check(image.shape)
    let result = engine.run(Samples(real: image.buffer, shift: shift))
    return NDArray(shape: outputShape, buffer: result.real)
  }

  /// Convolves or correlates a complex image with the kernel.
  ///
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` for an image of another shape.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func callAsFunction(
    _ image: NDArray<rank, Complex<Scalar>>
  ) throws(ConcordError) -> NDArray<rank, Complex<Scalar>> {
    try check(image.shape)
    let parts = image.split()
    if engine.isComplex {
      return NDArray(shape: outputShape, joining: try contents.run(parts))
    }
    let real = try contents.run(Samples(real: parts.real)).real
    var imaginary: SharedBuffer<Scalar>?
    if let part = parts.imaginary {
      imaginary = try contents.run(Samples(real: part), asImaginaryPart: true).real
    }
    return NDArray(shape: outputShape, joining: Samples(real: real, imaginary: imaginary))
  }

  /// Refuses a real image for a complex kernel.
  func checkIsReal() throws(ConcordError) {
    guard !engine.isComplex else {
      throw .algorithmCannotServe(
        algorithm: choice.strategy.algorithm.rawValue,
        why: "expected a complex image for a complex kernel, found a real one")
    }
  }

  func check(_ shape: Shape<rank>) throws(ConcordError) {
    guard shape == imageShape else {
      throw .shapesDiffer(expected: imageShape.components, found: shape.components)
    }
  }
}

extension StrategyEstimate {
  /// The strategy with its predicted time and memory, as plans are printed.
  func line(isChoice: Bool) -> String {
    let milliseconds = (seconds * 1e6).rounded() / 1e3
    return "\(isChoice ? "→" : " ") \(strategy): \(milliseconds) ms, \(bytes) bytes"
  }
}

extension ConvolutionPlan: CustomStringConvertible {
  /// The problem, every candidate with its predicted time and memory, and the choice.
  public var description: String {
    let header =
      "\(operation.rawValue) of \(imageShape) with \(kernelShape), \(options.mode.rawValue), "
      + "\(options.boundary), \(Scalar.self)"
    let lines = candidates.map { $0.line(isChoice: $0 == choice) }
    return ([header] + lines).joined(separator: "\n")
  }
}
