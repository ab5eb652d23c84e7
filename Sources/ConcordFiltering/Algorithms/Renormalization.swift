import ConcordArrays
import ConcordBackends

/// Windows that shrink at the edges: sums over what is inside, rescaled to the full sum of weights.
///
///     out[p] = Σ_inside w f · Σ w / Σ_inside w
///
/// Where the weights inside sum to nothing (below 10⁻¹² of their absolute sum) the result is NaN.
struct Renormalization<Scalar: RealScalar>: Sendable {
  private let geometry: ConvolutionGeometry
  /// The outputs, some of the geometry's if they are a stride apart.
  private let output: Extents
  /// Sums of the weights before each index along each axis, real and imaginary.
  private let real: PrefixSums
  private let imaginary: PrefixSums?
  private let terms: WindowTerms<Scalar>
  private let axes: [EdgeWindows]
  /// What rescales the outputs of rows whose windows are inside along the other axes, by the ranges of
  /// columns.
  private let commonFactors: [Factor]
  private let commonParts: ([Double], [Double])

  init(
    weights: Samples<Scalar>, geometry: ConvolutionGeometry,
    stride: Extents = Extents(1, 1, 1)
  ) throws(ConcordError) {
    self.geometry = geometry
    output = Extents { (geometry.output[$0] + stride[$0] - 1) / stride[$0] }
    terms = WindowTerms(weights: weights, geometry: geometry, stride: stride, output: output)
    real = PrefixSums(weights.real, extents: geometry.kernel)
    imaginary = weights.imaginary.map { PrefixSums($0, extents: geometry.kernel) }
    axes = (0..<3).map { EdgeWindows(geometry, axis: $0, stride: stride[$0]) }
    let sums = (real, imaginary)
    let all = (0..<geometry.kernel.planes, 0..<geometry.kernel.rows)
    commonFactors = axes[2].ranges.map { Factor(of: sums, inside: all, $0) }
    commonParts = (commonFactors.map { $0.real }, commonFactors.map { $0.imaginary })
    let full = Factor.magnitude(real.total, imaginary?.total ?? 0)
    guard full > 1e-12 * (real.absolute + (imaginary?.absolute ?? 0)) else {
      throw .weightsSumToZero
    }
  }

  /// total / part, as a complex quotient; NaN where the part is nothing.
  private struct Factor {
    var real = Double.nan
    var imaginary = 0.0

    var magnitude: Double { Self.magnitude(real, imaginary) }

    init(
      of sums: (real: PrefixSums, imaginary: PrefixSums?), inside lines: (Range<Int>, Range<Int>),
      _ columns: Range<Int>
    ) {
      let a = sums.real.sum(lines.0, lines.1, columns)
      guard let other = sums.imaginary else {
        if abs(a) > 1e-12 * sums.real.absolute { real = sums.real.total / a }
        return
      }
      // The weights of a correlation are conjugated.
      let (c, d, b) = (sums.real.total, -other.total, -other.sum(lines.0, lines.1, columns))
      let square = a * a + b * b
      guard square.squareRoot() > 1e-12 * (sums.real.absolute + other.absolute) else {
        imaginary = .nan
        return
      }
      (real, imaginary) = ((c * a + d * b) / square, (d * a - c * b) / square)
    }

    static func magnitude(_ a: Double, _ b: Double) -> Double {
      (a * a + b * b).squareRoot()
    }
  }

  /// Rescales the sums of every output whose window reaches outside.
  ///
  /// Transforms round relative to the whole image, and a large factor would bring that out. So
  /// given the image of sums that were made by transforms, those sums are made anew, term by term.
  func apply(to out: inout Samples<Scalar>, ofTransformed image: Samples<Scalar>?, threads: Int) {
    if var part = out.imaginary {
      // Held once, so that nothing is copied.
      out.imaginary = nil
      applyComplex(to: &out.real, &part, image)
      out.imaginary = part
      return
    }
    let rows = (0..<(output.planes * output.rows)).map {
      ($0 * output.columns)..<(($0 + 1) * output.columns)
    }
    fillRanges(rows, of: &out.real, threads: threads) {
    } body: { row, out, _ in
      let (factors, parts, outputs) = factors(ofRow: row)
      Self.scale(&out, by: parts.0, axes[2].index, at: outputs)
      guard let image else { return }
      forEachLargeFactor(factors, ofRow: row) { column, inside, factor in
        out[column] = Scalar(terms.sum(image, row, column, inside).real * factor.real)
      }
    }
  }

