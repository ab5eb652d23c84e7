package import ConcordBackends

/// The extents of an array along its axes: (planes, rows, columns), outermost first.
public struct Shape<let rank: Int>: AxisVector {
  @usableFromInline var extents: InlineArray<rank, Int>

  /// The number of axes.
  @inlinable public static var axes: Int { rank }

  /// Makes a shape from an extent for each axis.
  @inlinable
  public init(_ extent: (Int) -> Int) {
    extents = InlineArray { extent($0) }
  }

  /// The extent along an axis.
  @inlinable
  public subscript(axis: Int) -> Int {
    get { extents[axis] }
    set { extents[axis] = newValue }
  }

  /// The number of elements: the product of the extents.
  @inlinable public var count: Int {
    var product = 1
    for axis in 0..<rank { product *= extents[axis] }
    return product
  }

  /// The extents joined by ×, such as `512 × 640`.
  public var description: String {
    components.map(String.init).joined(separator: " × ")
  }

  /// Whether a position lies inside.
  @inlinable
  public func contains(_ position: Position<rank>) -> Bool {
    for axis in 0..<rank where !(0..<extents[axis]).contains(position[axis]) { return false }
    return true
  }

  /// The position of a row-major index.
  @inlinable
  package func position(ofIndex index: Int) -> Position<rank> {
    var rest = index
    var position = Position<rank> { _ in 0 }
    for axis in stride(from: rank - 1, through: 0, by: -1) {
      position[axis] = rest % extents[axis]
      rest /= extents[axis]
    }
    return position
  }

  /// The three run-time axes that kernels see; missing outer axes have extent 1.
  package var threeAxes: Extents {
    Extents { $0 < 3 - rank ? 1 : extents[$0 - (3 - rank)] }
  }

  package init(threeAxes extents: Extents) {
    self.init { extents[$0 + 3 - rank] }
  }
}

extension Shape where rank == 1 {
  /// The shape of a signal.
  @inlinable
  public init(count: Int) { self.init { _ in count } }
}

extension Shape where rank == 2 {
  /// The shape of an image.
  @inlinable
  public init(rows: Int, columns: Int) { self.init { $0 == 0 ? rows : columns } }

  /// The number of rows.
  @inlinable public var rows: Int { self[0] }

  /// The number of columns.
  @inlinable public var columns: Int { self[1] }
}

extension Shape where rank == 3 {
  /// The shape of a volume.
  @inlinable
  public init(planes: Int, rows: Int, columns: Int) {
    self.init { $0 == 0 ? planes : $0 == 1 ? rows : columns }
  }

  /// The number of planes.
  @inlinable public var planes: Int { self[0] }

  /// The number of rows.
  @inlinable public var rows: Int { self[1] }

  /// The number of columns.
  @inlinable public var columns: Int { self[2] }
}
