extension NDArray {
  /// A new array whose element at each row-major index is computed, inlined into typed loops.
  @inline(__always)
  static func filled(_ shape: Shape<rank>, _ element: (Int) -> Scalar) -> Self {
    var result = Self(uninitialized: shape)
    var out = result.mutableSpan
    for index in 0..<out.count { out[index] = element(index) }
    return result
  }

  /// The shape that both arrays have.
  static func commonShape(_ first: Self, _ second: Self) throws(ConcordError) -> Shape<rank> {
    guard first.shape == second.shape else {
      throw .shapesDiffer(expected: first.shape.components, found: second.shape.components)
    }
    return first.shape
  }

  /// An array of what a function makes of each element.
  ///
  /// The call is inlined into the caller's module, so that it costs no more than a loop there.
  ///
  /// - Throws: What `transform` throws.
  @inlinable
  public func map<Result: ArrayElement, Failure: Error>(
    _ transform: (Scalar) throws(Failure) -> Result
  ) throws(Failure) -> NDArray<rank, Result> {
    var result = NDArray<rank, Result>(uninitialized: shape)
    var out = result.mutableSpan
    let source = span
    for index in 0..<out.count { out[index] = try transform(source[index]) }
    return result
  }
}
