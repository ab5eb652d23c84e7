import ConcordBackends

extension NDArray where Scalar: RealScalar {
  /// The sum of all elements, accumulated in Double.
  public var sum: Double { Scalar.moments(of: span, shift: 0).sum }

  /// The mean of all elements, accumulated in Double; NaN if there are none.
  public var mean: Double { sum / Double(count) }

  /// The smallest and largest of the finite elements; nil where there is none.
  public var finiteRange: ClosedRange<Scalar>? { Scalar.finiteRange(of: span) }

  /// Whether no element is NaN or infinite.
  public var isFinite: Bool { Scalar.allFinite(span) }
}

extension NDArray where Scalar: WidenableElement {
  /// The sum of all elements; exact up to 2⁵³.
  public var sum: Double { total(self) }

  /// The mean of all elements; NaN if there are none.
  public var mean: Double { sum / Double(count) }
}

extension NDArray where Scalar: Comparable {
  /// The smallest element: NaN if any is NaN, nil if there are none.
  ///
  /// ``finiteRange`` passes over NaN and infinity.
  public var minimum: Scalar? { extreme(self, .smallest) }

  /// The largest element: NaN if any is NaN, nil if there are none.
  public var maximum: Scalar? { extreme(self, .largest) }

  /// Where the smallest element stands, the first in row-major order of several.
  ///
  /// NaN is passed over; nil if nothing is left.
  public var positionOfSmallest: Position<rank>? { extremePosition(self, .smallest) }

  /// Where the largest element stands, the first in row-major order of several.
  ///
  /// NaN is passed over; nil if nothing is left.
  public var positionOfLargest: Position<rank>? { extremePosition(self, .largest) }
}

// MARK: - Loops

/// Which end of the order is looked for.
///
/// Not a closure: one made in an unspecialised caller would be called unspecialised for each element.
private enum Extreme {
  case smallest
  case largest

  @inline(__always)
  func prefers<Scalar: Comparable>(_ element: Scalar, to best: Scalar) -> Bool {
    self == .smallest ? element < best : element > best
  }
}

@_specialize(exported:false,kind:partial,where Scalar == UInt8)
@_specialize(exported:false,kind:partial,where Scalar == Int8)
@_specialize(exported:false,kind:partial,where Scalar == UInt16)
@_specialize(exported:false,kind:partial,where Scalar == Int16)
@_specialize(exported:false,kind:partial,where Scalar == UInt32)
@_specialize(exported:false,kind:partial,where Scalar == Int32)
@_specialize(exported:false,kind:partial,where Scalar == Bool)
private func total<let rank: Int, Scalar: WidenableElement>(
  _ array: NDArray<rank, Scalar>
) -> Double {
  let x = array.span
  var sum = 0.0
  for index in x.indices { sum += Double(x[index].widened) }
  return sum
}

@_specialize(exported:false,kind:partial,where Scalar == Float)
@_specialize(exported:false,kind:partial,where Scalar == Double)
@_specialize(exported:false,kind:partial,where Scalar == UInt8)
@_specialize(exported:false,kind:partial,where Scalar == Int8)
@_specialize(exported:false,kind:partial,where Scalar == UInt16)
@_specialize(exported:false,kind:partial,where Scalar == Int16)
@_specialize(exported:false,kind:partial,where Scalar == UInt32)
@_specialize(exported:false,kind:partial,where Scalar == Int32)
private func extreme<let rank: Int, Scalar: ArrayElement & Comparable>(
  _ array: NDArray<rank, Scalar>, _ wanted: Extreme
) -> Scalar? {
  let x = array.span
  guard var best = x.isEmpty ? nil : x[0] else { return nil }
  for index in x.indices {
    // Only NaN differs from itself.
    if x[index] != x[index] { return x[index] }
    if wanted.prefers(x[index], to: best) { best = x[index] }
  }
  return best
}

@_specialize(exported:false,kind:partial,where Scalar == Float)
@_specialize(exported:false,kind:partial,where Scalar == Double)
@_specialize(exported:false,kind:partial,where Scalar == UInt8)
@_specialize(exported:false,kind:partial,where Scalar == Int8)
@_specialize(exported:false,kind:partial,where Scalar == UInt16)
@_specialize(exported:false,kind:partial,where Scalar == Int16)
@_specialize(exported:false,kind:partial,where Scalar == UInt32)
@_specialize(exported:false,kind:partial,where Scalar == Int32)
private func extremePosition<let rank: Int, Scalar: ArrayElement & Comparable>(
  _ array: NDArray<rank, Scalar>, _ wanted: Extreme
) -> Position<rank>? {
  let x = array.span
  var best: Int?
  for index in x.indices where x[index] == x[index] {
    if let found = best, !wanted.prefers(x[index], to: x[found]) { continue }
    best = index
  }
  return best.map { array.shape.position(ofIndex: $0) }
}
