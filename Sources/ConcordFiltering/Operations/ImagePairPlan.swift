public import ConcordArrays
import ConcordBackends

/// The way to filter each image of a stack with a kernel of its own, chosen once for many stacks.
///
///     let plan = try ImagePairPlan<Float>(
///       count: 10_000, image: [64, 64], kernel: [64, 64], .correlation)
///     var workspace = plan.makeWorkspace()
///     var maps = Volume<Float>(shape: plan.outputShape, repeating: 0)
///     for (first, second) in frames { try plan(first, second, into: &maps, using: &workspace) }
///
/// Kernels differ from call to call, so that there is nothing of theirs to keep: a plan is the choice
/// of the algorithm. It is immutable, and many threads may use one.
///
/// - SeeAlso: ``NDArray/convolvedInPairs(with:options:)`` for a single call.
public struct ImagePairPlan<Scalar: RealScalar>: Sendable {
  let contents: PairPlan

  /// Chooses for so many images and kernels of one shape each.
  ///
  /// - Parameters:
  ///   - count: The number of images, and of kernels.
  ///   - image: The shape of each image.
  ///   - kernel: The shape of each kernel.
  ///   - operation: Whether kernels are mirrored.
  ///   - options: What is asked for.
  /// - Throws: ``ConcordError/empty(what:)`` without images, and the errors of ``ConvolutionPlan``.
  public init(
    count: Int, image: Shape<2>, kernel: Shape<2>, _ operation: ConvolutionOperation,
    options: ConvolutionOptions = ConvolutionOptions()
  ) throws(ConcordError) {
    contents = try PairPlan(
      count: count, image: image.components, kernel: kernel.components,
      isDouble: Scalar.self == Double.self, operation, options.forSingleCall)
  }

  /// The shape of the stack of images.
  public var imageShape: Shape<3> { stack(contents.geometry.image) }
  /// The shape of the stack of kernels.
  public var kernelShape: Shape<3> { stack(contents.geometry.kernel) }
  /// The shape of the stack of results.
  public var outputShape: Shape<3> { stack(contents.geometry.output) }

  /// The algorithm that was chosen.
  ///
  /// `.overlapSave` stands for two pairs in one transform of a whole tile.
  public var algorithm: ConvolutionAlgorithm { contents.algorithm }

  /// Memory for calls that allocate none: one for each thread that uses the plan.
  public func makeWorkspace() -> Workspace { Workspace() }

  /// Filters image i with kernel i.
  ///
  /// - Complexity: O(*N n m*) directly, O(*N n* log *n*) by transforms, for *N* images.
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` for stacks of other shapes.
  public func callAsFunction(
    _ images: Volume<Scalar>, _ kernels: Volume<Scalar>
  ) throws(ConcordError) -> Volume<Scalar> {
    try check(images, kernels)
    return Volume(
      shape: outputShape, buffer: try PairEngine.run(images.buffer, kernels.buffer, contents))
  }

  /// Filters image i with kernel i, into a stack that is there, with scratch memory that is there.
  ///
  /// The bits are those of ``callAsFunction(_:_:)``.
  ///
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` for stacks of other shapes.
  public func callAsFunction(
    _ images: Volume<Scalar>, _ kernels: Volume<Scalar>, into result: inout Volume<Scalar>,
    using workspace: inout Workspace
  ) throws(ConcordError) {
    try check(images, kernels)
    guard result.shape == outputShape else {
      throw .shapesDiffer(expected: outputShape.components, found: result.shape.components)
    }
    result.buffer.prepareForOverwriting()
    try workspace.lend { () throws(ConcordError) in
      try PairEngine.run(images.buffer, kernels.buffer, contents, into: &result.buffer)
    }
  }

  private func check(
    _ images: Volume<Scalar>, _ kernels: Volume<Scalar>
  ) throws(ConcordError) {
    for (stack, shape) in [(images, imageShape), (kernels, kernelShape)]
    where stack.shape != shape {
      throw .shapesDiffer(expected: shape.components, found: stack.shape.components)
    }
  }

  private func stack(_ extents: Extents) -> Shape<3> {
    Shape(planes: contents.count, rows: extents.rows, columns: extents.columns)
  }
}

extension ImagePairPlan: CustomStringConvertible {
  /// The problem and the choice.
  public var description: String {
    let (image, kernel) = (contents.geometry.image, contents.geometry.kernel)
    return "\(contents.operation.rawValue) of \(contents.count) images of \(image.rows) × "
      + "\(image.columns) with kernels of \(kernel.rows) × \(kernel.columns), "
      + "\(contents.options.mode.rawValue), \(contents.options.boundary), \(Scalar.self): "
      + algorithm.rawValue
  }
}
