import ConcordArrays
import ConcordBackends

/// Sums over a part of the kernel by their definition, in Double.
struct WindowTerms<Scalar: RealScalar>: Sendable {
  let weights: Samples<Scalar>
  let geometry: ConvolutionGeometry
  /// How far outputs are apart, and how many that leaves.
  let stride: Extents
  let output: Extents

  /// Σ conj(w[t]) f[p + t + offset] over a box of taps that all lie inside the image.
  func sum(
    _ image: Samples<Scalar>, _ row: Int, _ column: Int, _ taps: [Range<Int>]
  ) -> (real: Double, imaginary: Double) {
    let (a, c) = (image.real.span, weights.real.span)
    guard let b = image.imaginary?.span, let d = weights.imaginary?.span else {
      var sum = 0.0
      forEachTerm(row, column, taps) { sum += Double(a[$0]) * Double(c[$1]) }
      return (sum, 0)
    }
    var (real, imaginary) = (0.0, 0.0)
    forEachTerm(row, column, taps) { pixel, tap in
      let (x, y) = (Double(a[pixel]), Double(b[pixel]))
      let (u, v) = (Double(c[tap]), Double(d[tap]))
      real += x * u + y * v
      imaginary += y * u - x * v
    }
    return (real, imaginary)
  }

  /// Visits the indices of pixel and tap of each term.
  private func forEachTerm(
    _ row: Int, _ column: Int, _ taps: [Range<Int>], _ body: (Int, Int) -> Void
  ) {
    let (image, kernel, offset) = (geometry.image, geometry.kernel, geometry.offset)
    let plane = row / output.rows * stride.planes + offset.planes
    let line = row % output.rows * stride.rows + offset.rows
    let first = column * stride.columns + offset.columns
    for i in taps[0] {
      for j in taps[1] {
        let pixels =
          ((plane + i) * image.rows + line + j) * image.columns + first
        let weights = (i * kernel.rows + j) * kernel.columns
        for k in taps[2] { body(pixels + k, weights + k) }
      }
    }
  }
}
