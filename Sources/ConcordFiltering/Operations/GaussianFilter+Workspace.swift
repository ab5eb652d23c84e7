public import ConcordArrays
import ConcordBackends

extension GaussianFilter {
  /// Memory for calls that allocate none: one for each thread that uses the filter.
  public func makeWorkspace() -> Workspace { Workspace() }

  /// Filters an image into an array that is there, with scratch memory that is there.
  ///
  ///     var workspace = filter.makeWorkspace()
  ///     var smooth = Image<Float>(shape: filter.outputShape, repeating: 0)
  ///     for frame in frames { try filter(frame, into: &smooth, using: &workspace) }
  ///
  /// The bits are those of ``callAsFunction(_:)``. From the second call on nothing is allocated that
  /// grows with the image, unless values that are not finite turn up, or the options ask for exactness
  /// or verification. If another array shares the result's memory, the result gets memory of its own
  /// first.
  ///
  /// - Parameters:
  ///   - image: The image, of ``imageShape``.
  ///   - result: An array of ``outputShape``, all of it overwritten.
  ///   - workspace: Scratch memory, which this call has for itself.
  /// - Complexity: As a call without a workspace.
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` for an image or a result of another
  ///   shape.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func callAsFunction(
    _ image: NDArray<rank, Scalar>, into result: inout NDArray<rank, Scalar>,
    using workspace: inout Workspace
  ) throws(ConcordError) {
    try check(image)
    guard result.shape == outputShape else {
      throw .shapesDiffer(expected: outputShape.components, found: result.shape.components)
    }
    if let rates {
      result.buffer.prepareForOverwriting()
      return try workspace.lend { () throws(ConcordError) in
        try rates(image, into: &result.buffer)
      }
    }
    guard let last = plans.last else {
      result = image
      return
    }
    // One axis after the other: what lies between them is scratch memory too.
    let between = try workspace.lend { () throws(ConcordError) in
      var between = image
      for plan in plans.dropLast() { between = try plan(between) }
      return between
    }
    try last(between, into: &result, using: &workspace)
  }
}
