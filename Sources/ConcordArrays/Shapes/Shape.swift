package import ConcordBackends

/// The extents of an array along its axes: (planes, rows, columns), outermost first.
public struct Shape<let rank: Int>: AxisVector {
  private var extents: InlineArray<rank, Int>

  /// The number of axes.
  public static var axes: Int { rank }

  /// Makes a shape from an extent for each axis.
  public init(_ extent: (Int) -> Int) {
    extents = InlineArray { extent($0) }
  }

  /// The extent along an axis.
  public subscript(axis: Int) -> Int {
    get { extents[axis] }
    set { extents[axis] = newValue }
  }

  /// The number of elements: the product of the extents.
  public var count: Int {
    var product = 1
    for axis in 0..<rank { product *= extents[axis] }
    return product
  }

  /// The extents joined by ×, such as `512 × 640`.
  public var description: String {
    components.map(String.init).joined(separator: " × ")
  }

  /// Whether a position lies inside.
  public func contains(_ position: Position<rank>) -> Bool {
    for axis in 0..<rank where !(0..<extents[axis]).contains(position[axis]) { return false }
    return true
  }

  /// The position of a row-major index.
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
  public init(count: Int) { self.init { _ in count } }
}

extension Shape where rank == 2 {
  /// The shape of an image.
  public init(rows: Int, columns: Int) { self.init { [rows, columns][$0] } }

  /// The number of rows.
  public var rows: Int { self[0] }

  /// The number of columns.
  public var columns: Int { self[1] }
}

extension Shape where rank == 3 {
  /// The shape of a volume.
  public init(planes: Int, rows: Int, columns: Int) {
    self.init { [planes, rows, columns][$0] }
  }

  /// The number of planes.
  public var planes: Int { self[0] }

  /// The number of rows.
  public var rows: Int { self[1] }

  /// The number of columns.
  public var columns: Int { self[2] }
}
