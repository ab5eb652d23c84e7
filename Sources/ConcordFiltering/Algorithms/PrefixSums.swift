package import ConcordArrays
package import ConcordBackends
import RealModule

/// Sums of boxes of weights in constant time.
///
/// Every prefix is a head and a tail, of twice the digits of Double: a small box is the difference of
/// large prefixes, and is still right to the last digit.
package struct PrefixSums: Sendable {
  /// The unevaluated sum of a head and what it doesn't hold.
  private struct Pair: Sendable {
    var head = 0.0
    var tail = 0.0

    static func += (sum: inout Pair, term: Pair) {
      let heads = Augmented.sum(sum.head, term.head)
      let result = Augmented.sum(large: heads.head, small: heads.tail + sum.tail + term.tail)
      sum = Pair(head: result.head, tail: result.tail)
    }

    static prefix func - (pair: Pair) -> Pair { Pair(head: -pair.head, tail: -pair.tail) }
  }

  private let sums: [Pair]
  private let extents: Extents
  /// The sum of all magnitudes.
  package let absolute: Double

  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  package init<Scalar: RealScalar>(_ weights: SharedBuffer<Scalar>, extents: Extents) {
    let size = Extents { extents[$0] + 1 }
    var sums = [Pair](repeating: Pair(), count: size.count)
    var absolute = 0.0
    let taps = weights.span
    var next = 0
    for plane in 1...extents.planes {
      for row in 1...extents.rows {
        let first = (plane * size.rows + row) * size.columns
        for column in 1...extents.columns {
          let tap = Double(taps[next])
          next += 1
          absolute += abs(tap)
          sums[first + column] = sums[first + column - 1]
          sums[first + column] += Pair(head: tap)
        }
      }
    }
    // Sums along rows become sums over rectangles, and these sums over boxes.
    let plane = size.rows * size.columns
    for start in stride(from: 0, to: sums.count, by: plane) {
      for index in (start + size.columns)..<(start + plane) {
        sums[index] += sums[index - size.columns]
      }
    }
    for index in plane..<sums.count { sums[index] += sums[index - plane] }
    self.extents = extents
    self.sums = sums
    self.absolute = absolute
  }

  /// The sum of all weights.
  package var total: Double { sums[sums.count - 1].head }

  /// The sum over a box of taps: inclusion and exclusion of its eight corners.
  package func sum(_ planes: Range<Int>, _ rows: Range<Int>, _ columns: Range<Int>) -> Double {
    if planes.isEmpty || rows.isEmpty || columns.isEmpty { return 0 }
    var sum = Pair()
    add(rows.upperBound, of: planes.upperBound, columns, isPositive: true, to: &sum)
    add(rows.lowerBound, of: planes.upperBound, columns, isPositive: false, to: &sum)
    add(rows.upperBound, of: planes.lowerBound, columns, isPositive: false, to: &sum)
    add(rows.lowerBound, of: planes.lowerBound, columns, isPositive: true, to: &sum)
    return sum.head
  }

  private func add(
    _ row: Int, of plane: Int, _ columns: Range<Int>, isPositive: Bool, to sum: inout Pair
  ) {
    // Prefixes of nothing are 0.
    guard plane > 0, row > 0 else { return }
    let first = (plane * (extents.rows + 1) + row) * (extents.columns + 1)
    let (high, low) = (sums[first + columns.upperBound], sums[first + columns.lowerBound])
    sum += isPositive ? high : -high
    if columns.lowerBound > 0 { sum += isPositive ? -low : low }
  }
}
