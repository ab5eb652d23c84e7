public import ComplexModule
public import ConcordArrays
import ConcordBackends

extension FileArray {
  /// The elements as complex numbers; real ones get an imaginary part of zero.
  ///
  /// Nothing is copied if the file stores this very type.
  ///
  /// - Throws: ``ConcordArrays/ConcordError/file(path:problem:)`` if the file has another number of
  ///   dimensions.
  @_specialize(exported:false,kind:partial,where S == Float)
  @_specialize(exported:false,kind:partial,where S == Double)
  public func complexArray<let rank: Int, S: RealScalar>(
    as scalar: S.Type = S.self
  ) throws(ConcordError) -> NDArray<rank, Complex<S>> {
    let shape: Shape<rank> = try fittingShape()
    switch elements {
    case .real:
      let real: NDArray<rank, S> = try array(as: S.self)
      return NDArray(shape: shape, buffer: complexBuffer(real.buffer))
    case .complex64(let buffer):
      return NDArray(shape: shape, buffer: rounded(buffer, to: S.self))
    case .complex128(let buffer):
      return NDArray(shape: shape, buffer: rounded(buffer, to: S.self))
    }
  }
}

private func complexBuffer<S: RealScalar>(_ source: SharedBuffer<S>) -> SharedBuffer<Complex<S>> {
  var result = SharedBuffer<Complex<S>>(uninitializedCount: source.count)
  var out = result.mutableSpan
  let real = source.span
  for index in out.indices { out[index] = Complex(real[index], 0) }
  return result
}

private func rounded<Source: RealScalar, S: RealScalar>(
  _ source: SharedBuffer<Complex<Source>>, to scalar: S.Type
) -> SharedBuffer<Complex<S>> {
  // The compiler takes a direct cast between the two for impossible.
  let buffer: any Sendable = source
  if let same = buffer as? SharedBuffer<Complex<S>> { return same }
  var result = SharedBuffer<Complex<S>>(uninitializedCount: source.count)
  var out = result.mutableSpan
  let elements = source.span
  for index in out.indices {
    let element = elements[index]
    // The raw parts keep an infinity or NaN of one part from spreading to the other.
    out[index] = Complex(S(element.rawStorage.x), S(element.rawStorage.y))
  }
  return result
}
