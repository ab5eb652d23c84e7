public import ConcordBackends

/// An array of numbers with `rank` axes: row-major, contiguous, copied only when written to.
///
/// ``Signal``, ``Image`` and ``Volume`` are its names for one, two and three axes. Axes run from
/// the outermost to the innermost: plane, row, column. Memory is aligned to 64 bytes unless the
/// array is a mapped file's content, which is shared as it stands until the first write.
///
///     var image = Image<Float>(shape: [3, 4], repeating: 0)
///     image[1, 2] = 5
///     let brighter = image + 10
///
/// Access to single elements is inlined into the caller's module.
public struct NDArray<let rank: Int, Scalar: ArrayElement>: Sendable {
  /// The extents along each axis.
  public let shape: Shape<rank>

  @usableFromInline package var buffer: SharedBuffer<Scalar>

  @inlinable
  package init(shape: Shape<rank>, buffer: SharedBuffer<Scalar>) {
    precondition(shape.count == buffer.count, "The buffer doesn't fill the shape")
    self.shape = shape
    self.buffer = buffer
  }

  /// An array whose elements are yet to be written.
  @inlinable
  package init(uninitialized shape: Shape<rank>) {
    self.init(shape: shape, buffer: SharedBuffer(uninitializedCount: shape.count))
  }

  /// An array filled with one value.
  public init(shape: Shape<rank>, repeating value: Scalar) {
    self.init(shape: shape, buffer: SharedBuffer(repeating: value, count: shape.count))
  }

  /// An array of elements given in row-major order.
  ///
  /// - Throws: ``ConcordError/elementCount(expected:found:)`` unless the elements fill the shape.
  @inlinable
  public init(shape: Shape<rank>, elements: some Collection<Scalar>) throws(ConcordError) {
    guard elements.count == shape.count else {
      throw .elementCount(expected: shape.count, found: elements.count)
    }
    self.init(shape: shape, buffer: SharedBuffer(elements))
  }

  /// An array whose elements are computed from their positions.
  @inlinable
  public init(shape: Shape<rank>, element: (Position<rank>) -> Scalar) {
    self.init(uninitialized: shape)
    var position = Position<rank> { _ in 0 }
    var out = mutableSpan
    for index in 0..<shape.count {
      out[index] = element(position)
      position.advance(in: shape)
    }
  }

  /// The number of elements.
  @inlinable public var count: Int { shape.count }

  /// The elements in row-major order.
  public var elements: [Scalar] {
    var elements = Array(repeating: Scalar.zeroElement, count: count)
    var out = elements.mutableSpan
    copy(span, into: &out, at: 0)
    return elements
  }

  /// The elements in row-major order, read without a copy.
  @inlinable public var span: Span<Scalar> {
    @_lifetime(borrow self)
    get { buffer.span }
  }

  /// The elements in row-major order, for writing in place.
  @inlinable public var mutableSpan: MutableSpan<Scalar> {
    @_lifetime(&self)
    mutating get { buffer.mutableSpan }
  }

  /// The element at a position, which must lie inside the shape.
  @inlinable
  public subscript(position: Position<rank>) -> Scalar {
    get { span[offset(of: position)] }
    set {
      let offset = offset(of: position)
      var elements = mutableSpan
      elements[offset] = newValue
    }
  }

  /// The row-major index of a position.
  @inlinable
  func offset(of position: Position<rank>) -> Int {
    precondition(shape.contains(position), "Position \(position) lies outside \(shape)")
    var offset = 0
    for axis in 0..<rank { offset = offset * shape[axis] + position[axis] }
    return offset
  }

  /// The same elements in row-major order under another shape.
  ///
  /// - Throws: ``ConcordError/elementCount(expected:found:)`` if the counts differ.
  public func reshaped<let newRank: Int>(
    to shape: Shape<newRank>
  ) throws(ConcordError) -> NDArray<newRank, Scalar> {
    guard shape.count == count else {
      throw .elementCount(expected: shape.count, found: count)
    }
    return NDArray<newRank, Scalar>(shape: shape, buffer: buffer)
  }
}

/// An array with one axis.
public typealias Signal<Scalar: ArrayElement> = NDArray<1, Scalar>

/// An array with two axes: row, column.
public typealias Image<Scalar: ArrayElement> = NDArray<2, Scalar>

/// An array with three axes: plane, row, column.
public typealias Volume<Scalar: ArrayElement> = NDArray<3, Scalar>

extension NDArray: Equatable {
  /// Whether shapes and all elements are equal.
  public static func == (first: Self, second: Self) -> Bool {
    guard first.shape == second.shape else { return false }
    return areEqual(first.span, second.span)
  }
}

extension NDArray: CustomStringConvertible {
  /// The scalar type and the shape, such as `Float 512 × 640`.
  public var description: String { "\(Scalar.self) \(shape)" }
}

extension Position {
  /// Goes on to the next position in row-major order.
  @inlinable
  package mutating func advance(in shape: Shape<rank>) {
    for axis in stride(from: rank - 1, through: 0, by: -1) {
      self[axis] += 1
      if self[axis] < shape[axis] { return }
      self[axis] = 0
    }
  }
}
