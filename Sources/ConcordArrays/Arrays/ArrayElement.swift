public import ComplexModule
public import ConcordBackends
public import RealModule

/// A type that arrays can hold: the machine's numbers, complex numbers and Bool.
public protocol ArrayElement: Sendable, Hashable {
  /// Zero, or false.
  static var zeroElement: Self { get }

  /// The element that stands for a boundary's constant.
  ///
  /// Real and complex numbers round it; integers and Bool are nil where they don't hold it exactly.
  init?(constant: Double)
}

/// A real number type in which Concord computes: Float or Double.
public protocol RealScalar: ArrayElement, BackendScalar, Real, BinaryFloatingPoint {}

/// A type whose values a real scalar holds exactly.
///
/// Images are stored in small integers and computed with in ``Widened``, which holds each of their
/// values exactly: Float for 8 and 16 bits and Bool, Double for 32 bits.
public protocol WidenableElement: ArrayElement {
  /// The real scalar that holds every value exactly.
  associatedtype Widened: RealScalar

  /// The same value as a real number.
  var widened: Widened { get }
}

extension ArrayElement where Self: ExpressibleByIntegerLiteral {
  /// Zero.
  public static var zeroElement: Self { 0 }
}

extension RealScalar {
  /// The constant rounded to this precision.
  public init?(constant: Double) { self.init(constant) }
}

extension ArrayElement where Self: FixedWidthInteger {
  /// The constant, if this type holds it exactly.
  public init?(constant: Double) { self.init(exactly: constant) }
}

extension Float: RealScalar {}
extension Double: RealScalar {}

extension Complex: ArrayElement where RealType: RealScalar {
  /// Zero.
  public static var zeroElement: Self { .zero }

  /// The constant as a real part.
  public init?(constant: Double) { self.init(RealType(constant)) }
}

extension UInt8: WidenableElement {
  /// The same value as a Float.
  public var widened: Float { Float(self) }
}

extension Int8: WidenableElement {
  /// The same value as a Float.
  public var widened: Float { Float(self) }
}

extension UInt16: WidenableElement {
  /// The same value as a Float.
  public var widened: Float { Float(self) }
}

extension Int16: WidenableElement {
  /// The same value as a Float.
  public var widened: Float { Float(self) }
}

extension UInt32: WidenableElement {
  /// The same value as a Double.
  public var widened: Double { Double(self) }
}

extension Int32: WidenableElement {
  /// The same value as a Double.
  public var widened: Double { Double(self) }
}

extension Bool: WidenableElement {
  /// False.
  public static var zeroElement: Bool { false }

  /// False for 0, true for 1, nil for any other constant.
  public init?(constant: Double) {
    guard constant == 0 || constant == 1 else { return nil }
    self = constant == 1
  }

  /// 1 for true, 0 for false.
  public var widened: Float { self ? 1 : 0 }
}
