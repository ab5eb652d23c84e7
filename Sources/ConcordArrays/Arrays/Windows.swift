/// Every window of one shape that lies wholly inside an array, in row-major order of its corner.
///
/// The windows are views: nothing is copied. There are `N - M + 1` of them along each axis, as in
/// NumPy's `sliding_window_view`.
public struct Windows<let rank: Int, Scalar: ArrayElement>: RandomAccessCollection, Sendable {
  /// The extents of each window.
  public let windowShape: Shape<rank>
  /// How many windows there are along each axis.
  public let shape: Shape<rank>

  @usableFromInline let array: ArrayView<rank, Scalar>

  init(of array: ArrayView<rank, Scalar>, shape window: Shape<rank>) throws(ConcordError) {
    for axis in 0..<rank {
      guard window[axis] >= 1 else {
        throw .outOfRange(what: "window extent", found: Double(window[axis]), allowed: "at least 1")
      }
      guard window[axis] <= array.shape[axis] else {
        throw .exceeds(
          what: "window", extents: window.components, limit: array.shape.components)
      }
    }
    self.array = array
    windowShape = window
    shape = Shape { array.shape[$0] - window[$0] + 1 }
  }

  /// The index of the first window.
  @inlinable public var startIndex: Int { 0 }

  /// One past the index of the last window.
  @inlinable public var endIndex: Int { shape.count }

  /// The window at a row-major index.
  @inlinable
  public subscript(index: Int) -> ArrayView<rank, Scalar> {
    self[shape.position(ofIndex: index)]
  }

  /// The window whose first element stands at a position.
  @inlinable
  public subscript(corner: Position<rank>) -> ArrayView<rank, Scalar> {
    precondition(shape.contains(corner), "No window begins at \(corner)")
    var start = array.start
    for axis in 0..<rank { start += corner[axis] * array.strides[axis] }
    return ArrayView(
      shape: windowShape, buffer: array.buffer, start: start, strides: array.strides)
  }
}

extension NDArray {
  /// Every window of the given shape inside this array, without copies.
  ///
  /// - Throws: ``ConcordError/exceeds(what:extents:limit:)`` if the window is larger than the array.
  public func windows(of shape: Shape<rank>) throws(ConcordError) -> Windows<rank, Scalar> {
    try Windows(of: view, shape: shape)
  }
}
