import ComplexModule
public import RealModule

/// An operation between two elements.
enum Operation {
  case add
  case subtract
  case multiply
  case divide
}

// Real and complex arrays share these: both are fields.
extension NDArray where Scalar: AlgebraicField {
  /// The sums of the elements of two arrays of one shape.
  ///
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` if the shapes differ.
  public static func + (first: Self, second: Self) throws(ConcordError) -> Self {
    try combine(first, second, .add)
  }

  /// The differences of the elements of two arrays of one shape.
  ///
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` if the shapes differ.
  public static func - (first: Self, second: Self) throws(ConcordError) -> Self {
    try combine(first, second, .subtract)
  }

  /// The products of the elements of two arrays of one shape.
  ///
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` if the shapes differ.
  public static func * (first: Self, second: Self) throws(ConcordError) -> Self {
    try combine(first, second, .multiply)
  }

  /// The quotients of the elements of two arrays of one shape, with IEEE 754's rules for division by zero.
  ///
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` if the shapes differ.
  public static func / (first: Self, second: Self) throws(ConcordError) -> Self {
    try combine(first, second, .divide)
  }

  /// Each element plus a number.
  public static func + (array: Self, number: Scalar) -> Self {
    combine(array, number, .add)
  }

  /// A number plus each element.
  public static func + (number: Scalar, array: Self) -> Self {
    combine(number, array, .add)
  }

  /// Each element minus a number.
  public static func - (array: Self, number: Scalar) -> Self {
    combine(array, number, .subtract)
  }

  /// A number minus each element.
  public static func - (number: Scalar, array: Self) -> Self {
    combine(number, array, .subtract)
  }

  /// Each element times a number.
  public static func * (array: Self, number: Scalar) -> Self {
    combine(array, number, .multiply)
  }

  /// A number times each element.
  public static func * (number: Scalar, array: Self) -> Self {
    combine(number, array, .multiply)
  }

  /// Each element divided by a number.
  public static func / (array: Self, number: Scalar) -> Self {
    combine(array, number, .divide)
  }

  /// A number divided by each element.
  public static func / (number: Scalar, array: Self) -> Self {
    combine(number, array, .divide)
  }

  /// Every element with its sign changed.
  public static prefix func - (array: Self) -> Self {
    negate(array)
  }
}

// MARK: - Loops

extension NDArray where Scalar: AlgebraicField {
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  @_specialize(exported:false,kind:partial,where Scalar == Complex<Float>)
  @_specialize(exported:false,kind:partial,where Scalar == Complex<Double>)
  private static func combine(
    _ first: Self, _ second: Self, _ operation: Operation
  ) throws(ConcordError) -> Self {
    let shape = try commonShape(first, second)
    let x = first.span.extracting(first: shape.count)
    let y = second.span.extracting(first: shape.count)
    return switch operation {
    case .add: filled(shape) { x[$0] + y[$0] }
    case .subtract: filled(shape) { x[$0] - y[$0] }
    case .multiply: filled(shape) { x[$0] * y[$0] }
    case .divide: filled(shape) { x[$0] / y[$0] }
    }
  }

  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  @_specialize(exported:false,kind:partial,where Scalar == Complex<Float>)
  @_specialize(exported:false,kind:partial,where Scalar == Complex<Double>)
  private static func combine(_ array: Self, _ number: Scalar, _ operation: Operation) -> Self {
    let x = array.span.extracting(first: array.count)
    return switch operation {
    case .add: filled(array.shape) { x[$0] + number }
    case .subtract: filled(array.shape) { x[$0] - number }
    case .multiply: filled(array.shape) { x[$0] * number }
    case .divide: filled(array.shape) { x[$0] / number }
    }
  }

  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  @_specialize(exported:false,kind:partial,where Scalar == Complex<Float>)
  @_specialize(exported:false,kind:partial,where Scalar == Complex<Double>)
  private static func combine(_ number: Scalar, _ array: Self, _ operation: Operation) -> Self {
    let x = array.span.extracting(first: array.count)
    return switch operation {
    case .add: filled(array.shape) { number + x[$0] }
    case .subtract: filled(array.shape) { number - x[$0] }
    case .multiply: filled(array.shape) { number * x[$0] }
    case .divide: filled(array.shape) { number / x[$0] }
    }
  }

  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  @_specialize(exported:false,kind:partial,where Scalar == Complex<Float>)
  @_specialize(exported:false,kind:partial,where Scalar == Complex<Double>)
  private static func negate(_ array: Self) -> Self {
    let x = array.span.extracting(first: array.count)
    return filled(array.shape) { -x[$0] }
  }
}
