public import ConcordArrays
package import ConcordBackends

/// Many kernels of one shape over one image, prepared for images of one shape.
///
/// The image may have several channels, over which each kernel's parts are summed, and outputs may
/// be a stride apart:
///
///     out[k][p] = Σ over c, t of w[k][c][t] · f[c][stride · p + t + offset]
///
/// where the sums without a stride are those of ``ConvolutionPlan``, of which every `stride`-th is
/// kept along each axis, the first one first. So with `H` rows, kernels of `h` rows and a stride of
/// `s` there are ⌊(H - h) / s⌋ + 1 rows in mode 'valid' and ⌊(H - 1) / s⌋ + 1 in mode 'same'. A
/// padding of `p` zeros at both ends as neural networks have it, ⌊(H + 2p - h) / s⌋ + 1 rows, are the
/// lags `-p...(H + p - h)` of a correlation.
///
///     let bank = try FilterBank(image: image.shape, kernels: gabors, .correlation, options: same)
///     let responses = try bank(image)      // one image for each kernel
///
/// Tiles are gathered once for all kernels: as columns of a matrix that is multiplied with that of
/// the kernels, for direct sums, or to be transformed once and back for each kernel.
///
/// - Complexity: O(*k n m*) directly or as a matrix product, O(*k n* log *m*) by transforms.
/// - SeeAlso: `torch.nn.functional.conv2d`, which is a correlation; `cv2.filter2D` for each kernel.
public struct FilterBank<let rank: Int, Scalar: RealScalar>: Sendable {
  let contents: BankContents<Scalar>

