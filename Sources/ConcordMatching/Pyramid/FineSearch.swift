import ConcordArrays
import ConcordBackends
import ConcordFiltering

/// The scores around places that a coarse search found.
struct FineSearch<let rank: Int, Scalar: RealScalar> {
  let scene: NDArray<rank, Scalar>
  let factor: Int
  let options: PyramidOptions
  /// For a part of the scene that leaves the template one block of room on each side.
  let matcher: TemplateMatcher<rank, Scalar>

  init(
    scene: NDArray<rank, Scalar>, template: NDArray<rank, Scalar>, factor: Int,
    options: PyramidOptions
  ) throws(ConcordError) {
    self.scene = scene
    self.factor = factor
    self.options = options
    let part = Shape<rank> { min(scene.shape[$0], template.shape[$0] + 2 * factor) }
    matcher = try TemplateMatcher(
      template: template, scene: part, options: options.matching.forSingleCall)
  }

  /// The places that are wanted, best first, and how many coarse ones were looked at.
  func matches(
    around coarse: [Match<rank>]
  ) throws(ConcordError) -> (matches: [Match<rank>], candidates: Int) {
    let distance =
      options.peaks.minimumDistance.isEmpty
      ? matcher.defaultPeakDistance : options.peaks.minimumDistance
    guard distance.count == rank else {
      throw .elementCount(expected: rank, found: distance.count)
    }
    var kept: [Match<rank>] = []
    var candidates = 0
    for place in coarse {
      // What is so much worse than the last place that is kept is not going to take it.
      if kept.count == options.peaks.count, let last = kept.last,
        place.score < last.score - options.margin
      {
        break
      }
      candidates += 1
      let match = try climb(from: Position { place.position[$0] * factor })
      guard let match, options.peaks.admits(match.score) else { continue }
      kept.append(match)
      // Where all are wanted, they are put in order once.
      if kept.count >= options.peaks.count { kept = spaced(kept, distance: distance) }
    }
    return (spaced(kept, distance: distance), candidates)
  }

  /// The best of some matches that are far enough apart.
  private func spaced(_ matches: [Match<rank>], distance: [Int]) -> [Match<rank>] {
    let ranked = matches.sorted {
      $0.score != $1.score
        ? $0.score > $1.score
        : $0.position.components.lexicographicallyPrecedes($1.position.components)
    }
    var kept: [Match<rank>] = []
    for match in ranked where kept.count < options.peaks.count {
      let isNear = kept.contains { other in
        (0..<rank).allSatisfy { abs(other.position[$0] - match.position[$0]) < distance[$0] }
      }
      if !isNear { kept.append(match) }
    }
    return kept
  }

  /// The best place around one, and around that, until it is the best of its surroundings.
  private func climb(from start: Position<rank>) throws(ConcordError) -> Match<rank>? {
    var place = start
    var best: Match<rank>?
    while true {
      let corner = corner(around: place)
      let ranges = (0..<rank).map { corner[$0]..<(corner[$0] + matcher.plan.imageShape[$0]) }
      let part = try scene.view.view(ranges).copied()
      var peaks = PeakOptions(count: 1)
      peaks.subpixel = options.peaks.subpixel
      peaks.threads = 1
      guard let match = try matcher.matches(in: part, scores: matcher.scores(in: part), peaks).first
      else { return best }
      let position = Position<rank> { match.position[$0] + corner[$0] }
      if let best, best.score >= match.score { return best }
      best = Match(position: position, score: match.score, fit: match.fit)
      if self.corner(around: position) == corner { return best }
      place = position
    }
  }

  /// Where the part of the scene begins that has a place in its middle, as far as the scene reaches.
  private func corner(around place: Position<rank>) -> Position<rank> {
    Position {
      min(max(0, place[$0] - factor), scene.shape[$0] - matcher.plan.imageShape[$0])
    }
  }
}
