import ComplexModule
import ConcordBackends

extension NDArray {
  /// The array with the order of its elements reversed along every axis.
  public func reversed() -> Self {
    let strides = shape.threeAxes.strides
    return rearrange(
      self, to: shape, start: count - 1,
      strides: Extents(-strides.planes, -strides.rows, -strides.columns))
  }

  /// The array with the order of its elements reversed along one axis, 0 being the outermost.
  ///
  /// - Throws: ``ConcordError/outOfRange(what:found:allowed:)`` if there is no such axis.
  public func flipped(along axis: Int) throws(ConcordError) -> Self {
    guard (0..<rank).contains(axis) else {
      throw .outOfRange(what: "axis", found: Double(axis), allowed: "0 to \(rank - 1)")
    }
    var strides = shape.threeAxes.strides
    let flipped = axis + 3 - rank
    let start = (shape[axis] - 1) * strides[flipped]
    strides[flipped] = -strides[flipped]
    return rearrange(self, to: shape, start: start, strides: strides)
  }
}

extension NDArray where rank == 2 {
  /// The image mirrored on its main diagonal: rows become columns.
  public func transposed() -> Self {
    rearrange(
      self, to: Shape(rows: columns, columns: rows), start: 0, strides: Extents(0, 1, columns))
  }

  /// The image turned counterclockwise by 90° as often as given; negative numbers turn clockwise.
  ///
  ///     a b      b d
  ///     c d  →   a c   by one turn
  public func rotated(quarterTurns: Int) -> Self {
    let turned = Shape<2>(rows: columns, columns: rows)
    return switch ((quarterTurns % 4) + 4) % 4 {
    case 1: rearrange(self, to: turned, start: columns - 1, strides: Extents(0, -1, columns))
    case 2: reversed()
    case 3: rearrange(self, to: turned, start: count - columns, strides: Extents(0, 1, -columns))
    default: self
    }
  }
}

extension NDArray where rank == 3 {
  /// The volume with its axes in another order: axis `i` of the result is axis `axes[i]` of this.
  ///
  /// - Throws: ``ConcordError/elementCount(expected:found:)`` or
  ///   ``ConcordError/outOfRange(what:found:allowed:)`` unless each of 0, 1 and 2 is named once.
  public func transposed(axes: [Int]) throws(ConcordError) -> Self {
    guard axes.count == 3 else { throw .elementCount(expected: 3, found: axes.count) }
    for (index, axis) in axes.enumerated() {
      guard (0..<3).contains(axis) && !axes[..<index].contains(axis) else {
        throw .outOfRange(what: "axis", found: Double(axis), allowed: "each of 0, 1 and 2 once")
      }
    }
    let strides = shape.threeAxes.strides
    return rearrange(
      self, to: Shape { shape[axes[$0]] }, start: 0, strides: Extents { strides[axes[$0]] })
  }
}

extension Extents {
  /// How far the next plane, row and column lie in row-major order.
  fileprivate var strides: Extents { Extents(rows * columns, columns, 1) }
}

/// The array whose element (p, r, c) is element start + p·planes + r·rows + c·columns of another.
private func rearrange<let rank: Int, Scalar: ArrayElement>(
  _ array: NDArray<rank, Scalar>, to shape: Shape<rank>, start: Int, strides: Extents
) -> NDArray<rank, Scalar> {
  NDArray.written(shape) {
    write(array.span, into: &$0, as: shape.threeAxes, start: start, strides: strides)
  }
}

// MARK: - Loop

/// Visits both arrays in square tiles: columns that were rows would else miss the cache each time.
@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
@_specialize(exported:false,where Scalar == UInt8)
@_specialize(exported:false,where Scalar == UInt16)
@_specialize(exported:false,where Scalar == Bool)
@_specialize(exported:false,where Scalar == Complex<Float>)
@_specialize(exported:false,where Scalar == Complex<Double>)
private func write<Scalar: ArrayElement>(
  _ source: Span<Scalar>, into out: inout MutableSpan<Scalar>, as extents: Extents,
  start: Int, strides: Extents
) {
  let tile = 32
  for plane in 0..<extents.planes {
    for top in stride(from: 0, to: extents.rows, by: tile) {
      for left in stride(from: 0, to: extents.columns, by: tile) {
        for row in top..<min(top + tile, extents.rows) {
          let from = start + plane * strides.planes + row * strides.rows
          let to = (plane * extents.rows + row) * extents.columns
          for column in left..<min(left + tile, extents.columns) {
            out[to + column] = source[from + column * strides.columns]
          }
        }
      }
    }
  }
}
