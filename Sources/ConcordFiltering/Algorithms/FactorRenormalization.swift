import ConcordArrays
import ConcordBackends

/// ``Renormalization`` for a product of one factor for each axis: the weights inside are a product
/// too, so that one number for each row and column rescales all sums.
struct FactorRenormalization<Scalar: RealScalar>: Sendable {
  /// Along one axis, for each output.
  private struct Axis {
    /// The sum of all weights by the sum of those inside; exactly 1 where all are.
    let factors: [Double]
    /// The magnitude of the sum of those inside, relative to the sum of all magnitudes.
    let shares: [Double]
  }

  private let axes: [Axis]
  private let output: Extents

  init(factors: [SharedBuffer<Scalar>], geometry: ConvolutionGeometry) throws(ConcordError) {
    output = geometry.output
    var axes: [Axis] = []
    var share = 1.0
    for axis in 0..<3 {
      let count = factors[axis].count
      let sums = PrefixSums(factors[axis], extents: Extents(1, 1, count))
      share *= sums.absolute > 0 ? abs(sums.total) / sums.absolute : 0
      let windows = EdgeWindows(geometry, axis: axis)
      let parts = windows.ranges.map { $0.count == count ? sums.total : sums.sum(0..<1, 0..<1, $0) }
      let result = Axis(
        factors: windows.index.map { parts[$0] == sums.total ? 1 : sums.total / parts[$0] },
        shares: windows.index.map { abs(parts[$0]) / sums.absolute })
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
