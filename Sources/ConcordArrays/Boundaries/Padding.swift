import ComplexModule
import ConcordBackends

extension NDArray where Scalar: RealScalar {
  /// This array with elements added before and after it along each axis, as a boundary rule says.
  ///
  /// The rule may reach any distance beyond the edges; ``Boundary`` draws what it puts there.
  ///
  /// - Throws: ``ConcordError/boundaryCannotServe(boundary:why:)`` for `renormalize`, which puts
  ///   nothing there; ``ConcordError/outOfRange(what:found:allowed:)`` for a negative count, and
  ///   ``ConcordError/empty(what:)`` if there is nothing to go on from.
  public func padded(
    before: Shape<rank>, after: Shape<rank>, boundary: Boundary
  ) throws(ConcordError) -> Self {
    let padding = try Padding(of: shape, before: before, after: after, boundary: boundary)
    var result = Self(uninitialized: padding.shape)
    var out = result.mutableSpan
    Scalar.gather(
      from: span, extents: shape.threeAxes, origin: padding.origin,
      count: padding.shape.threeAxes, extension: boundary.edgeExtension, into: &out)
    return result
  }

  /// This array with as many elements added on both sides of each axis.
  ///
  /// - Throws: As ``padded(before:after:boundary:)``.
  public func padded(by count: Shape<rank>, boundary: Boundary) throws(ConcordError) -> Self {
    try padded(before: count, after: count, boundary: boundary)
  }
}

extension NDArray {
  /// This array with elements added before and after it along each axis, as a boundary rule says.
  ///
  /// The rule may reach any distance beyond the edges; ``Boundary`` draws what it puts there.
  ///
  /// - Throws: ``ConcordError/boundaryCannotServe(boundary:why:)`` for `renormalize`, which puts
  ///   nothing there; ``ConcordError/outOfRange(what:found:allowed:)`` for a negative count or a
  ///   constant that the elements can't hold, and ``ConcordError/empty(what:)`` if there is nothing
  ///   to go on from.
  public func padded(
    before: Shape<rank>, after: Shape<rank>, boundary: Boundary
  ) throws(ConcordError) -> Self {
    let padding = try Padding(of: shape, before: before, after: after, boundary: boundary)
    var constant = Scalar.zeroElement
    if case .constant(let value) = boundary {
      guard let element = Scalar(constant: value) else {
        throw .outOfRange(
          what: "constant boundary", found: value, allowed: "a value of \(Scalar.self)")
      }
      constant = element
    }
    return gather(from: self, padding, boundary.edgeExtension, constant: constant)
  }

  /// This array with as many elements added on both sides of each axis.
  ///
  /// - Throws: As ``padded(before:after:boundary:)``.
  public func padded(by count: Shape<rank>, boundary: Boundary) throws(ConcordError) -> Self {
    try padded(before: count, after: count, boundary: boundary)
  }
}

/// A padded array's shape, and where it begins in the coordinates of the array inside.
private struct Padding<let rank: Int> {
  let shape: Shape<rank>
  let origin: Extents

  init(
    of inner: Shape<rank>, before: Shape<rank>, after: Shape<rank>, boundary: Boundary
  ) throws(ConcordError) {
    guard boundary != .renormalize else {
      throw .boundaryCannotServe(
        boundary: boundary, why: "it rescales a kernel's weights and puts no elements outside")
    }
    for axis in 0..<rank {
      let least = min(before[axis], after[axis])
      guard least >= 0 else {
        throw .outOfRange(what: "padding", found: Double(least), allowed: "at least 0")
      }
    }
    guard inner.count > 0 else { throw .empty(what: "the array to pad") }
    shape = Shape { before[$0] + inner[$0] + after[$0] }
    origin = Extents { $0 < 3 - rank ? 0 : -before[$0 - (3 - rank)] }
  }
}

@_specialize(exported:false,kind:partial,where Scalar == UInt8)
@_specialize(exported:false,kind:partial,where Scalar == UInt16)
@_specialize(exported:false,kind:partial,where Scalar == Bool)
@_specialize(exported:false,kind:partial,where Scalar == Complex<Float>)
@_specialize(exported:false,kind:partial,where Scalar == Complex<Double>)
private func gather<let rank: Int, Scalar: ArrayElement>(
  from array: NDArray<rank, Scalar>, _ padding: Padding<rank>, _ rule: Extension,
  constant: Scalar
) -> NDArray<rank, Scalar> {
  let inner = array.shape.threeAxes
  let outer = padding.shape.threeAxes
  // The rule is asked once for each plane, row and column, not for each element.
  let places = (0..<3).map { axis in
    (0..<outer[axis]).map { rule.index($0 + padding.origin[axis], extent: inner[axis]) ?? -1 }
  }
  var result = NDArray<rank, Scalar>(uninitialized: padding.shape)
  var out = result.mutableSpan
  let source = array.span
  let columns = places[2]
  var next = 0
  for plane in places[0] {
    for row in places[1] {
      let start = (plane * inner.rows + row) * inner.columns
      let isOutside = plane < 0 || row < 0
      for index in columns.indices {
        let column = columns[index]
        out[next] = isOutside || column < 0 ? constant : source[start + column]
        next += 1
      }
    }
  }
  return result
}
