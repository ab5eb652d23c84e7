import ConcordArrays
import ConcordBackends
import Synchronization

/// The best score of many maps at each place, and where each map has its best.
struct BestScores<Scalar: RealScalar> {
  /// A score, negated if low ones are good, and whose it is.
  private struct Entry {
    var score: Scalar
    var template: Int32
  }

  private var entries: SharedBuffer<Entry>
  private let sign: Scalar

  init(count: Int, isDistance: Bool) {
    entries = SharedBuffer(
      repeating: Entry(score: -.infinity, template: -1), count: count)
    sign = isDistance ? -1 : 1
  }

  /// Elements that are compared with all maps while they are in the first-level cache.
  private static var block: Int { 2048 }

  /// Adds maps that follow each other, and returns where each has its best score; nil if it has none.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  mutating func add(
    _ maps: SharedBuffer<Scalar>, of count: Int, first: Int, threads: Int
  ) -> [Int?] {
    let size = entries.count
    let step = 32 * Self.block
    let ranges = (0..<size.parts(of: step)).map { $0 * step..<min(($0 + 1) * step, size) }
    let places = Mutex([Place?](repeating: nil, count: count))
    let sign = sign
    fillRanges(ranges, of: &entries, threads: threads) {
    } body: { task, entries, _ in
      let scores = maps.span
      var found = [Place?](repeating: nil, count: count)
      var start = 0
      while start < entries.count {
        let end = min(start + Self.block, entries.count)
        for map in 0..<count {
          let offset = map * size + ranges[task].lowerBound
          var best = found[map]?.score ?? -.infinity
          var place = -1
          for index in start..<end {
            let score = sign * scores[offset + index]
            if score > entries[index].score {
              entries[index] = Entry(score: score, template: Int32(truncatingIfNeeded: first + map))
            }
            if score > best {
              best = score
              place = index
            }
          }
          if place >= 0 {
            found[map] = Place(score: best, index: ranges[task].lowerBound + place)
          }
        }
        start = end
      }
      places.withLock { places in
        for map in 0..<count {
          guard let new = found[map] else { continue }
          if places[map].map({ new.isBetter(than: $0) }) ?? true { places[map] = new }
        }
      }
    }
    return places.withLock { $0.map { $0?.index } }
  }

  /// A score of one map, and its place.
  private struct Place: Sendable {
    let score: Scalar
    let index: Int

    /// Whichever task came first.
    func isBetter(than other: Place) -> Bool {
      score != other.score ? score > other.score : index < other.index
    }
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
