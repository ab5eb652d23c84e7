import ConcordArrays
import ConcordBackends
import ConcordFiltering

// Places of a map that is not held, scored and fitted by the definition.
extension WindowScores {
  /// The place of a score, with what the definition says of it.
  func match<let rank: Int>(at index: Int, _ query: PeakQuery) -> Match<rank> {
    match(at: geometry.output.position(ofIndex: index), query)
  }

  /// The place of a score, with what the definition says of it.
  func match<let rank: Int>(at output: Extents, _ query: PeakQuery) -> Match<rank> {
    let offset = geometry.offset
    let fit = query.options.subpixel.flatMap {
      extremum(around: output, by: $0, sign: query.options.seeking.sign, reach: query.reach)
    }
    return Match(
      position: Position {
        let axis = $0 + 3 - rank
        return output[axis] + offset[axis]
      }, score: score(at: output),
      fit: fit.map { fit in
        PeakFit(
          offset: Displacement { fit.offset[$0 + 3 - rank] }, value: fit.value)
      })
  }

  /// Where the peak lies between places, fitted to scores around one; nil as ``SubpixelMethod`` tells.
  private func extremum(
    around output: Extents, by method: SubpixelMethod, sign: Double, reach: Extents
  ) -> (offset: SIMD3<Double>, value: Double)? {
    var half = 1
    if case .polynomial(let size) = method { half = size / 2 }
    let map = geometry.output
    let first = Extents { reach[$0] > 0 ? max(0, output[$0] - half) : output[$0] }
    let count = Extents {
      reach[$0] > 0 ? min(map[$0], output[$0] + half + 1) - first[$0] : 1
    }
    var scores = SharedBuffer<Double>(uninitializedCount: count.count)
    let ranges = (0..<count.count).map { $0..<($0 + 1) }
    fillRanges(ranges, of: &scores, threads: options.threadCount) {
    } body: { index, out, _ in
      let place = count.position(ofIndex: index)
      out[0] = score(at: Extents { first[$0] + place[$0] })
    }
    let window = PeakWindow(
      values: scores, reach: reach, extents: count, centre: Extents { output[$0] - first[$0] })
    return window.extremum(method, sign: sign)
  }
}

extension Match {
  /// Whether this place comes first: the better one, and of equal ones that which is first in row-major
  /// order.
  func precedes(_ other: Match, by metric: MatchingMetric) -> Bool {
    score != other.score
      ? metric.prefers(score, to: other.score)
      : position.components.lexicographicallyPrecedes(other.position.components)
  }
}
