import ComplexModule

extension NDArray where rank == 3 {
  /// A volume of what a function makes of each plane, from the first to the last.
  ///
  /// - Throws: What `transform` throws, and ``ConcordError/shapesDiffer(expected:found:)`` if its
  ///   results differ in shape.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  @_specialize(exported:false,kind:partial,where Scalar == Complex<Float>)
  @_specialize(exported:false,kind:partial,where Scalar == Complex<Double>)
  public func mapPlanes(
    _ transform: (Image<Scalar>) throws(ConcordError) -> Image<Scalar>
  ) throws(ConcordError) -> NDArray {
    guard shape.planes > 0 else { return self }
    let first = try transform(try plane(0).copied())
    var result = NDArray(
      uninitialized: Shape(planes: shape.planes, rows: first.rows, columns: first.columns))
    result.setPlane(0, to: first)
    for index in 1..<shape.planes {
      let next = try transform(try plane(index).copied())
      guard next.shape == first.shape else {
        throw .shapesDiffer(expected: first.shape.components, found: next.shape.components)
      }
      result.setPlane(index, to: next)
    }
    return result
  }

  private mutating func setPlane(_ index: Int, to image: Image<Scalar>) {
    var out = mutableSpan
    let source = image.span
    let start = index * image.count
    for element in source.indices { out[start + element] = source[element] }
  }
}
