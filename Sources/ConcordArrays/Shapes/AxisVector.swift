/// One component for each axis of an array, outermost axis first: plane, row, column.
///
/// ``Shape``, ``Position`` and ``Displacement`` are such vectors. They compare, hash, print and can
/// be written as array literals.
public protocol AxisVector: Hashable, Sendable, CustomStringConvertible,
  ExpressibleByArrayLiteral
{
  /// The type of the components.
  associatedtype Component: Hashable & Sendable

  /// The number of axes.
  static var axes: Int { get }

  /// Makes a vector from a component for each axis, 0 being the outermost.
  init(_ component: (Int) -> Component)

  /// The component along an axis.
  subscript(axis: Int) -> Component { get set }
}

extension AxisVector {
  /// The components as an array, outermost axis first.
  public var components: [Component] { (0..<Self.axes).map { self[$0] } }

  /// Makes a vector from as many components as there are axes.
  @inlinable
  public init(arrayLiteral elements: Component...) {
    precondition(
      elements.count == Self.axes, "\(Self.axes) components expected, \(elements.count) found")
    self.init { elements[$0] }
  }

  /// Makes a vector from an array of components; nil unless there is one for each axis.
  public init?(components: [Component]) {
    guard components.count == Self.axes else { return nil }
    self.init { components[$0] }
  }

  /// Whether all components are equal.
  @inlinable
  public static func == (first: Self, second: Self) -> Bool {
    for axis in 0..<axes where first[axis] != second[axis] { return false }
    return true
  }

  /// Feeds every component to the hasher.
  public func hash(into hasher: inout Hasher) {
    for axis in 0..<Self.axes { hasher.combine(self[axis]) }
  }
}
