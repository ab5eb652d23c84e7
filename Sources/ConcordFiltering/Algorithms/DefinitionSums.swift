import ConcordArrays
import ConcordBackends

/// Single outputs from the definition, in Double: the oracle of verification, and what replaces
/// sums that rounded too much.
struct DefinitionSums<Scalar: RealScalar>: Sendable {
  /// The kernel as the sums of the geometry use it.
  private let weights: Samples<Scalar>
  private let geometry: ConvolutionGeometry

  init(weights: Samples<Scalar>, geometry: ConvolutionGeometry) {
    self.weights = weights
    self.geometry = geometry
  }

  /// Σ conj(w[t]) F[p + t + offset], rescaled where the boundary says so.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  func value(_ output: Int, of image: Samples<Scalar>) -> (real: Double, imaginary: Double) {
    let extents = geometry.output
    let place = Extents(
      output / (extents.rows * extents.columns), output / extents.columns % extents.rows,
      output % extents.columns)
    let columns = (0..<geometry.kernel.columns).map { index(place, $0, axis: 2) }
    var sum = (real: 0.0, imaginary: 0.0)
    var inside = (real: 0.0, imaginary: 0.0)
    var total = (real: 0.0, imaginary: 0.0)
    var tap = 0
    for i in 0..<geometry.kernel.planes {
      let plane = index(place, i, axis: 0)
      for j in 0..<geometry.kernel.rows {
        let row = index(place, j, axis: 1)
        for column in columns {
          let weight = (
            real: Double(weights.real[tap]),
            imaginary: weights.imaginary.map { -Double($0[tap]) } ?? 0
          )
          tap += 1
          total = (total.real + weight.real, total.imaginary + weight.imaginary)
          var x = (real: geometry.edges.value, imaginary: 0.0)
          if let plane, let row, let column {
            let pixel = (plane * geometry.image.rows + row) * geometry.image.columns + column
            x = (Double(image.real[pixel]), image.imaginary.map { Double($0[pixel]) } ?? 0)
            inside = (inside.real + weight.real, inside.imaginary + weight.imaginary)
          } else if geometry.renormalizes {
            continue
          }
          // Products with an absent imaginary part must not turn infinity into NaN.
          sum.real += x.real * weight.real
          if weights.imaginary != nil {
            sum.real -= x.imaginary * weight.imaginary
            sum.imaginary += x.real * weight.imaginary
          }
          if image.imaginary != nil { sum.imaginary += x.imaginary * weight.real }
        }
      }
    }
    return geometry.renormalizes ? Self.rescaled(sum, total, inside) : sum
  }

  /// The product sum · total / inside.
  private static func rescaled(
    _ sum: (real: Double, imaginary: Double), _ total: (real: Double, imaginary: Double),
    _ inside: (real: Double, imaginary: Double)
  ) -> (real: Double, imaginary: Double) {
    let square = inside.real * inside.real + inside.imaginary * inside.imaginary
    let a = (total.real * inside.real + total.imaginary * inside.imaginary) / square
    let b = (total.imaginary * inside.real - total.real * inside.imaginary) / square
    return (sum.real * a - sum.imaginary * b, sum.real * b + sum.imaginary * a)
  }

  private func index(_ place: Extents, _ tap: Int, axis: Int) -> Int? {
    geometry.edges.index(
      place[axis] + tap + geometry.offset[axis], extent: geometry.image[axis])
  }
}
