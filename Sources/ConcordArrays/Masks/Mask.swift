import RealModule

/// An array that says for each element whether it counts.
public typealias Mask<let rank: Int> = NDArray<rank, Bool>

extension NDArray where Scalar == Bool {
  /// Where both masks are true.
  ///
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` if the shapes differ.
  public static func & (first: Self, second: Self) throws(ConcordError) -> Self {
    let shape = try commonShape(first, second)
    let x = first.span.extracting(first: shape.count)
    let y = second.span.extracting(first: shape.count)
    return filled(shape) { x[$0] && y[$0] }
  }

  /// Where at least one of both masks is true.
  ///
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` if the shapes differ.
  public static func | (first: Self, second: Self) throws(ConcordError) -> Self {
    let shape = try commonShape(first, second)
    let x = first.span.extracting(first: shape.count)
    let y = second.span.extracting(first: shape.count)
    return filled(shape) { x[$0] || y[$0] }
  }

  /// Where the mask is false.
  public static prefix func ! (mask: Self) -> Self {
    let x = mask.span.extracting(first: mask.count)
    return filled(mask.shape) { !x[$0] }
  }

  /// How many elements are true.
  public var trueCount: Int {
    let x = span
    var total = 0
    for index in x.indices where x[index] { total += 1 }
    return total
  }
}

extension NDArray {
  /// The mask of the elements that fulfil a condition, such as `scores.mask { $0 > 0.9 }`.
  ///
  /// - Throws: What the condition throws.
  @inlinable
  public func mask<Failure: Error>(
    _ condition: (Scalar) throws(Failure) -> Bool
  ) throws(Failure) -> NDArray<rank, Bool> {
    try map(condition)
  }
}

extension NDArray where Scalar: RealScalar {
  /// The mask of the elements that are neither NaN nor infinite.
  public var finiteMask: NDArray<rank, Bool> { maskFinite(self) }
}

extension NDArray where Scalar: ComplexScalar {
  /// The mask of the elements of which both parts are neither NaN nor infinite.
  public var finiteMask: NDArray<rank, Bool> {
    map { $0.rawStorage.x.isFinite && $0.rawStorage.y.isFinite }
  }
}

@_specialize(exported:false,kind:partial,where Scalar == Float)
@_specialize(exported:false,kind:partial,where Scalar == Double)
private func maskFinite<let rank: Int, Scalar: RealScalar>(
  _ array: NDArray<rank, Scalar>
) -> NDArray<rank, Bool> {
  let x = array.span.extracting(first: array.count)
  return NDArray.filled(array.shape) { x[$0].isFinite }
}
