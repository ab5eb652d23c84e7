extension NDArray where Scalar: WidenableElement {
  /// The same values as real numbers, exactly.
  ///
  /// Float holds those of 8 and 16 bits and Bool, Double those of 32 bits.
  public func widened() -> NDArray<rank, Scalar.Widened> {
    converted(to: Scalar.Widened.self)
  }

  /// The same values in a given precision, which rounds 32-bit integers that Float can't hold.
  public func converted<Other: RealScalar>(to type: Other.Type) -> NDArray<rank, Other> {
    NDArray<rank, Other>.written(shape) { widen(span, into: &$0) }
  }
}

extension NDArray where Scalar: RealScalar {
  /// The same values in a given precision; the array itself, not a copy, if it has that already.
  public func converted<Other: RealScalar>(to type: Other.Type) -> NDArray<rank, Other> {
    if let same = self as? NDArray<rank, Other> { return same }
    return NDArray<rank, Other>.written(shape) { convert(span, into: &$0) }
  }
}

// MARK: - Loops

@_specialize(exported:false,where Scalar == UInt8, Other == Float)
@_specialize(exported:false,where Scalar == UInt8, Other == Double)
@_specialize(exported:false,where Scalar == Int8, Other == Float)
@_specialize(exported:false,where Scalar == Int8, Other == Double)
@_specialize(exported:false,where Scalar == UInt16, Other == Float)
@_specialize(exported:false,where Scalar == UInt16, Other == Double)
@_specialize(exported:false,where Scalar == Int16, Other == Float)
@_specialize(exported:false,where Scalar == Int16, Other == Double)
@_specialize(exported:false,where Scalar == UInt32, Other == Float)
@_specialize(exported:false,where Scalar == UInt32, Other == Double)
@_specialize(exported:false,where Scalar == Int32, Other == Float)
@_specialize(exported:false,where Scalar == Int32, Other == Double)
@_specialize(exported:false,where Scalar == Bool, Other == Float)
@_specialize(exported:false,where Scalar == Bool, Other == Double)
private func widen<Scalar: WidenableElement, Other: RealScalar>(
  _ source: Span<Scalar>, into out: inout MutableSpan<Other>
) {
  let source = source.extracting(first: out.count)
  fill(&out) { Other(source[$0].widened) }
}

@_specialize(exported:false,where Scalar == Float, Other == Double)
@_specialize(exported:false,where Scalar == Double, Other == Float)
private func convert<Scalar: RealScalar, Other: RealScalar>(
  _ source: Span<Scalar>, into out: inout MutableSpan<Other>
) {
  let source = source.extracting(first: out.count)
  fill(&out) { Other(source[$0]) }
}
