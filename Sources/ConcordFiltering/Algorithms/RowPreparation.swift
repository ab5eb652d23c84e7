import ConcordArrays
import ConcordBackends

/// What makes a matrix product out of a comparison of rows: rows are prepared so that the dot
/// product of two is their measure, and the products are finished.
enum RowPreparation {
  /// The bytes of memory that preparing matrices with so many elements together takes.
  static func bytes<Scalar: RealScalar>(
    _ elements: Int, of scalar: Scalar.Type, length: Int, for measure: RowMeasure, threads: Int
  ) -> Int {
    let rows = measure == .dot ? 0 : elements * MemoryLayout<Scalar>.stride
    let workers = measure == .spearman ? min(threads, elements / length) : 0
    return rows + workers * RowRanks<Scalar>.bytes(length: length)
  }

  /// Rows whose dot products are the measure.
  ///
  /// The rows are shared out in blocks that depend on the matrix alone.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  static func prepare<Scalar: RealScalar>(
    _ source: SharedBuffer<Scalar>, length: Int, for measure: RowMeasure, threads: Int
  ) -> SharedBuffer<Scalar> {
    if measure == .dot { return source }
    var result = SharedBuffer<Scalar>(uninitializedCount: source.count)
    let blocks = blocks(of: source.count, length: length)
    WorkProgress.untold {
      fillRanges(blocks, of: &result, threads: threads) {
        RowRanks<Scalar>(length: measure == .spearman ? length : 0)
      } body: { block, out, scratch in
        for start in stride(from: 0, to: out.count, by: length) {
          let first = blocks[block].lowerBound + start
          let row = source.span.extracting(first..<(first + length))
          if measure == .spearman {
            scratch.rank(row)
            standardize(scratch.ranks.span, centred: true, into: &out, at: start)
          } else {
            standardize(row, centred: measure != .cosine, into: &out, at: start)
          }
        }
      }
    }
    return result
  }

  /// Clips what rounding put beyond ±1, and turns coefficients into distances.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  static func finish<Scalar: RealScalar>(
    _ products: inout SharedBuffer<Scalar>, _ measure: RowMeasure, threads: Int
  ) {
    if measure == .dot { return }
    let blocks = blocks(of: products.count, length: 1)
    WorkProgress.untold {
      fillRanges(blocks, of: &products, threads: threads) {
      } body: { _, out, _ in
        for index in out.indices where !out[index].isNaN {
          let r = Swift.min(1, Swift.max(-1, out[index]))
          out[index] = measure == .distance ? 1 - r : r
        }
      }
    }
  }

  /// Whole rows, of some 32768 elements together.
  private static func blocks(of count: Int, length: Int) -> [Range<Int>] {
    let step = max(1, (1 << 15) / length) * length
    return stride(from: 0, to: count, by: step).map { $0..<min($0 + step, count) }
  }

  /// Writes a row of norm 1, about its mean if `centred`.
  ///
  /// A row without norm becomes NaN.
  @inline(__always)
  private static func standardize<Scalar: RealScalar>(
    _ row: Span<Scalar>, centred: Bool, into out: inout MutableSpan<Scalar>, at start: Int
  ) {
    // Summed about the first element, so that the mean of a row of one value is that value.
    let first = Double(row[0])
    let mean = centred ? first + Scalar.moments(of: row, shift: first).sum / Double(row.count) : 0
    let factor = 1 / norm(of: row, about: mean)
    for index in row.indices {
      out[start + index] = Scalar((Double(row[index]) - mean) * factor)
    }
  }

  /// √Σ (x - mean)², NaN for a row without contrast.
  @inline(__always)
  private static func norm<Scalar: RealScalar>(
    of row: Span<Scalar>, about mean: Double
  ) -> Double {
    let squares = Scalar.moments(of: row, shift: mean).sumOfSquares
    // What rounding of the mean leaves of a row of one value is no contrast.
    let noise = 4 * abs(mean) * Double.ulpOfOne
    if squares > 1e-250 && squares < 1e250 && squares > Double(row.count) * noise * noise {
      return squares.squareRoot()
    }
    // A scale keeps squares of huge and tiny values representable.
    var scale = 0.0
    for index in row.indices { scale = Swift.max(scale, abs(Double(row[index]) - mean)) }
    if scale <= noise { return .nan }
    var scaled = 0.0
    for index in row.indices {
      let x = (Double(row[index]) - mean) / scale
      scaled += x * x
    }
    return scale * scaled.squareRoot()
  }
}
