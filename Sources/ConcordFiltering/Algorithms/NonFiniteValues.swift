import ConcordArrays
import ConcordBackends

/// Keeps NaN and infinity out of transforms, which would spread them over the whole result, and
/// puts them back where the sums that define the result would have them.
struct NonFiniteValues<Scalar: RealScalar>: Sendable {
  private let geometry: ConvolutionGeometry
  private let image: SharedBuffer<Scalar>
  private let weights: SharedBuffer<Scalar>
  private let threads: Int

  /// The image with the replacement in place of what is not finite.
  let cleaned: SharedBuffer<Scalar>

  /// Nil where every value, the boundary's constant included, is finite.
  init?(
    image: SharedBuffer<Scalar>, weights: SharedBuffer<Scalar>, geometry: ConvolutionGeometry,
    replacement: Scalar = 0, threads: Int
  ) {
    let isConstantFinite = Scalar(geometry.edges.value).isFinite
    guard !Scalar.allFinite(image.span) || !isConstantFinite else { return nil }
    self.geometry = geometry
    self.image = image
    self.weights = weights
    self.threads = threads
    cleaned = Self.map(image) { $0.isFinite ? $0 : replacement }
  }

  /// Overwrites every output whose window holds NaN or infinity with what its sum gives.
  func restore(in out: inout SharedBuffer<Scalar>) {
    let nans = touched { $0.isNaN }
    let infinities = touched { $0.isInfinite }
    let output = geometry.output
    let rows = (0..<(output.planes * output.rows)).map {
      ($0 * output.columns)..<(($0 + 1) * output.columns)
    }
    fillRanges(rows, of: &out, threads: threads) {
    } body: { row, out, _ in
      let nan = nans.span
      let infinity = infinities.span
      for column in 0..<output.columns {
        let index = row * output.columns + column
        if nan[index] {
          out[column] = .nan
        } else if infinity[index] {
          let plane = row / output.rows
          out[column] = infinitePart(at: Extents(plane, row % output.rows, column))
        }
      }
    }
  }

  /// Which outputs have a value in their window that `isBad`.
  private func touched(by isBad: @Sendable (Scalar) -> Bool) -> SharedBuffer<Bool> {
    let indicator = Self.map(image) { isBad($0) ? Scalar(1) : 0 }
    var counting = geometry
    counting.edges.value = isBad(Scalar(geometry.edges.value)) ? 1 : 0
    var result = SharedBuffer<Bool>(uninitializedCount: geometry.output.count)
    WindowSums(geometry: counting).run(indicator, threads: threads, into: &result) { part, out in
      let sums = part.sums
      for index in out.indices { out[index] = sums[index] > 0 }
    }
    return result
  }

  /// The sum of the infinite terms of one output, which no finite term can change.
  private func infinitePart(at position: Extents) -> Scalar {
    let taps = weights.span
    let pixels = image.span
    let extents = geometry.image
    var sum: Scalar = 0
    var next = 0
    for plane in 0..<geometry.kernel.planes {
      let fromPlane = index(position, plane, axis: 0)
      for row in 0..<geometry.kernel.rows {
        let fromRow = index(position, row, axis: 1)
        for column in 0..<geometry.kernel.columns {
          let fromColumn = index(position, column, axis: 2)
          var value = Scalar(geometry.edges.value)
          if let fromPlane, let fromRow, let fromColumn {
            value = pixels[(fromPlane * extents.rows + fromRow) * extents.columns + fromColumn]
          }
          if value.isInfinite { sum += value * taps[next] }
          next += 1
        }
      }
    }
    return sum
  }

  private func index(_ position: Extents, _ tap: Int, axis: Int) -> Int? {
    geometry.edges.index(
      position[axis] + tap + geometry.offset[axis], extent: geometry.image[axis])
  }

  private static func map(
    _ buffer: SharedBuffer<Scalar>, _ transform: (Scalar) -> Scalar
  ) -> SharedBuffer<Scalar> {
    var result = SharedBuffer<Scalar>(uninitializedCount: buffer.count)
    var out = result.mutableSpan
    let source = buffer.span
    for index in source.indices { out[index] = transform(source[index]) }
    return result
  }
}
