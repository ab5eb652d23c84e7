import ConcordBackends
import ConcordTestSupport

/// Random samples of three axes, real ones with an imaginary part of 0.
struct Block {
  let extents: Extents
  let isComplex: Bool
  let values: ComplexValues

  init(extents: Extents, isComplex: Bool, _ random: inout SplitMix64) {
    self.extents = extents
    self.isComplex = isComplex
    let count = extents.count
    values = ComplexValues(
      real: random.numbers(count),
      imaginary: isComplex ? random.numbers(count) : [Double](repeating: 0, count: count))
  }

  func buffers<Scalar: BackendScalar>() -> Samples<Scalar> {
    Samples(
      real: SharedBuffer(values: values.real),
      imaginary: isComplex ? SharedBuffer(values: values.imaginary) : nil)
  }

  /// The samples at index 0 of a larger block of zeros.
  func placed(in whole: Extents) -> ComplexValues {
    var result = ComplexValues(
      real: [Double](repeating: 0, count: whole.count),
      imaginary: [Double](repeating: 0, count: whole.count))
    for (index, position) in positions(in: extents).enumerated() {
      let to = offset(position, in: whole)
      result.real[to] = values.real[index]
      result.imaginary[to] = values.imaginary[index]
    }
    return result
  }

  /// Σ w[t] x[p - t], or Σ conj(w[t]) x[p + t] if conjugated, with the period `whole`.
  func product(_ kernel: Block, in whole: Extents, conjugate: Bool) -> ComplexValues {
    let image = placed(in: whole)
    var result = ComplexValues(real: [], imaginary: [])
    for p in positions(in: whole) {
      var re = 0.0
      var im = 0.0
      for (tap, t) in positions(in: kernel.extents).enumerated() {
        let at = Extents { axis in
          let index = (p[axis] + (conjugate ? t[axis] : -t[axis])) % whole[axis]
          return index < 0 ? index + whole[axis] : index
        }
        let (x, y) = (image.real[offset(at, in: whole)], image.imaginary[offset(at, in: whole)])
        let w = kernel.values.real[tap]
        let v = conjugate ? -kernel.values.imaginary[tap] : kernel.values.imaginary[tap]
        re += x * w - y * v
        im += x * v + y * w
      }
      result.real.append(re)
      result.imaginary.append(im)
    }
    return result
  }
}

extension ComplexValues {
  /// The values at the crop's indices, modulo the lengths.
  func cropped(_ crop: Crop, of whole: Extents) -> ComplexValues {
    let indices = positions(in: crop.count).map { p in
      offset(
        Extents { axis in
          let index = (crop.start[axis] + p[axis]) % whole[axis]
          return index < 0 ? index + whole[axis] : index
        }, in: whole)
    }
    return ComplexValues(real: indices.map { real[$0] }, imaginary: indices.map { imaginary[$0] })
  }
}

/// Every position in row-major order.
func positions(in extents: Extents) -> [Extents] {
  (0..<extents.planes).flatMap { plane in
    (0..<extents.rows).flatMap { row in
      (0..<extents.columns).map { Extents(plane, row, $0) }
    }
  }
}

/// The row-major index of a position.
func offset(_ position: Extents, in extents: Extents) -> Int {
  (position.planes * extents.rows + position.rows) * extents.columns + position.columns
}
