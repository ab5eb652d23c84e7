import ConcordArrays

/// The places of a template, from the peaks of its scores.
struct FoundPeaks<let rank: Int> {
  let options: MatchingOptions
  let template: Shape<rank>
  /// The place of the first score.
  let firstPosition: Position<rank>

  /// Half the template's extents, rounded up: how far matches are apart along some axis.
  static func defaultDistance(_ template: Shape<rank>) -> [Int] {
    template.components.map { Swift.max(1, ($0 + 1) / 2) }
  }

  /// The peaks of a map, best first, as `score` has them.
  func matches<Scalar: RealScalar>(
    in scores: NDArray<rank, Scalar>, _ peaks: PeakOptions,
    score: (Position<rank>) throws(ConcordError) -> Double
  ) throws(ConcordError) -> [Match<rank>] {
    var peaks = peaks
    peaks.seeking = options.metric.isDistance ? .minima : .maxima
    peaks.threads = peaks.threads ?? options.threads
    if peaks.minimumDistance.isEmpty { peaks.minimumDistance = Self.defaultDistance(template) }
    var found = try scores.peaks(peaks)
    for index in found.indices {
      let place = found[index].position
      let first = firstPosition
      found[index].position = Position { place[$0] + first[$0] }
      found[index].score = try score(found[index].position)
    }
    // Equal scores come in row-major order, whatever rounding made of them in the map.
    return found.filter { peaks.admits($0.score) }.sorted {
      $0.score != $1.score
        ? options.metric.prefers($0.score, to: $1.score)
        : $0.position.components.lexicographicallyPrecedes($1.position.components)
    }
  }
}
