package import ConcordArrays
import ConcordBackends

extension NDArray where Scalar: RealScalar {
  /// The mean of the finite elements, or 0 where there is none.
  package var finiteMean: Double {
    let moments = finiteMoments(of: span, about: 0)
    return moments.count > 0 ? moments.sum / Double(moments.count) : 0
  }

  /// The root mean square of the finite elements about a value, or 0 where there is none.
  package func finiteDeviation(from value: Double) -> Double {
    let moments = finiteMoments(of: span, about: value)
    return moments.count > 0 ? (moments.squares / Double(moments.count)).squareRoot() : 0
  }
}

/// How many elements are finite, their sum about a value and the sum of their squares about it.
@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func finiteMoments<Scalar: RealScalar>(
  of elements: Span<Scalar>, about value: Double
) -> (count: Int, sum: Double, squares: Double) {
  if Scalar.allFinite(elements) {
    let moments = Scalar.moments(of: elements, shift: value)
    return (elements.count, moments.sum, moments.sumOfSquares)
  }
  var result = (count: 0, sum: 0.0, squares: 0.0)
  for index in elements.indices where elements[index].isFinite {
    let x = Double(elements[index]) - value
    result = (result.count + 1, result.sum + x, result.squares + x * x)
  }
  return result
}
