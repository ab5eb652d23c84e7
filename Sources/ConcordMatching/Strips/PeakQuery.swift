package import ConcordArrays
package import ConcordBackends

/// A strip of a map, with what lies around it as far as neighbours of its elements reach.
package struct MapStrip<Scalar: RealScalar>: Sendable {
  /// The scores that are there, strip and surroundings.
  package let values: SharedBuffer<Scalar>
  /// Whose they are, where they are the best of several templates.
  let labels: SharedBuffer<Int32>?
  /// The range of the map along its outermost axis that is there.
  package let held: Range<Int>
  /// The part of it that is the strip.
  package let range: Range<Int>

  /// The range of values that is the strip.
  package var strip: Range<Int> {
    let slice = held.isEmpty ? 0 : values.count / held.count
    return (range.lowerBound - held.lowerBound) * slice..<(range.upperBound - held.lowerBound)
      * slice
  }
}

/// Peaks that are looked for in a map that comes strip by strip.
package struct PeakQuery: Sendable {
  /// What was asked for.
  package let options: PeakOptions
  /// The extents of the whole map.
  let map: Extents
  /// The axis along which strips follow each other.
  let axis: Int
  let reach: Extents
  private let border: Extents
  private let threads: Int
  private var ranking: PeakRanking
  private var collector: PeakCollector

  /// A query in a map of `axes` axes, with room for so many candidates.
  package init(
    _ options: PeakOptions, map: Extents, axes: Int, axis: Int, capacity: Int? = nil
  ) throws(ConcordError) {
    try options.subpixel?.check()
    self.options = options
    self.map = map
    self.axis = axis
    reach = try options.extents(options.neighborhood, axes: axes, unless: 1, least: 0)
    border = try options.extents(options.border, axes: axes, unless: 0)
    threads = options.threads ?? availableProcessors
    let distance = try options.extents(options.minimumDistance, axes: axes, unless: 1)
    ranking = PeakRanking(
      options.count, extents: map, distance: distance, capacity: capacity)
    collector = ranking.makeCollector()
  }

  /// How far beside a strip scores have to be known.
  package var margin: Int { reach[axis] }

  /// Whether all is found; else the strips have to come once more.
  package private(set) var isDone = false

  /// Looks at a strip; the order of strips doesn't matter.
  package func look<Scalar: RealScalar>(at strip: MapStrip<Scalar>) {
    var extents = map
    var origin = Extents(0, 0, 0)
    extents[axis] = strip.held.count
    origin[axis] = strip.held.lowerBound
    let sign = options.seeking.sign
    var scan = PeakScan(
      strip.values, extents: extents, sign: sign,
      limit: options.threshold.map { sign * $0 } ?? -.infinity, reach: reach, border: border,
      plateaus: options.plateaus)
    scan.whole = map
    scan.origin = origin
    scan.kept = strip.strip
    scan.labels = strip.labels
    scan.run(after: ranking.last, spacing: ranking.spacing, threads: threads, into: collector)
  }

  /// Ends a pass over all strips.
  package mutating func endPass() {
    isDone = ranking.take(from: collector)
    collector = ranking.makeCollector()
  }

  /// The peaks, best first.
  package var found: [PeakCandidate] { ranking.found }
}

extension PeakOptions {
  /// A number for each of the three run-time axes: `other` for those that are missing.
  func extents(
    _ list: [Int], axes: Int, unless other: Int, least: Int? = nil
  ) throws(ConcordError) -> Extents {
    guard list.isEmpty || list.count == axes else {
      throw .elementCount(expected: axes, found: list.count)
    }
    return Extents { axis in
      let own = axis - (3 - axes)
      return own < 0 || list.isEmpty ? other : max(least ?? other, list[own])
    }
  }
}