  /// What rounding of a transform is multiplied with at most.
  private static var largestFactor: Double { 16 }

  private func applyComplex(
    to real: inout SharedBuffer<Scalar>, _ imaginary: inout SharedBuffer<Scalar>,
    _ image: Samples<Scalar>?
  ) {
    let columns = output.columns
    for row in 0..<(output.planes * output.rows) {
      let (factors, parts, outputs) = factors(ofRow: row)
      Self.multiply(&real, &imaginary, from: row * columns, by: parts, axes[2].index, at: outputs)
      guard let image else { continue }
      forEachLargeFactor(factors, ofRow: row) { column, inside, factor in
        let index = row * columns + column
        let (x, y) = terms.sum(image, row, column, inside)
        real[index] = Scalar(x * factor.real - y * factor.imaginary)
        imaginary[index] = Scalar(x * factor.imaginary + y * factor.real)
      }
    }
  }

  /// The taps of a row's windows that are inside, along planes and rows.
  private func inside(ofRow row: Int) -> (Range<Int>, Range<Int>) {
    (axes[0][row / output.rows], axes[1][row % output.rows])
  }

  /// The factors of a row by the ranges of columns, their parts, and the outputs that they are not 1
  /// for.
  private func factors(
    ofRow row: Int
  ) -> (factors: [Factor], parts: ([Double], [Double]), outputs: [Range<Int>]) {
    let lines = inside(ofRow: row)
    let complete = axes[2].complete
    let columns = 0..<output.columns
    if lines.0.count == geometry.kernel.planes, lines.1.count == geometry.kernel.rows {
      let ends = [0..<complete.lowerBound, complete.upperBound..<columns.upperBound]
      return (commonFactors, commonParts, ends)
    }
    let sums = (real, imaginary)
    let factors = axes[2].ranges.map { Factor(of: sums, inside: lines, $0) }
    return (factors, (factors.map { $0.real }, factors.map { $0.imaginary }), [columns])
  }

  /// Visits the outputs of a row that a transform's rounding must not be multiplied for.
  private func forEachLargeFactor(
    _ factors: [Factor], ofRow row: Int, _ body: (Int, [Range<Int>], Factor) -> Void
  ) {
    guard factors.contains(where: { $0.magnitude > Self.largestFactor }) else { return }
    let lines = inside(ofRow: row)
    for (column, index) in axes[2].index.enumerated()
    where factors[index].magnitude > Self.largestFactor {
      body(column, [lines.0, lines.1, axes[2].ranges[index]], factors[index])
    }
  }

  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  private static func scale(
    _ out: inout MutableSpan<Scalar>, by factors: [Double], _ index: [Int], at outputs: [Range<Int>]
  ) {
    for range in outputs {
      for column in range { out[column] *= Scalar(factors[index[column]]) }
    }
  }

  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  private static func multiply(
    _ real: inout SharedBuffer<Scalar>, _ imaginary: inout SharedBuffer<Scalar>, from first: Int,
    by factors: ([Double], [Double]), _ index: [Int], at outputs: [Range<Int>]
  ) {
    var re = real.mutableSpan
    var im = imaginary.mutableSpan
    for range in outputs {
      for column in range {
        let (a, b) = (factors.0[index[column]], factors.1[index[column]])
        let (x, y) = (Double(re[first + column]), Double(im[first + column]))
        re[first + column] = Scalar(x * a - y * b)
        im[first + column] = Scalar(x * b + y * a)
      }
    }
  }
}
