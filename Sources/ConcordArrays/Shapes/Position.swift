/// The indices of an element, one for each axis, outermost first.
public struct Position<let rank: Int>: AxisVector {
  @usableFromInline var indices: InlineArray<rank, Int>

  /// The number of axes.
  @inlinable public static var axes: Int { rank }

  /// Makes a position from an index for each axis.
  @inlinable
  public init(_ index: (Int) -> Int) {
    indices = InlineArray { index($0) }
  }

  /// The index along an axis.
  @inlinable
  public subscript(axis: Int) -> Int {
    get { indices[axis] }
    set { indices[axis] = newValue }
  }

  /// The indices in brackets, such as `(12, 40)`.
  public var description: String {
    "(" + components.map(String.init).joined(separator: ", ") + ")"
  }

  /// The displacement from another position to this one.
  @inlinable
  public static func - (end: Self, start: Self) -> Displacement<rank> {
    Displacement { Double(end[$0] - start[$0]) }
  }
}

extension Position where rank == 2 {
  /// The position in an image.
  @inlinable
  public init(row: Int, column: Int) { self.init { $0 == 0 ? row : column } }

  /// The index of the row.
  @inlinable public var row: Int { self[0] }

  /// The index of the column.
  @inlinable public var column: Int { self[1] }
}

/// A shift in pixels, which may be fractional, one component for each axis, outermost first.
public struct Displacement<let rank: Int>: AxisVector {
  @usableFromInline var shifts: InlineArray<rank, Double>

  /// The number of axes.
  @inlinable public static var axes: Int { rank }

  /// Makes a displacement from a shift for each axis.
  @inlinable
  public init(_ shift: (Int) -> Double) {
    shifts = InlineArray { shift($0) }
  }

  /// The shift along an axis.
  @inlinable
  public subscript(axis: Int) -> Double {
    get { shifts[axis] }
    set { shifts[axis] = newValue }
  }

  /// The shifts in brackets, such as `(-2.4, 1.32)`.
  public var description: String {
    "(" + components.map { "\($0)" }.joined(separator: ", ") + ")"
  }

  /// The Euclidean length, in pixels.
  public var length: Double {
    components.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }
}