  /// Prepares kernels for images of one channel.
  ///
  /// - Parameters:
  ///   - image: The shape of the images.
  ///   - kernels: Kernels of one shape.
  ///   - operation: Whether kernels are mirrored.
  ///   - options: What is asked for; ``ConvolutionOptions/algorithm`` may be direct, matrix or
  ///     overlap-save.
  ///   - stride: How many elements apart outputs are along each axis; empty for 1.
  /// - Throws: ``ConcordError`` if there is no kernel, shapes of kernels differ, a stride is below 1,
  ///   or for the reasons that ``ConvolutionPlan`` gives.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public init(
    image: Shape<rank>, kernels: [NDArray<rank, Scalar>], _ operation: ConvolutionOperation,
    options: ConvolutionOptions = ConvolutionOptions(), stride: [Int] = []
  ) throws(ConcordError) {
    try self.init(
      image: image, kernels: kernels.map { [$0] }, operation, options: options, stride: stride)
  }

  /// Prepares kernels for images of several channels: `kernels[k][c]` slides over channel `c`.
  ///
  /// - Throws: ``ConcordError`` for the same reasons, and if numbers of channels differ; for boundary
  ///   'renormalize' with more than one.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public init(
    image: Shape<rank>, kernels: [[NDArray<rank, Scalar>]], _ operation: ConvolutionOperation,
    options: ConvolutionOptions = ConvolutionOptions(), stride: [Int] = []
  ) throws(ConcordError) {
    guard let first = kernels.first?.first else { throw .empty(what: "the list of kernels") }
    let channels = kernels[0].count
    for kernel in kernels {
      guard kernel.count == channels else {
        throw .elementCount(expected: channels, found: kernel.count)
      }
      for part in kernel where part.shape != first.shape {
        throw .shapesDiffer(expected: first.shape.components, found: part.shape.components)
      }
    }
    contents = try BankContents(
      image: image.components, kernel: first.shape.components,
      parts: kernels.flatMap { $0.map { $0.buffer } }, channels: channels, stride: stride,
      operation, options)
  }

  private init(contents: BankContents<Scalar>) { self.contents = contents }

  /// Returns a bank of the same kernels, with the same options and stride, for images of another
  /// shape, such as the levels of a pyramid.
  ///
  ///     let levels = try pyramid.map { try bank.resized(for: $0.shape)($0) }
  ///
  /// The kernels are shared, not copied; the algorithm is chosen anew. Lags that the options ask for
  /// stay what they are.
  ///
  /// - Throws: ``ConcordError`` for the reasons that the bank itself could not be made for the shape.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func resized(for image: Shape<rank>) throws(ConcordError) -> FilterBank {
    FilterBank(contents: try BankContents(resizing: contents, image: image.components))
  }

  /// The shape of the images, and of each of their channels.
  public var imageShape: Shape<rank> { Shape(threeAxes: contents.problem.sizes.image) }
  /// The shape of the kernels.
  public var kernelShape: Shape<rank> { Shape(threeAxes: contents.problem.sizes.kernel) }
  /// The shape of the result of each kernel.
  public var outputShape: Shape<rank> { Shape(threeAxes: contents.problem.sizes.output) }
  /// The number of kernels.
  public var kernelCount: Int { contents.problem.sizes.kernels }
  /// The number of channels of an image.
  public var channelCount: Int { contents.problem.sizes.channels }
  /// How many elements apart outputs are along each axis.
  public var stride: [Int] { (0..<rank).map { contents.problem.sizes.stride[$0 + 3 - rank] } }
  /// Every strategy that was considered with its predicted cost, fastest first.
  public var candidates: [StrategyEstimate] { contents.candidates }
  /// The chosen strategy with its predicted cost.
  public var choice: StrategyEstimate { contents.choice }

  /// The result of each kernel.
  ///
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` for an image of another shape, or
  ///   ``ConcordError/elementCount(expected:found:)`` if the bank has several channels.
  public func callAsFunction(
    _ image: NDArray<rank, Scalar>
  ) throws(ConcordError) -> [NDArray<rank, Scalar>] {
    try self([image])
  }

  /// The result of each kernel for an image of several channels.
  ///
  /// The results share one block of memory.
  ///
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` for a channel of another shape, or
  ///   ``ConcordError/elementCount(expected:found:)`` for another number of channels.
  public func callAsFunction(
    _ channels: [NDArray<rank, Scalar>]
  ) throws(ConcordError) -> [NDArray<rank, Scalar>] {
    let results = try run(channels)
    let (shape, count) = (outputShape, outputShape.count)
    return (0..<kernelCount).map {
      NDArray(shape: shape, buffer: results.part($0 * count..<($0 + 1) * count))
    }
  }

  /// The results of all kernels, one after the other.
  package func run(
    _ channels: [NDArray<rank, Scalar>]
  ) throws(ConcordError) -> SharedBuffer<Scalar> {
    try check(channels)
    return contents.engine.run(channels.map { $0.buffer })
  }

  func check(_ channels: [NDArray<rank, Scalar>]) throws(ConcordError) {
    guard channels.count == channelCount else {
      throw .elementCount(expected: channelCount, found: channels.count)
    }
    for channel in channels where channel.shape != imageShape {
      throw .shapesDiffer(expected: imageShape.components, found: channel.shape.components)
    }
  }
}

extension FilterBank where rank == 2 {
  /// The shape of all results together, as ``stack(_:)`` has them.
  public var stackShape: Shape<3> {
    Shape(planes: kernelCount, rows: outputShape.rows, columns: outputShape.columns)
  }

  /// The results of all kernels as the planes of a volume.
  ///
  /// - Throws: ``ConcordError`` for the same reasons as ``callAsFunction(_:)``.
  public func stack(_ channels: [Image<Scalar>]) throws(ConcordError) -> Volume<Scalar> {
    Volume(shape: stackShape, buffer: try run(channels))
  }
}

extension FilterBank: CustomStringConvertible {
  /// The problem, every candidate with its predicted time and memory, and the choice.
  public var description: String {
    let strides = stride.allSatisfy { $0 == 1 } ? "" : ", stride \(stride)"
    let header =
      "\(contents.operation.rawValue) of \(channelCount) × (\(imageShape)) with \(kernelCount) × "
      + "(\(kernelShape)), \(contents.options.mode.rawValue), \(contents.options.boundary)\(strides), "
      + "\(Scalar.self)"
    return ([header] + candidates.map { $0.line(isChoice: $0 == choice) }).joined(separator: "\n")
  }
}
