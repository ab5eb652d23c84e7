import ConcordArrays
import ConcordBackends

/// Sums of boxes of weights in constant time, in Double.
struct PrefixSums: Sendable {
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
