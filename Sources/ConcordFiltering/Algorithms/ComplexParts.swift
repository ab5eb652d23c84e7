import ComplexModule
import ConcordArrays
import ConcordBackends

extension NDArray {
  /// The real and imaginary parts as two buffers, which is how kernels and transforms take them.
  func split<Real: RealScalar>() -> Samples<Real> where Scalar == Complex<Real> {
    var real = SharedBuffer<Real>(uninitializedCount: count)
    var imaginary = SharedBuffer<Real>(uninitializedCount: count)
    var re = real.mutableSpan
    var im = imaginary.mutableSpan
    splitParts(span, &re, &im)
    return Samples(real: real, imaginary: imaginary)
  }

  /// A complex array of its real and imaginary parts; a missing imaginary part is zero.
  init<Real: RealScalar>(shape: Shape<rank>, joining parts: Samples<Real>)
  where Scalar == Complex<Real> {
    self.init(uninitialized: shape)
    overwrite(joining: parts)
  }

  /// Overwrites a complex array with its real and imaginary parts; a missing imaginary part is zero.
  mutating func overwrite<Real: RealScalar>(joining parts: Samples<Real>)
  where Scalar == Complex<Real> {
    let imaginary =
      parts.imaginary ?? SharedBuffer<Real>(repeating: 0, count: parts.real.count)
    var out = mutableSpan
    joinParts(parts.real.span, imaginary.span, into: &out)
  }
}

// The loops are generic over the scalar alone: with the rank as well they stay unspecialised.

@_specialize(exported:false,where Real == Float)
@_specialize(exported:false,where Real == Double)
private func splitParts<Real: RealScalar>(
  _ source: Span<Complex<Real>>, _ real: inout MutableSpan<Real>,
  _ imaginary: inout MutableSpan<Real>
) {
  for index in source.indices {
    // `real` and `imaginary` would be NaN as soon as one part is not finite.
    (real[index], imaginary[index]) = source[index].rawStorage
  }
}

@_specialize(exported:false,where Real == Float)
@_specialize(exported:false,where Real == Double)
private func joinParts<Real: RealScalar>(
  _ real: Span<Real>, _ imaginary: Span<Real>, into out: inout MutableSpan<Complex<Real>>
) {
  for index in out.indices { out[index] = Complex(real[index], imaginary[index]) }
}
