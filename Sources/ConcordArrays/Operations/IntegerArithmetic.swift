// Arithmetic of integer and Bool arrays, in Double: nothing overflows, and nothing is rounded but
// products beyond 2⁵³ and quotients.
extension NDArray where Scalar: WidenableElement {
  /// The sums of the elements of two arrays of one shape, in Double.
  ///
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` if the shapes differ.
  public static func + (
    first: Self, second: Self
  ) throws(ConcordError) -> NDArray<rank, Double> {
    try combine(first, second, .add)
  }

  /// The differences of the elements of two arrays of one shape, in Double.
  ///
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` if the shapes differ.
  public static func - (
    first: Self, second: Self
  ) throws(ConcordError) -> NDArray<rank, Double> {
    try combine(first, second, .subtract)
  }

  /// The products of the elements of two arrays of one shape, in Double.
  ///
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` if the shapes differ.
  public static func * (
    first: Self, second: Self
  ) throws(ConcordError) -> NDArray<rank, Double> {
    try combine(first, second, .multiply)
  }

  /// The quotients of the elements of two arrays of one shape, in Double.
  ///
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` if the shapes differ.
  public static func / (
    first: Self, second: Self
  ) throws(ConcordError) -> NDArray<rank, Double> {
    try combine(first, second, .divide)
  }

  /// Each element plus a number, in Double.
  public static func + (array: Self, number: Double) -> NDArray<rank, Double> {
    combine(array, number, .add)
  }

  /// A number plus each element, in Double.
  public static func + (number: Double, array: Self) -> NDArray<rank, Double> {
    combine(number, array, .add)
  }

  /// Each element minus a number, in Double.
  public static func - (array: Self, number: Double) -> NDArray<rank, Double> {
    combine(array, number, .subtract)
  }

  /// A number minus each element, in Double.
  public static func - (number: Double, array: Self) -> NDArray<rank, Double> {
    combine(number, array, .subtract)
  }

  /// Each element times a number, in Double.
  public static func * (array: Self, number: Double) -> NDArray<rank, Double> {
    combine(array, number, .multiply)
  }

  /// A number times each element, in Double.
  public static func * (number: Double, array: Self) -> NDArray<rank, Double> {
    combine(number, array, .multiply)
  }

  /// Each element divided by a number, in Double.
  public static func / (array: Self, number: Double) -> NDArray<rank, Double> {
    combine(array, number, .divide)
  }

  /// A number divided by each element, in Double.
  public static func / (number: Double, array: Self) -> NDArray<rank, Double> {
    combine(number, array, .divide)
  }

  /// Every element with its sign changed, in Double.
  public static prefix func - (array: Self) -> NDArray<rank, Double> {
    combine(array, -1, .multiply)
  }
}

// MARK: - Loops

extension NDArray where Scalar: WidenableElement {
  @_specialize(exported:false,kind:partial,where Scalar == UInt8)
  @_specialize(exported:false,kind:partial,where Scalar == Int8)
  @_specialize(exported:false,kind:partial,where Scalar == UInt16)
  @_specialize(exported:false,kind:partial,where Scalar == Int16)
  @_specialize(exported:false,kind:partial,where Scalar == UInt32)
  @_specialize(exported:false,kind:partial,where Scalar == Int32)
  @_specialize(exported:false,kind:partial,where Scalar == Bool)
  private static func combine(
    _ first: Self, _ second: Self, _ operation: Operation
  ) throws(ConcordError) -> NDArray<rank, Double> {
    typealias Result = NDArray<rank, Double>
    let shape = try commonShape(first, second)
    let x = first.span.extracting(first: shape.count)
    let y = second.span.extracting(first: shape.count)
    return switch operation {
    case .add: Result.filled(shape) { Double(x[$0].widened) + Double(y[$0].widened) }
    case .subtract: Result.filled(shape) { Double(x[$0].widened) - Double(y[$0].widened) }
    case .multiply: Result.filled(shape) { Double(x[$0].widened) * Double(y[$0].widened) }
    case .divide: Result.filled(shape) { Double(x[$0].widened) / Double(y[$0].widened) }
    }
  }

  @_specialize(exported:false,kind:partial,where Scalar == UInt8)
  @_specialize(exported:false,kind:partial,where Scalar == Int8)
  @_specialize(exported:false,kind:partial,where Scalar == UInt16)
  @_specialize(exported:false,kind:partial,where Scalar == Int16)
  @_specialize(exported:false,kind:partial,where Scalar == UInt32)
  @_specialize(exported:false,kind:partial,where Scalar == Int32)
  @_specialize(exported:false,kind:partial,where Scalar == Bool)
  private static func combine(
    _ array: Self, _ number: Double, _ operation: Operation
  ) -> NDArray<rank, Double> {
    typealias Result = NDArray<rank, Double>
    let x = array.span.extracting(first: array.count)
    return switch operation {
    case .add: Result.filled(array.shape) { Double(x[$0].widened) + number }
    case .subtract: Result.filled(array.shape) { Double(x[$0].widened) - number }
    case .multiply: Result.filled(array.shape) { Double(x[$0].widened) * number }
    case .divide: Result.filled(array.shape) { Double(x[$0].widened) / number }
    }
  }

  @_specialize(exported:false,kind:partial,where Scalar == UInt8)
  @_specialize(exported:false,kind:partial,where Scalar == Int8)
  @_specialize(exported:false,kind:partial,where Scalar == UInt16)
  @_specialize(exported:false,kind:partial,where Scalar == Int16)
  @_specialize(exported:false,kind:partial,where Scalar == UInt32)
  @_specialize(exported:false,kind:partial,where Scalar == Int32)
  @_specialize(exported:false,kind:partial,where Scalar == Bool)
  private static func combine(
    _ number: Double, _ array: Self, _ operation: Operation
  ) -> NDArray<rank, Double> {
    typealias Result = NDArray<rank, Double>
    let x = array.span.extracting(first: array.count)
    return switch operation {
    case .add: Result.filled(array.shape) { number + Double(x[$0].widened) }
    case .subtract: Result.filled(array.shape) { number - Double(x[$0].widened) }
    case .multiply: Result.filled(array.shape) { number * Double(x[$0].widened) }
    case .divide: Result.filled(array.shape) { number / Double(x[$0].widened) }
    }
  }
}
