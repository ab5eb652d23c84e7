import ConcordArrays
import ConcordBackends

/// A Gaussian filter that works at a lower rate along every axis where that is within a tolerance.
struct MultirateGaussian<Scalar: RealScalar>: Sendable {
  private let extents: Extents
  private let filter: MultirateFilter<Scalar>
  private let edges: Extension
  private let threads: Int
  /// For each axis the sum of all weights by the sum of those inside, where sums are rescaled.
  private let factors: [[Double]]?
  /// The steps of the lower rates, outermost axis first.
  let steps: [Int]
  /// The seconds that it is predicted to take with all processors at work.
  let seconds: Double

  /// Nil where no axis can be lowered.
  ///
  /// `axes` are the extent, sigma and order of derivative along each axis; sigma 0 leaves it as it is.
  /// The taps of each may differ from the Gaussian's by `tolerance`, Σ |h - g| relative to Σ |g|.
  init?(
    axes: [(extent: Int, sigma: Double, order: Int)], tolerance: Double, boundary: Boundary,
    threads: Int, costs: CostModel = .current
  ) {
    var rates: [MultirateAxis] = []
    for axis in axes {
      if axis.sigma == 0 {
        rates.append(MultirateAxis(extent: axis.extent))
        continue
      }
      let found = GaussianRates(
        extent: axis.extent, sigma: axis.sigma, order: axis.order, tolerance: tolerance)
      guard let found else { return nil }
      rates.append(found.axis)
    }
    guard rates.contains(where: { $0.factor > 1 }) else { return nil }
    steps = rates.map(\.factor)
    rates =
      [MultirateAxis](repeating: MultirateAxis(extent: 1), count: 3 - rates.count) + rates
    extents = Extents { rates[$0].extent }
    filter = MultirateFilter(axes: rates)
    edges = boundary.edgeExtension
    factors = boundary == .renormalize ? rates.map(Self.factors) : nil
    let work = filter.work
    let serial =
      (work.multiplyAdds * costs.passMultiplyAdd + work.elements * costs.passOutput)
      * (MemoryLayout<Scalar>.size == 8 ? 2 : 1)
    self.threads = costs.usefulThreads(threads, seconds: serial)
    seconds =
      costs.call + serial / Double(costs.usefulThreads(availableProcessors, seconds: serial))
  }

  /// Bytes that it works in.
  var bytes: Int { filter.bytes }

  /// Filters an image; returns whether all results are finite: if not, the taps themselves must settle
  /// them.
  func run(_ image: SharedBuffer<Scalar>, into out: inout SharedBuffer<Scalar>) -> Bool {
    guard filter.run(image, edges: edges, threads: threads, into: &out) else { return false }
    if let factors { rescale(&out, by: factors) }
    return true
  }

  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  private func rescale(_ out: inout SharedBuffer<Scalar>, by factors: [[Double]]) {
    let (extents, along) = (extents, factors[2])
    let rows = (0..<(extents.planes * extents.rows)).map {
      ($0 * extents.columns)..<(($0 + 1) * extents.columns)
    }
    let edge = along.indices.filter { along[$0] != 1 }
    fillRanges(rows, of: &out, threads: threads) {
    } body: { row, out, _ in
      let factor = factors[0][row / extents.rows] * factors[1][row % extents.rows]
      if factor == 1 {
        for column in edge { out[column] *= Scalar(along[column]) }
      } else {
        for column in out.indices { out[column] *= Scalar(factor * along[column]) }
      }
    }
  }

  /// What ones become in zeros, inverted: 1 where no weight is outside.
  private static func factors(_ axis: MultirateAxis) -> [Double] {
    let lone = MultirateAxis(extent: 1)
    guard axis.factor > 1 else { return [Double](repeating: 1, count: axis.extent) }
    var sums = SharedBuffer<Double>(uninitializedCount: axis.extent)
    _ = MultirateFilter<Double>(axes: [lone, lone, axis]).run(
      SharedBuffer(repeating: 1, count: axis.extent), edges: Extension(.constant), threads: 1,
      into: &sums)
    let reach = axis.filter.count * axis.factor
    return (0..<axis.extent).map { index in
      min(index, axis.extent - 1 - index) > 2 * reach ? 1 : 1 / sums[index]
    }
  }
}
