import ConcordArrays
import ConcordBackends

/// Windows that shrink at the edges: sums over what is inside, rescaled to the full sum of weights.
///
///     out[p] = Σ_inside w f · Σ w / Σ_inside w
///
/// Where the weights inside sum to nothing (below 10⁻¹² of their absolute sum) the result is NaN.
struct Renormalization<Scalar: RealScalar>: Sendable {
  private let geometry: ConvolutionGeometry
  /// Sums of the weights before each index along each axis, real and imaginary.
  private let real: PrefixSums
  private let imaginary: PrefixSums?
  private let terms: WindowTerms<Scalar>

  init(
    weights: Samples<Scalar>, geometry: ConvolutionGeometry
  ) throws(ConcordError) {
    self.geometry = geometry
    terms = WindowTerms(weights: weights, geometry: geometry)
    real = PrefixSums(weights.real, extents: geometry.kernel)
    imaginary = weights.imaginary.map { PrefixSums($0, extents: geometry.kernel) }
    let full = Self.magnitude(real.total, imaginary?.total ?? 0)
    guard full > 1e-12 * (real.absolute + (imaginary?.absolute ?? 0)) else {
      throw .weightsSumToZero
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
    let output = geometry.output
    let rows = (0..<(output.planes * output.rows)).map {
      ($0 * output.columns)..<(($0 + 1) * output.columns)
    }
    fillRanges(rows, of: &out.real, threads: threads) {
    } body: { row, out, _ in
      forEachEdgeOutput(in: row) { column, inside in
        let factor = realFactor(inside)
        if let image, abs(factor) > Self.largestFactor {
          out[column] = Scalar(terms.sum(image, row, column, inside).real * factor)
        } else {
          out[column] *= Scalar(factor)
        }
      }
    }
  }

  /// What rounding of a transform is multiplied with at most.
  private static var largestFactor: Double { 16 }

  private func applyComplex(
    to real: inout SharedBuffer<Scalar>, _ imaginary: inout SharedBuffer<Scalar>,
    _ image: Samples<Scalar>?
  ) {
    var re = real.mutableSpan
    var im = imaginary.mutableSpan
    for row in 0..<(geometry.output.planes * geometry.output.rows) {
      forEachEdgeOutput(in: row) { column, inside in
        let index = row * geometry.output.columns + column
        let (a, b) = complexFactor(inside)
        var (x, y) = (Double(re[index]), Double(im[index]))
        if let image, Self.magnitude(a, b) > Self.largestFactor {
          (x, y) = terms.sum(image, row, column, inside)
        }
        re[index] = Scalar(x * a - y * b)
        im[index] = Scalar(x * b + y * a)
      }
    }
  }

  /// Visits the outputs of a row whose windows reach outside, with the taps that are inside.
  private func forEachEdgeOutput(in row: Int, _ body: (Int, [Range<Int>]) -> Void) {
    let planes = inside(row / geometry.output.rows, axis: 0)
    let lines = inside(row % geometry.output.rows, axis: 1)
    let isOuterComplete =
      planes.count == geometry.kernel.planes && lines.count == geometry.kernel.rows
    for column in 0..<geometry.output.columns {
      let columns = inside(column, axis: 2)
      if isOuterComplete && columns.count == geometry.kernel.columns { continue }
      body(column, [planes, lines, columns])
    }
  }

  /// The taps along an axis that meet the image.
  private func inside(_ index: Int, axis: Int) -> Range<Int> {
    let start = index + geometry.offset[axis]
    let low = max(0, -start)
    let high = min(geometry.kernel[axis], geometry.image[axis] - start)
    return low..<max(low, high)
  }

  private func realFactor(_ inside: [Range<Int>]) -> Double {
    var part = real.sum(inside)
    // Differences of prefix sums leave few digits of a small part.
    if abs(part) * Self.largestFactor < abs(real.total) { part = terms.weightSum(inside).real }
    guard abs(part) > 1e-12 * real.absolute else { return .nan }
    return real.total / part
  }

  /// total / part, as a complex quotient; the weights of a correlation are conjugated.
  private func complexFactor(_ inside: [Range<Int>]) -> (Double, Double) {
    guard let imaginary else { return (realFactor(inside), 0) }
    let (c, d) = (real.total, -imaginary.total)
    var (a, b) = (real.sum(inside), -imaginary.sum(inside))
    if Self.magnitude(a, b) * Self.largestFactor < Self.magnitude(c, d) {
      let sum = terms.weightSum(inside)
      (a, b) = (sum.real, -sum.imaginary)
    }
    let square = a * a + b * b
    guard square.squareRoot() > 1e-12 * (real.absolute + imaginary.absolute) else {
      return (.nan, .nan)
    }
    return ((c * a + d * b) / square, (d * a - c * b) / square)
  }

  private static func magnitude(_ a: Double, _ b: Double) -> Double {
    (a * a + b * b).squareRoot()
  }
}
