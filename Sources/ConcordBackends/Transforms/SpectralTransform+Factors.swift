extension SpectralTransform {
  /// A spectrum that is a real product of one factor for each axis, each indexed by frequency:
  /// 0, 1, … N - 1, of which the innermost axis may have only as many as there are bins.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  package func spectrum(ofFactors factors: [[Double]], threads: Int) -> Spectrum<Scalar> {
    precondition(
      factors.count == 3 && factors[0].count == lengths.planes && factors[1].count == lengths.rows
        && factors[2].count >= bins)
    let spectrum = Spectrum<Scalar>(bins: bins, columnStride: columnStride)
    forEachTask(bins, threads: useful(threads)) { bin in
      let column = spectrum.column(bin)
      for plane in 0..<lengths.planes {
        let outer = factors[2][bin] * factors[0][plane]
        let start = column + 2 * plane * lengths.rows
        for row in 0..<lengths.rows {
          start[2 * row] = Scalar(outer * factors[1][row])
          start[2 * row + 1] = 0
        }
      }
    }
    return spectrum
  }
}
