import ConcordArrays
import ConcordBackends

/// ``Renormalization`` for a product of one factor for each axis: the weights inside are a product
/// too, so that one number for each row and column rescales all sums.
struct FactorRenormalization<Scalar: RealScalar>: Sendable {
  /// Along one axis, for each output.
  private struct Axis {
    /// The sum of all weights by the sum of those inside; exactly 1 where all are.
    var factors: [Double] = []
    /// The magnitude of the sum of those inside, relative to the sum of all magnitudes.
    var shares: [Double] = []
  }

  private let axes: [Axis]
  private let output: Extents

  init(factors: [SharedBuffer<Scalar>], geometry: ConvolutionGeometry) throws(ConcordError) {
    output = geometry.output
    var axes: [Axis] = []
    var share = 1.0
    for axis in 0..<3 {
      let weights = (0..<factors[axis].count).map { Double(factors[axis][$0]) }
      let total = weights.reduce(0, +)
      let absolute = weights.reduce(0) { $0 + abs($1) }
      share *= absolute > 0 ? abs(total) / absolute : 0
      var result = Axis()
      for index in 0..<geometry.output[axis] {
        let start = index + geometry.offset[axis]
        let low = min(max(0, -start), weights.count)
        let high = max(low, min(weights.count, geometry.image[axis] - start))
        let isComplete = high - low == weights.count
        let inside = isComplete ? total : weights[low..<high].reduce(0, +)
        result.factors.append(isComplete ? 1 : total / inside)
        result.shares.append(abs(inside) / absolute)
      }
      axes.append(result)
    }
    self.axes = axes
    guard share > Self.smallestShare else { throw .weightsSumToZero }
  }

  /// Below this share of all weights, those inside sum to nothing.
  private static var smallestShare: Double { 1e-12 }

  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  func apply(to out: inout SharedBuffer<Scalar>, threads: Int) {
    let rows = (0..<(output.planes * output.rows)).map {
      ($0 * output.columns)..<(($0 + 1) * output.columns)
    }
    let edge = axes[2].factors.indices.filter { axes[2].factors[$0] != 1 }
    let all = Array(axes[2].factors.indices)
    fillRanges(rows, of: &out, threads: threads) {
    } body: { row, out, _ in
      let (plane, line) = (row / output.rows, row % output.rows)
      let factor = axes[0].factors[plane] * axes[1].factors[line]
      let share = axes[0].shares[plane] * axes[1].shares[line]
      for column in factor == 1 ? edge : all {
        let isNothing = share * axes[2].shares[column] <= Self.smallestShare
        out[column] *= isNothing ? .nan : Scalar(factor * axes[2].factors[column])
      }
    }
  }
}
