public import ConcordArrays
import ConcordBackends

extension FilterBank {
  /// Memory for calls that allocate none: one for each thread that uses the bank.
  public func makeWorkspace() -> Workspace { Workspace() }

  private func run(
    _ channels: [NDArray<rank, Scalar>], into buffer: inout SharedBuffer<Scalar>,
    using workspace: inout Workspace
  ) {
    buffer.prepareForOverwriting()
    workspace.lend { contents.engine.run(channels.map { $0.buffer }, into: &buffer) }
  }
}

extension FilterBank where rank == 1 {
  /// The shape of all results together: a row for each kernel.
  public var stackShape: Shape<2> { Shape(rows: kernelCount, columns: outputShape.count) }

  /// The results of all kernels as the rows of an image that is there, with scratch memory that is
  /// there.
  ///
  /// - Throws: ``ConcordError`` for the reasons of the same function of two axes.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func stack(
    _ channels: [Signal<Scalar>], into stack: inout Image<Scalar>,
    using workspace: inout Workspace
  ) throws(ConcordError) {
    try check(channels)
    guard stack.shape == stackShape else {
      throw .shapesDiffer(expected: stackShape.components, found: stack.shape.components)
    }
    run(channels, into: &stack.buffer, using: &workspace)
  }
}

extension FilterBank where rank == 2 {
  /// The results of all kernels as the planes of a volume that is there, with scratch memory that is
  /// there.
  ///
  ///     var workspace = bank.makeWorkspace()
  ///     var responses = Volume<Float>(shape: bank.stackShape, repeating: 0)
  ///     for frame in frames { try bank.stack([frame], into: &responses, using: &workspace) }
  ///
  /// The bits are those of ``stack(_:)``. From the second call on nothing is allocated that grows with
  /// the image, unless values that are not finite turn up. If another array shares the result's
  /// memory, the result gets memory of its own first.
  ///
  /// - Parameters:
  ///   - channels: The channels of an image, each of ``imageShape``.
  ///   - stack: A volume of ``stackShape``, all of it overwritten.
  ///   - workspace: Scratch memory, which this call has for itself.
  /// - Complexity: As a call without a workspace.
  /// - Throws: ``ConcordError/elementCount(expected:found:)`` for another number of channels, and
  ///   ``ConcordError/shapesDiffer(expected:found:)`` for a channel or a stack of another shape.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func stack(
    _ channels: [Image<Scalar>], into stack: inout Volume<Scalar>, using workspace: inout Workspace
  ) throws(ConcordError) {
    try check(channels)
    guard stack.shape == stackShape else {
      throw .shapesDiffer(expected: stackShape.components, found: stack.shape.components)
    }
    run(channels, into: &stack.buffer, using: &workspace)
  }
}
