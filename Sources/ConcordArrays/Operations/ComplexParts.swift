public import ComplexModule
public import RealModule

/// A complex number type that arrays can hold: Complex of Float or Double.
public protocol ComplexScalar: ArrayElement, AlgebraicField {
  /// The type of both parts.
  associatedtype RealType: RealScalar

  /// A number of its parts.
  init(_ real: RealType, _ imaginary: RealType)

  /// The real and the imaginary part as they are stored.
  ///
  /// Complex's own `real` and `imaginary` are both NaN as soon as one part is infinite or NaN.
  var rawStorage: (x: RealType, y: RealType) { get }

  /// The number with the imaginary part's sign changed.
  var conjugate: Self { get }
}

extension Complex: ComplexScalar where RealType: RealScalar {}

extension NDArray where Scalar: ComplexScalar {
  /// Complex numbers of the given parts.
  ///
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` if the shapes differ.
  public init(
    real: NDArray<rank, Scalar.RealType>, imaginary: NDArray<rank, Scalar.RealType>
  ) throws(ConcordError) {
    _ = try NDArray<rank, Scalar.RealType>.commonShape(real, imaginary)
    self = join(real, imaginary)
  }

  /// Complex numbers with the given real parts and no imaginary ones.
  public init(real: NDArray<rank, Scalar.RealType>) {
    self = fromReal(real)
  }

  /// The real parts, as a new array.
  public var real: NDArray<rank, Scalar.RealType> { parts(of: self, .real) }

  /// The imaginary parts, as a new array.
  public var imaginary: NDArray<rank, Scalar.RealType> { parts(of: self, .imaginary) }

  /// The distances from zero, √(real² + imaginary²), as a new array.
  ///
  /// NaN stays NaN, unlike in Complex's own `length`.
  public var magnitude: NDArray<rank, Scalar.RealType> { parts(of: self, .magnitude) }

  /// The complex conjugates, as a new array.
  public var conjugate: Self { conjugated(self) }
}

// MARK: - Loops

private enum Part {
  case real
  case imaginary
  case magnitude
}

@_specialize(exported:false,kind:partial,where Scalar == Complex<Float>)
@_specialize(exported:false,kind:partial,where Scalar == Complex<Double>)
private func parts<let rank: Int, Scalar: ComplexScalar>(
  of array: NDArray<rank, Scalar>, _ part: Part
) -> NDArray<rank, Scalar.RealType> {
  let z = array.span.extracting(first: array.count)
  return switch part {
  case .real: NDArray.filled(array.shape) { z[$0].rawStorage.x }
  case .imaginary: NDArray.filled(array.shape) { z[$0].rawStorage.y }
  case .magnitude:
    NDArray.filled(array.shape) { Scalar.RealType.hypot(z[$0].rawStorage.x, z[$0].rawStorage.y) }
  }
}

@_specialize(exported:false,kind:partial,where Scalar == Complex<Float>)
@_specialize(exported:false,kind:partial,where Scalar == Complex<Double>)
private func conjugated<let rank: Int, Scalar: ComplexScalar>(
  _ array: NDArray<rank, Scalar>
) -> NDArray<rank, Scalar> {
  let z = array.span.extracting(first: array.count)
  return NDArray.filled(array.shape) { z[$0].conjugate }
}

@_specialize(exported:false,kind:partial,where Scalar == Complex<Float>)
@_specialize(exported:false,kind:partial,where Scalar == Complex<Double>)
private func join<let rank: Int, Scalar: ComplexScalar>(
  _ real: NDArray<rank, Scalar.RealType>, _ imaginary: NDArray<rank, Scalar.RealType>
) -> NDArray<rank, Scalar> {
  let x = real.span.extracting(first: real.count)
  let y = imaginary.span.extracting(first: real.count)
  return NDArray.filled(real.shape) { Scalar(x[$0], y[$0]) }
}

@_specialize(exported:false,kind:partial,where Scalar == Complex<Float>)
@_specialize(exported:false,kind:partial,where Scalar == Complex<Double>)
private func fromReal<let rank: Int, Scalar: ComplexScalar>(
  _ real: NDArray<rank, Scalar.RealType>
) -> NDArray<rank, Scalar> {
  let x = real.span.extracting(first: real.count)
  return NDArray.filled(real.shape) { Scalar(x[$0], 0) }
}
