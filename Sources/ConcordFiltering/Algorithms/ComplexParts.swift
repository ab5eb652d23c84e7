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
    let source = span
    for index in source.indices {
      // Complex's own parts are both NaN where one of them is infinite or NaN.
      let parts = source[index].rawStorage
      re[index] = parts.x
      im[index] = parts.y
    }
    return Samples(real: real, imaginary: imaginary)
  }

  /// A complex array of its real and imaginary parts; a missing imaginary part is zero.
  init<Real: RealScalar>(shape: Shape<rank>, joining parts: Samples<Real>)
  where Scalar == Complex<Real> {
    self.init(uninitialized: shape)
    var out = mutableSpan
    let re = parts.real.span
    if let imaginary = parts.imaginary {
      let im = imaginary.span
      for index in out.indices { out[index] = Complex(re[index], im[index]) }
    } else {
      for index in out.indices { out[index] = Complex(re[index], 0) }
    }
  }
}
