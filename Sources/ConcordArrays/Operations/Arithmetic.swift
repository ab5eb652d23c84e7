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
    written(array.shape) { negate(array.span, into: &$0) }
  }
}

extension NDArray where Scalar: AlgebraicField {
  private static func combine(
    _ first: Self, _ second: Self, _ operation: Operation
  ) throws(ConcordError) -> Self {
    let shape = try commonShape(first, second)
    return written(shape) { write(operation, first.span, second.span, into: &$0) }
  }

  private static func combine(_ array: Self, _ number: Scalar, _ operation: Operation) -> Self {
    written(array.shape) { write(operation, array.span, number, into: &$0) }
  }

  private static func combine(_ number: Scalar, _ array: Self, _ operation: Operation) -> Self {
    written(array.shape) { write(operation, number, array.span, into: &$0) }
  }
}

// MARK: - Loops

@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
@_specialize(exported:false,where Scalar == Complex<Float>)
@_specialize(exported:false,where Scalar == Complex<Double>)
private func write<Scalar: ArrayElement & AlgebraicField>(
  _ operation: Operation, _ x: Span<Scalar>, _ y: Span<Scalar>,
  into out: inout MutableSpan<Scalar>
) {
  let x = x.extracting(first: out.count)
  let y = y.extracting(first: out.count)
  switch operation {
  case .add: fill(&out) { x[$0] + y[$0] }
  case .subtract: fill(&out) { x[$0] - y[$0] }
  case .multiply: fill(&out) { x[$0] * y[$0] }
  case .divide: fill(&out) { x[$0] / y[$0] }
  }
}

@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
@_specialize(exported:false,where Scalar == Complex<Float>)
@_specialize(exported:false,where Scalar == Complex<Double>)
private func write<Scalar: ArrayElement & AlgebraicField>(
  _ operation: Operation, _ x: Span<Scalar>, _ y: Scalar,
  into out: inout MutableSpan<Scalar>
) {
  let x = x.extracting(first: out.count)
  switch operation {
  case .add: fill(&out) { x[$0] + y }
  case .subtract: fill(&out) { x[$0] - y }
  case .multiply: fill(&out) { x[$0] * y }
  case .divide: fill(&out) { x[$0] / y }
  }
}

@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
@_specialize(exported:false,where Scalar == Complex<Float>)
@_specialize(exported:false,where Scalar == Complex<Double>)
private func write<Scalar: ArrayElement & AlgebraicField>(
  _ operation: Operation, _ x: Scalar, _ y: Span<Scalar>,
  into out: inout MutableSpan<Scalar>
) {
  let y = y.extracting(first: out.count)
  switch operation {
  case .add: fill(&out) { x + y[$0] }
  case .subtract: fill(&out) { x - y[$0] }
  case .multiply: fill(&out) { x * y[$0] }
  case .divide: fill(&out) { x / y[$0] }
  }
}

@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
@_specialize(exported:false,where Scalar == Complex<Float>)
@_specialize(exported:false,where Scalar == Complex<Double>)
private func negate<Scalar: ArrayElement & AlgebraicField>(
  _ x: Span<Scalar>, into out: inout MutableSpan<Scalar>
) {
  let x = x.extracting(first: out.count)
  fill(&out) { -x[$0] }
}
