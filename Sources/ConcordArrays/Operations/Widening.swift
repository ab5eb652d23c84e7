extension NDArray where Scalar: WidenableElement {
  /// The same values as real numbers, exactly.
  ///
  /// Float holds those of 8 and 16 bits and Bool, Double those of 32 bits.
  public func widened() -> NDArray<rank, Scalar.Widened> {
    widen(self, to: Scalar.Widened.self)
  }

  /// The same values in a given precision, which rounds 32-bit integers that Float can't hold.
  public func converted<Other: RealScalar>(to type: Other.Type) -> NDArray<rank, Other> {
    widen(self, to: type)
  }
}

extension NDArray where Scalar: RealScalar {
  /// The same values in a given precision; the array itself, not a copy, if it has that already.
  public func converted<Other: RealScalar>(to type: Other.Type) -> NDArray<rank, Other> {
    if let same = self as? NDArray<rank, Other> { return same }
    return convert(self, to: type)
  }
}

// MARK: - Loops

@_specialize(exported:false,kind:partial,where Scalar == UInt8, Other == Float)
@_specialize(exported:false,kind:partial,where Scalar == UInt8, Other == Double)
@_specialize(exported:false,kind:partial,where Scalar == Int8, Other == Float)
@_specialize(exported:false,kind:partial,where Scalar == Int8, Other == Double)
@_specialize(exported:false,kind:partial,where Scalar == UInt16, Other == Float)
@_specialize(exported:false,kind:partial,where Scalar == UInt16, Other == Double)
@_specialize(exported:false,kind:partial,where Scalar == Int16, Other == Float)
@_specialize(exported:false,kind:partial,where Scalar == Int16, Other == Double)
@_specialize(exported:false,kind:partial,where Scalar == UInt32, Other == Float)
@_specialize(exported:false,kind:partial,where Scalar == UInt32, Other == Double)
@_specialize(exported:false,kind:partial,where Scalar == Int32, Other == Float)
@_specialize(exported:false,kind:partial,where Scalar == Int32, Other == Double)
@_specialize(exported:false,kind:partial,where Scalar == Bool, Other == Float)
@_specialize(exported:false,kind:partial,where Scalar == Bool, Other == Double)
private func widen<let rank: Int, Scalar: WidenableElement, Other: RealScalar>(
  _ array: NDArray<rank, Scalar>, to type: Other.Type
) -> NDArray<rank, Other> {
  let source = array.span.extracting(first: array.count)
  return NDArray.filled(array.shape) { Other(source[$0].widened) }
}

@_specialize(exported:false,kind:partial,where Scalar == Float, Other == Double)
@_specialize(exported:false,kind:partial,where Scalar == Double, Other == Float)
private func convert<let rank: Int, Scalar: RealScalar, Other: RealScalar>(
  _ array: NDArray<rank, Scalar>, to type: Other.Type
) -> NDArray<rank, Other> {
  let source = array.span.extracting(first: array.count)
  return NDArray.filled(array.shape) { Other(source[$0]) }
}
