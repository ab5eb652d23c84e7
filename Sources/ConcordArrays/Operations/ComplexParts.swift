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
    let shape = try NDArray<rank, Scalar.RealType>.commonShape(real, imaginary)
    self = Self.written(shape) { join(real.span, imaginary.span, into: &$0) }
  }

  /// Complex numbers with the given real parts and no imaginary ones.
  public init(real: NDArray<rank, Scalar.RealType>) {
    self = Self.written(real.shape) { widen(real.span, into: &$0) }
  }

  /// The real parts, as a new array.
  public var real: NDArray<rank, Scalar.RealType> { written(.real) }

  /// The imaginary parts, as a new array.
  public var imaginary: NDArray<rank, Scalar.RealType> { written(.imaginary) }

  /// The distances from zero, √(real² + imaginary²), as a new array.
  ///
  /// NaN stays NaN, unlike in Complex's own `length`.
  public var magnitude: NDArray<rank, Scalar.RealType> { written(.magnitude) }

  /// The complex conjugates, as a new array.
  public var conjugate: Self {
    Self.written(shape) { ConcordArrays.conjugate(span, into: &$0) }
  }

  private func written(_ part: Part) -> NDArray<rank, Scalar.RealType> {
    NDArray<rank, Scalar.RealType>.written(shape) { write(part, of: span, into: &$0) }
  }
}

// MARK: - Loops

private enum Part {
  case real
  case imaginary
  case magnitude
}

@_specialize(exported:false,where Scalar == Complex<Float>)
@_specialize(exported:false,where Scalar == Complex<Double>)
private func write<Scalar: ComplexScalar>(
  _ part: Part, of z: Span<Scalar>, into out: inout MutableSpan<Scalar.RealType>
) {
  let z = z.extracting(first: out.count)
  switch part {
  case .real: fill(&out) { z[$0].rawStorage.x }
  case .imaginary: fill(&out) { z[$0].rawStorage.y }
  case .magnitude:
    fill(&out) { Scalar.RealType.hypot(z[$0].rawStorage.x, z[$0].rawStorage.y) }
  }
}

@_specialize(exported:false,where Scalar == Complex<Float>)
@_specialize(exported:false,where Scalar == Complex<Double>)
private func conjugate<Scalar: ComplexScalar>(
  _ z: Span<Scalar>, into out: inout MutableSpan<Scalar>
) {
  let z = z.extracting(first: out.count)
  fill(&out) { z[$0].conjugate }
}

@_specialize(exported:false,where Scalar == Complex<Float>)
@_specialize(exported:false,where Scalar == Complex<Double>)
private func join<Scalar: ComplexScalar>(
  _ real: Span<Scalar.RealType>, _ imaginary: Span<Scalar.RealType>,
  into out: inout MutableSpan<Scalar>
) {
  let x = real.extracting(first: out.count)
  let y = imaginary.extracting(first: out.count)
  fill(&out) { Scalar(x[$0], y[$0]) }
}

@_specialize(exported:false,where Scalar == Complex<Float>)
@_specialize(exported:false,where Scalar == Complex<Double>)
private func widen<Scalar: ComplexScalar>(
  _ real: Span<Scalar.RealType>, into out: inout MutableSpan<Scalar>
) {
  let x = real.extracting(first: out.count)
  fill(&out) { Scalar(x[$0], 0) }
}
