public import ComplexModule
public import ConcordArrays
import ConcordBackends

extension ConvolutionPlan {
  /// Memory for calls that allocate none: one for each thread that uses the plan.
  public func makeWorkspace() -> Workspace { Workspace() }

  /// Convolves or correlates an image into an array that is there, with scratch memory that is there.
  ///
  /// The bits are those of ``callAsFunction(_:)-(NDArray<rank,Scalar>)``. From the second call on
  /// nothing is allocated that grows with the image, unless values that are not finite turn up, or the
  /// options ask for exactness or verification. The
  /// result's memory is written in place; if another array shares it, as a copy does, or it is a
  /// mapped file, the result gets memory of its own first.
  ///
  /// - Parameters:
  ///   - image: The image, of ``imageShape``.
  ///   - result: An array of ``outputShape``, whose elements are all overwritten.
  ///   - workspace: Scratch memory, which this call has for itself.
  /// - Complexity: As a call without a workspace.
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` for an image or a result of another
  ///   shape, and ``ConcordError/algorithmCannotServe(algorithm:why:)`` for a complex kernel.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func callAsFunction(
    _ image: NDArray<rank, Scalar>, into result: inout NDArray<rank, Scalar>,
    using workspace: inout Workspace
  ) throws(ConcordError) {
    try check(image.shape)
    try checkResult(result.shape)
    try checkIsReal()
    guard !contents.isAssured else {
      let sums = try workspace.lend { () throws(ConcordError) in
        try contents.run(Samples(real: image.buffer))
      }
      result.buffer = sums.real
      return
    }
    result.buffer.prepareForOverwriting()
    run(Samples(real: image.buffer), into: &result.buffer, using: &workspace)
  }

  /// The same for an image minus a number; where the boundary rule is a constant, what is outside
  /// adds nothing.
  package func callAsFunction(
    _ image: NDArray<rank, Scalar>, minus shift: Scalar,
    into result: inout NDArray<rank, Scalar>, using workspace: inout Workspace
  ) throws(ConcordError) {
    precondition(!engine.geometry.renormalizes && !engine.isComplex)
    try check(image.shape)
    try checkResult(result.shape)
    result.buffer.prepareForOverwriting()
    run(Samples(real: image.buffer, shift: shift), into: &result.buffer, using: &workspace)
  }

  /// Convolves or correlates a complex image into an array that is there.
  ///
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` for an image or a result of another
  ///   shape.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func callAsFunction(
    _ image: NDArray<rank, Complex<Scalar>>, into result: inout NDArray<rank, Complex<Scalar>>,
    using workspace: inout Workspace
  ) throws(ConcordError) {
    try check(image.shape)
    try checkResult(result.shape)
    result.buffer.prepareForOverwriting()
    try workspace.lend { () throws(ConcordError) in
      let parts = image.split()
      if engine.isComplex {
        result.overwrite(joining: try contents.run(parts))
      } else {
        let real = try contents.run(Samples(real: parts.real)).real
        var imaginary: SharedBuffer<Scalar>?
        if let part = parts.imaginary {
          imaginary = try contents.run(Samples(real: part), asImaginaryPart: true).real
        }
        result.overwrite(joining: Samples(real: real, imaginary: imaginary))
      }
    }
  }

  private func run(
    _ image: Samples<Scalar>, into result: inout SharedBuffer<Scalar>,
    using workspace: inout Workspace
  ) {
    workspace.lend {
      var out = Samples(real: SharedBuffer.taken(from: &result))
      engine.run(image, into: &out)
      swap(&result, &out.real)
    }
  }

  private func checkResult(_ shape: Shape<rank>) throws(ConcordError) {
    guard shape == outputShape else {
      throw .shapesDiffer(expected: outputShape.components, found: shape.components)
    }
  }
}
