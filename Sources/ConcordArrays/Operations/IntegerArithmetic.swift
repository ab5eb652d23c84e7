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

extension NDArray where Scalar: WidenableElement {
  private static func combine(
    _ first: Self, _ second: Self, _ operation: Operation
  ) throws(ConcordError) -> NDArray<rank, Double> {
    let shape = try commonShape(first, second)
    return NDArray<rank, Double>.written(shape) {
      write(operation, first.span, second.span, into: &$0)
    }
  }

  private static func combine(
    _ array: Self, _ number: Double, _ operation: Operation
  ) -> NDArray<rank, Double> {
    NDArray<rank, Double>.written(array.shape) { write(operation, array.span, number, into: &$0) }
  }

  private static func combine(
    _ number: Double, _ array: Self, _ operation: Operation
  ) -> NDArray<rank, Double> {
    NDArray<rank, Double>.written(array.shape) { write(operation, number, array.span, into: &$0) }
  }
}

// MARK: - Loops

@_specialize(exported:false,where Scalar == UInt8)
@_specialize(exported:false,where Scalar == Int8)
@_specialize(exported:false,where Scalar == UInt16)
@_specialize(exported:false,where Scalar == Int16)
@_specialize(exported:false,where Scalar == UInt32)
@_specialize(exported:false,where Scalar == Int32)
@_specialize(exported:false,where Scalar == Bool)
private func write<Scalar: WidenableElement>(
  _ operation: Operation, _ x: Span<Scalar>, _ y: Span<Scalar>,
  into out: inout MutableSpan<Double>
) {
  let x = x.extracting(first: out.count)
  let y = y.extracting(first: out.count)
  switch operation {
  case .add: fill(&out) { Double(x[$0].widened) + Double(y[$0].widened) }
  case .subtract: fill(&out) { Double(x[$0].widened) - Double(y[$0].widened) }
  case .multiply: fill(&out) { Double(x[$0].widened) * Double(y[$0].widened) }
  case .divide: fill(&out) { Double(x[$0].widened) / Double(y[$0].widened) }
  }
}

@_specialize(exported:false,where Scalar == UInt8)
@_specialize(exported:false,where Scalar == Int8)
@_specialize(exported:false,where Scalar == UInt16)
@_specialize(exported:false,where Scalar == Int16)
@_specialize(exported:false,where Scalar == UInt32)
@_specialize(exported:false,where Scalar == Int32)
@_specialize(exported:false,where Scalar == Bool)
private func write<Scalar: WidenableElement>(
  _ operation: Operation, _ x: Span<Scalar>, _ y: Double,
  into out: inout MutableSpan<Double>
) {
  let x = x.extracting(first: out.count)
  switch operation {
  case .add: fill(&out) { Double(x[$0].widened) + y }
  case .subtract: fill(&out) { Double(x[$0].widened) - y }
  case .multiply: fill(&out) { Double(x[$0].widened) * y }
  case .divide: fill(&out) { Double(x[$0].widened) / y }
  }
}

@_specialize(exported:false,where Scalar == UInt8)
@_specialize(exported:false,where Scalar == Int8)
@_specialize(exported:false,where Scalar == UInt16)
@_specialize(exported:false,where Scalar == Int16)
@_specialize(exported:false,where Scalar == UInt32)
@_specialize(exported:false,where Scalar == Int32)
@_specialize(exported:false,where Scalar == Bool)
private func write<Scalar: WidenableElement>(
  _ operation: Operation, _ x: Double, _ y: Span<Scalar>,
  into out: inout MutableSpan<Double>
) {
  let y = y.extracting(first: out.count)
  switch operation {
  case .add: fill(&out) { x + Double(y[$0].widened) }
  case .subtract: fill(&out) { x - Double(y[$0].widened) }
  case .multiply: fill(&out) { x * Double(y[$0].widened) }
  case .divide: fill(&out) { x / Double(y[$0].widened) }
  }
}
