import ConcordArrays
import ConcordBackends
import Synchronization

/// The best score of many maps at each place of a strip, and where each map has its best.
struct BestScores<Scalar: RealScalar> {
  /// A score, negated if low ones are good, and whose it is.
  private struct Entry {
    var score: Scalar
    var template: Int32
  }

  /// A score of one map, negated if low ones are good, and its place in that map.
  struct Place: Sendable {
    let score: Scalar
    var index: Int

    /// Whether this one counts, whichever came first.
    func isBetter(than other: Place) -> Bool {
      score != other.score ? score > other.score : index < other.index
    }
  }

  private var entries: SharedBuffer<Entry>
  private let extents: Extents
  private let sign: Scalar

  init(extents: Extents, isDistance: Bool) {
    self.extents = extents
    entries = SharedBuffer(
      repeating: Entry(score: -.infinity, template: -1), count: extents.count)
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
    let size = entries.count
    let step = 32 * Self.block
    let ranges = (0..<size.parts(of: step)).map { $0 * step..<min(($0 + 1) * step, size) }
    let places = Mutex([Place?](repeating: nil, count: numbers.count))
    let cover = MapCover(strip: extents, map: maps.extents, offset: offset)
    let labels = numbers.map { Int32(truncatingIfNeeded: $0) }
    let sign = sign
    fillRanges(ranges, of: &entries, threads: threads) {
    } body: { task, entries, _ in
      let scores = maps.values.span
      var found = [Place?](repeating: nil, count: labels.count)
      var start = ranges[task].lowerBound
      while start < ranges[task].upperBound {
        let end = min(start + Self.block, ranges[task].upperBound)
        let run = cover.run(from: start, to: end)
        let target = run.start - ranges[task].lowerBound
        for map in 0..<(run.count > 0 ? labels.count : 0) {
          let source = maps.start + map * maps.size + run.source
          var best = found[map]?.score ?? -.infinity
          var place = -1
          for index in 0..<run.count {
            let score = sign * scores[source + index]
            if score > entries[target + index].score {
              entries[target + index] = Entry(score: score, template: labels[map])
            }
            if score > best {
              best = score
              place = index
            }
          }
          if place >= 0 { found[map] = Place(score: best, index: run.source + place) }
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

  /// The scores and the numbers of the templates.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  func split() -> (scores: SharedBuffer<Scalar>, templates: SharedBuffer<Int32>) {
    var scores = SharedBuffer<Scalar>(uninitializedCount: entries.count)
    var templates = SharedBuffer<Int32>(uninitializedCount: entries.count)
    var out = scores.mutableSpan
    var numbers = templates.mutableSpan
    let source = entries.span
    for index in source.indices {
      let entry = source[index]
      out[index] = entry.template < 0 ? .nan : sign * entry.score
      numbers[index] = entry.template
    }
    return (scores, templates)
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
