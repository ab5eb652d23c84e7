public import ConcordArrays
public import NaiveReference

/// ‖found - expected‖₂ / ‖expected‖₂, or ‖found‖₂ where everything expected is 0.
///
/// NaN agrees with NaN and an infinity with itself. Where only one of both is not finite, and where
/// counts differ, the error is infinite.
public func relativeL2Error(_ found: [Double], _ expected: [Double]) -> Double {
  guard found.count == expected.count else { return .infinity }
  var error = 0.0
  var norm = 0.0
  for (x, y) in zip(found, expected) {
    if x.isNaN && y.isNaN || x == y {
      norm += y.isFinite ? y * y : 0
      continue
    }
    guard x.isFinite && y.isFinite else { return .infinity }
    error += (x - y) * (x - y)
    norm += y * y
  }
  return norm == 0 ? error.squareRoot() : (error / norm).squareRoot()
}

/// The relative L2 error of an array; infinite if the shapes differ.
public func relativeL2Error<let rank: Int, Scalar: RealScalar>(
  _ found: NDArray<rank, Scalar>, _ expected: NaiveArray
) -> Double {
  guard found.shape.components == expected.shape else { return .infinity }
  return relativeL2Error(found.elements.map { Double($0) }, expected.values)
}

/// The relative L2 error of an array of one precision against one of another.
public func relativeL2Error<let rank: Int, Scalar: RealScalar, Other: RealScalar>(
  _ found: NDArray<rank, Scalar>, _ expected: NDArray<rank, Other>
) -> Double {
  relativeL2Error(found, NaiveArray(expected))
}

/// The relative L2 error of a complex array, over both parts; infinite if the shapes differ.
public func relativeL2Error<let rank: Int, Scalar: ComplexScalar>(
  _ found: NDArray<rank, Scalar>, _ expected: NaiveComplexArray
) -> Double {
  guard found.shape.components == expected.shape else { return .infinity }
  let parts = found.real.elements + found.imaginary.elements
  return relativeL2Error(
    parts.map { Double($0) }, expected.real.values + expected.imaginary.values)
}
