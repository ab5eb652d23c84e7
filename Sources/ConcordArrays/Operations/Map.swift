extension NDArray {
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
