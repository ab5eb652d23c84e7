import ComplexModule
public import RealModule

extension NDArray where Scalar: AlgebraicField {
  /// Adds a number to each element, in place unless another array shares the memory.
  public static func += (array: inout Self, number: Scalar) {
    var elements = array.mutableSpan
    change(&elements, .add, number)
  }

  /// Subtracts a number from each element, in place unless another array shares the memory.
  public static func -= (array: inout Self, number: Scalar) {
    var elements = array.mutableSpan
    change(&elements, .subtract, number)
  }

  /// Multiplies each element with a number, in place unless another array shares the memory.
  public static func *= (array: inout Self, number: Scalar) {
    var elements = array.mutableSpan
    change(&elements, .multiply, number)
  }

  /// Divides each element by a number, in place unless another array shares the memory.
  public static func /= (array: inout Self, number: Scalar) {
    var elements = array.mutableSpan
    change(&elements, .divide, number)
  }
}

@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
@_specialize(exported:false,where Scalar == Complex<Float>)
@_specialize(exported:false,where Scalar == Complex<Double>)
private func change<Scalar: ArrayElement & AlgebraicField>(
  _ x: inout MutableSpan<Scalar>, _ operation: Operation, _ y: Scalar
) {
  switch operation {
  case .add: for index in 0..<x.count { x[index] = x[index] + y }
  case .subtract: for index in 0..<x.count { x[index] = x[index] - y }
  case .multiply: for index in 0..<x.count { x[index] = x[index] * y }
  case .divide: for index in 0..<x.count { x[index] = x[index] / y }
  }
}
