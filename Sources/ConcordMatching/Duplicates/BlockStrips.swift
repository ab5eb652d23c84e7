import ConcordArrays
import ConcordBackends

/// The blocks of an array as rows of a matrix, a strip of them at a time.
struct BlockStrips<Scalar: RealScalar>: Sendable {
  let values: SharedBuffer<Scalar>
  let extents: Extents
  let block: Extents
  let step: Extents
  let threads: Int

  /// How many blocks there are along each axis.
  var counts: Extents {
    Extents { block[$0] > extents[$0] ? 0 : (extents[$0] - block[$0]) / step[$0] + 1 }
  }

  /// Rows of a strip: enough for quick products, few enough for 32 MB.
  var height: Int {
    let bytes = max(1, block.count * MemoryLayout<Scalar>.stride)
    return min(2048, max(64, (32 << 20) / bytes))
  }

  /// Where a block begins.
  func corner(_ index: Int) -> Extents {
    let place = counts.position(ofIndex: index)
    return Extents { place[$0] * step[$0] }
  }

  /// Blocks minus their means, of norm 1, so that products are coefficients.
  ///
  /// Flat blocks, and those with NaN or infinity, become zeros; they are like nothing.
  func standardized(_ blocks: Range<Int>) -> (rows: SharedBuffer<Scalar>, leftOut: Int) {
    let length = block.count
    var rows = SharedBuffer<Scalar>(uninitializedCount: blocks.count * length)
    let ranges = (0..<blocks.count).map { ($0 * length)..<(($0 + 1) * length) }
    fillRanges(ranges, of: &rows, threads: threads) {
    } body: { task, row, _ in
      standardize(blocks.lowerBound + task, into: &row)
    }
    return (rows, emptyRows(rows.span, length: length))
  }

  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  private func emptyRows(_ rows: Span<Scalar>, length: Int) -> Int {
    var count = 0
    for start in stride(from: 0, to: rows.count, by: length) {
      var isEmpty = true
      for index in start..<(start + length) where isEmpty { isEmpty = rows[index] == 0 }
      if isEmpty { count += 1 }
    }
    return count
  }

  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  private func standardize(_ index: Int, into row: inout MutableSpan<Scalar>) {
    let moments = moments(index)
    guard let norm = moments.norm else {
      for slot in row.indices { row[slot] = 0 }
      return
    }
    let source = values.span
    var slot = 0
    forEachRow(of: corner(index)) { start in
      for element in start..<(start + block.columns) {
        row[slot] = Scalar((Double(source[element]) - moments.mean) / norm)
        slot += 1
      }
    }
  }

  /// The mean of a block, and √Σ (x - mean)²; nil for a flat one, or one that isn't finite.
  ///
  /// It is flat if its standard deviation is below a quarter of the rounding error of its mean, as for
  /// windows that templates are compared with.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  private func moments(_ index: Int) -> (mean: Double, norm: Double?) {
    let source = values.span
    let corner = corner(index)
    let count = Double(block.count)
    var sum = 0.0
    forEachRow(of: corner) { start in
      for element in start..<(start + block.columns) { sum += Double(source[element]) }
    }
    let mean = sum / count
    var squares = 0.0
    forEachRow(of: corner) { start in
      for element in start..<(start + block.columns) {
        let value = Double(source[element]) - mean
        squares += value * value
      }
    }
    let deviation = (squares / count).squareRoot()
    let noise = 0.25 * abs(mean) * Double(Scalar.ulpOfOne)
    guard deviation.isFinite, deviation > noise else { return (mean, nil) }
    return (mean, squares.squareRoot())
  }

  /// The coefficient of two blocks in Double.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  func score(_ first: Int, _ second: Int) -> Double {
    let (a, b) = (moments(first), moments(second))
    guard let normA = a.norm, let normB = b.norm else { return .nan }
    let source = values.span
    let one = corner(first)
    let other = corner(second)
    let offset =
      ((other.planes - one.planes) * extents.rows + other.rows - one.rows) * extents.columns
      + other.columns - one.columns
    var product = 0.0
    forEachRow(of: one) { start in
      for element in start..<(start + block.columns) {
        product +=
          (Double(source[element]) - a.mean) * (Double(source[element + offset]) - b.mean)
      }
    }
    return min(1, max(-1, product / (normA * normB)))
  }

  @inline(__always)
  private func forEachRow(of corner: Extents, _ body: (Int) -> Void) {
    for plane in 0..<block.planes {
      for row in 0..<block.rows {
        let line = (corner.planes + plane) * extents.rows + corner.rows + row
        body(line * extents.columns + corner.columns)
      }
    }
  }
}
