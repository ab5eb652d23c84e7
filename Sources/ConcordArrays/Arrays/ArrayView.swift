public import ConcordBackends

/// A part of an array, read in place: a region, a plane, a window.
///
/// A view shares the array's memory and keeps it alive; nothing is copied until ``copied()``.
public struct ArrayView<let rank: Int, Scalar: ArrayElement>: Sendable {
  /// The extents of the part.
  public let shape: Shape<rank>

  @usableFromInline let buffer: SharedBuffer<Scalar>
  @usableFromInline let start: Int
  @usableFromInline let strides: Shape<rank>

  @inlinable
  init(shape: Shape<rank>, buffer: SharedBuffer<Scalar>, start: Int, strides: Shape<rank>) {
    self.shape = shape
    self.buffer = buffer
    self.start = start
    self.strides = strides
  }

  /// The number of elements.
  @inlinable public var count: Int { shape.count }

  /// The element at a position, counted from the part's first element.
  @inlinable
  public subscript(position: Position<rank>) -> Scalar {
    precondition(shape.contains(position), "Position \(position) lies outside \(shape)")
    var offset = start
    for axis in 0..<rank { offset += position[axis] * strides[axis] }
    return buffer.span[offset]
  }

  /// The elements in row-major order.
  public var elements: [Scalar] {
    var result = Array(repeating: Scalar.zeroElement, count: count)
    var out = result.mutableSpan
    copyRuns(into: &out)
    return result
  }

  /// A new array with the same elements.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func copied() -> NDArray<rank, Scalar> {
    if start == 0 && count == buffer.count { return NDArray(shape: shape, buffer: buffer) }
    var array = NDArray<rank, Scalar>(uninitialized: shape)
    var out = array.mutableSpan
    copyRuns(into: &out)
    return array
  }

  /// The part of this view inside the given ranges.
  ///
  /// - Throws: ``ConcordError/outside(region:shape:)`` if a range reaches outside.
  public func view(_ ranges: [Range<Int>]) throws(ConcordError) -> ArrayView {
    guard ranges.count == rank else {
      throw .elementCount(expected: rank, found: ranges.count)
    }
    var offset = start
    for axis in 0..<rank {
      let range = ranges[axis]
      guard range.lowerBound >= 0 && range.upperBound <= shape[axis] else {
        throw .outside(region: ranges, shape: shape.components)
      }
      offset += range.lowerBound * strides[axis]
    }
    return ArrayView(
      shape: Shape { ranges[$0].count }, buffer: buffer, start: offset, strides: strides)
  }

  /// Copies the contiguous runs along the innermost axis one after the other.
  private func copyRuns(into out: inout MutableSpan<Scalar>) {
    guard count > 0 else { return }
    let source = buffer.span
    let length = shape[rank - 1]
    var outer = shape
    outer[rank - 1] = 1
    var position = Position<rank> { _ in 0 }
    for run in 0..<outer.count {
      var offset = start
      for axis in 0..<rank { offset += position[axis] * strides[axis] }
      copy(source.extracting(offset..<(offset + length)), into: &out, at: run * length)
      position.advance(in: outer)
    }
  }
}

extension ArrayView where rank == 2 {
  /// The element at a row and column of the view.
  @inlinable
  public subscript(row: Int, column: Int) -> Scalar {
    self[Position(row: row, column: column)]
  }
}

extension NDArray {
  /// The whole array as a view.
  public var view: ArrayView<rank, Scalar> {
    var strides = shape
    var stride = 1
    for axis in Swift.stride(from: rank - 1, through: 0, by: -1) {
      strides[axis] = stride
      stride *= shape[axis]
    }
    return ArrayView(shape: shape, buffer: buffer, start: 0, strides: strides)
  }

  /// The part inside the given ranges, one for each axis, without a copy.
  ///
  /// - Throws: ``ConcordError/outside(region:shape:)`` if a range reaches outside.
  public func view(_ ranges: Range<Int>...) throws(ConcordError) -> ArrayView<rank, Scalar> {
    try view.view(ranges)
  }
}

extension NDArray where rank == 3 {
  /// One plane of a volume, without a copy.
  ///
  /// - Throws: ``ConcordError/outside(region:shape:)`` if there is no such plane.
  public func plane(_ index: Int) throws(ConcordError) -> ArrayView<2, Scalar> {
    guard (0..<shape.planes).contains(index) else {
      throw .outside(region: [index..<(index + 1)], shape: [shape.planes])
    }
    let planeShape = Shape<2>(rows: shape.rows, columns: shape.columns)
    return ArrayView<2, Scalar>(
      shape: planeShape, buffer: buffer, start: index * planeShape.count,
      strides: Shape(rows: shape.columns, columns: 1))
  }
}
