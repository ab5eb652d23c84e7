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

  init(
    weights: Samples<Scalar>, geometry: ConvolutionGeometry
  ) throws(ConcordError) {
    self.geometry = geometry
    real = PrefixSums(weights.real, extents: geometry.kernel)
    imaginary = weights.imaginary.map { PrefixSums($0, extents: geometry.kernel) }
    let full = Self.magnitude(real.total, imaginary?.total ?? 0)
    guard full > 1e-12 * (real.absolute + (imaginary?.absolute ?? 0)) else {
      throw .weightsSumToZero
    }
  }

  /// Rescales the sums of every output whose window reaches outside.
  func apply(to out: inout Samples<Scalar>, threads: Int) {
    let output = geometry.output
    let rows = (0..<(output.planes * output.rows)).map {
      ($0 * output.columns)..<(($0 + 1) * output.columns)
    }
    var imaginaryOut = out.imaginary
    if imaginary == nil {
      fillRanges(rows, of: &out.real, threads: threads) {
      } body: { row, out, _ in
        forEachEdgeOutput(in: row) { column, inside in
          out[column] *= Scalar(realFactor(inside))
        }
      }
      if var part = imaginaryOut {
        fillRanges(rows, of: &part, threads: threads) {
        } body: { row, out, _ in
          forEachEdgeOutput(in: row) { column, inside in
            out[column] *= Scalar(realFactor(inside))
          }
        }
        imaginaryOut = part
      }
    } else if var part = imaginaryOut {
      applyComplex(to: &out.real, &part)
      imaginaryOut = part
    }
    out.imaginary = imaginaryOut
  }

  private func applyComplex(
    to real: inout SharedBuffer<Scalar>, _ imaginary: inout SharedBuffer<Scalar>
  ) {
    var re = real.mutableSpan
    var im = imaginary.mutableSpan
    for row in 0..<(geometry.output.planes * geometry.output.rows) {
      forEachEdgeOutput(in: row) { column, inside in
        let index = row * geometry.output.columns + column
        let (a, b) = complexFactor(inside)
        let x = Double(re[index])
        let y = Double(im[index])
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
    let part = real.sum(inside)
    guard abs(part) > 1e-12 * real.absolute else { return .nan }
    return real.total / part
  }

  /// total / part, as a complex quotient; the weights of a correlation are conjugated.
  private func complexFactor(_ inside: [Range<Int>]) -> (Double, Double) {
    guard let imaginary else { return (realFactor(inside), 0) }
    let (a, b) = (real.sum(inside), -imaginary.sum(inside))
    let square = a * a + b * b
    guard square.squareRoot() > 1e-12 * (real.absolute + imaginary.absolute) else {
      return (.nan, .nan)
    }
    let (c, d) = (real.total, -imaginary.total)
    return ((c * a + d * b) / square, (d * a - c * b) / square)
  }

  private static func magnitude(_ a: Double, _ b: Double) -> Double {
    (a * a + b * b).squareRoot()
  }
}

/// Sums of boxes of weights in constant time, in Double.
private struct PrefixSums: Sendable {
  private let sums: [Double]
  private let extents: Extents
  let absolute: Double

  init<Scalar: RealScalar>(_ weights: SharedBuffer<Scalar>, extents: Extents) {
    self.extents = extents
    let size = Extents { extents[$0] + 1 }
    var sums = [Double](repeating: 0, count: size.count)
    var absolute = 0.0
    let taps = weights.span
    func at(_ p: Int, _ r: Int, _ c: Int) -> Int { (p * size.rows + r) * size.columns + c }
    var next = 0
    for p in 1...extents.planes {
      for r in 1...extents.rows {
        for c in 1...extents.columns {
          let tap = Double(taps[next])
          next += 1
          absolute += abs(tap)
          let faces = sums[at(p - 1, r, c)] + sums[at(p, r - 1, c)] + sums[at(p, r, c - 1)]
          let edges =
            sums[at(p - 1, r - 1, c)] + sums[at(p - 1, r, c - 1)] + sums[at(p, r - 1, c - 1)]
          sums[at(p, r, c)] = tap + faces - edges + sums[at(p - 1, r - 1, c - 1)]
        }
      }
    }
    self.sums = sums
    self.absolute = absolute
  }

  var total: Double { sums[sums.count - 1] }

  /// The sum over a box of taps: inclusion and exclusion of its eight corners.
  func sum(_ box: [Range<Int>]) -> Double {
    guard box.allSatisfy({ !$0.isEmpty }) else { return 0 }
    var sum = 0.0
    for corner in 0..<8 {
      var index = 0
      var sign = 1.0
      for axis in 0..<3 {
        let isLow = corner >> axis & 1 == 1
        index = index * (extents[axis] + 1) + (isLow ? box[axis].lowerBound : box[axis].upperBound)
        if isLow { sign = -sign }
      }
      sum += sign * sums[index]
    }
    return sum
  }
}
