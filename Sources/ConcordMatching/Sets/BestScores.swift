import ConcordArrays
import ConcordBackends
import Synchronization

/// The best score of many maps at each place of a strip, and where each map has its best.
struct BestScores<Scalar: RealScalar> {
  /// A score of one map, negated if low ones are good, and its place in that map.
  struct Place: Sendable {
    let score: Scalar
    var index: Int

    /// Whether this one counts, whichever came first.
    func isBetter(than other: Place) -> Bool {
      score != other.score ? score > other.score : index < other.index
    }
  }

  /// The best scores, negated if low ones are good, and whose they are.
  private var scores: SharedBuffer<Scalar>
  private var templates: SharedBuffer<Int32>
  private let extents: Extents
  private let sign: Scalar

  init(extents: Extents, isDistance: Bool) {
    self.extents = extents
    scores = SharedBuffer(repeating: -.infinity, count: extents.count)
    templates = SharedBuffer(repeating: -1, count: extents.count)
    sign = isDistance ? -1 : 1
  }

  /// Elements that are compared with all maps while they are in the first-level cache.
  private static var block: Int { 2048 }

  /// Adds maps that lie over a part of the strip, and returns where each has its best score; nil if it
  /// has none.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  mutating func add(
    _ maps: GroupMaps<Scalar>, of numbers: [Int], at offset: Extents, threads: Int
  ) -> [Place?] {
    let size = scores.count
    let step = 32 * Self.block
    let ranges = (0..<size.parts(of: step)).map { $0 * step..<min(($0 + 1) * step, size) }
    let places = Mutex([Place?](repeating: nil, count: numbers.count))
    let cover = MapCover(strip: extents, map: maps.extents, offset: offset)
    let labels = numbers.map { Int32(truncatingIfNeeded: $0) }
    let sign = sign
    fillRanges(ranges, of: &scores, and: &templates, threads: threads) { task, best, owners in
      let values = maps.values.span
      var found = [Place?](repeating: nil, count: labels.count)
      var start = ranges[task].lowerBound
      while start < ranges[task].upperBound {
        let end = min(start + Self.block, ranges[task].upperBound)
        let run = cover.run(from: start, to: end)
        let target = run.start - ranges[task].lowerBound
        for map in 0..<(run.count > 0 ? labels.count : 0) {
          let source = maps.start + map * maps.size + run.source
          let part = values.extracting(source..<source + run.count)
          let top = Scalar.takeBest(
            part, sign: sign, label: labels[map], into: &best, &owners, at: target)
          guard top > found[map]?.score ?? -.infinity else { continue }
          var place = 0
          while sign * part[place] != top { place += 1 }
          found[map] = Place(score: top, index: run.source + place)
        }
        start = run.end
      }
      places.withLock { places in
        for map in labels.indices {
          guard let new = found[map] else { continue }
          if places[map].map({ new.isBetter(than: $0) }) ?? true { places[map] = new }
        }
      }
    }
    return places.withLock { $0 }
  }

  /// The scores, NaN where there is none, and the numbers of the templates.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  mutating func finish() -> (scores: SharedBuffer<Scalar>, templates: SharedBuffer<Int32>) {
    let sign = sign
    var values: SharedBuffer<Scalar> = .taken(from: &scores)
    let owners: SharedBuffer<Int32> = .taken(from: &templates)
    var out = values.mutableSpan
    let numbers = owners.span
    for index in numbers.indices {
      out[index] = numbers[index] < 0 ? .nan : sign * out[index]
    }
    return (values, owners)
  }
}

/// Where a map lies over a strip.
private struct MapCover: Sendable {
  let strip: Extents
  let map: Extents
  let offset: Extents

  /// Elements of the strip that a map has scores for, from `start` on, within one row unless all rows
  /// are the map's; and where to go on.
  func run(from start: Int, to limit: Int) -> (start: Int, count: Int, source: Int, end: Int) {
    if map == strip { return (start, limit - start, start, limit) }
    let place = strip.position(ofIndex: start)
    let end = min(limit, start + strip.columns - place.columns)
    let (plane, row) = (place.planes - offset.planes, place.rows - offset.rows)
    guard (0..<map.planes).contains(plane), (0..<map.rows).contains(row) else {
      return (start, 0, 0, end)
    }
    let low = max(place.columns, offset.columns)
    let high = min(place.columns + end - start, offset.columns + map.columns)
    guard low < high else { return (start, 0, 0, end) }
    let source = (plane * map.rows + row) * map.columns + low - offset.columns
    return (start + low - place.columns, high - low, source, end)
  }
}
