import ConcordArrays
package import ConcordBackends
import Synchronization

/// The best candidates that concurrent tasks found, no more than there is room for.
///
/// Candidates have an order in which no two are equal, so what is kept doesn't depend on who came first.
final class PeakCollector: Sendable {
  private struct State {
    var kept: [PeakCandidate] = []
    /// The value of the last candidate that was kept when others were dropped.
    var floor = -Double.infinity
    var isComplete = true
  }

  private let state = Mutex(State())
  private let capacity: Int

  init(capacity: Int) { self.capacity = capacity }

  /// What comes below need not be added; ties may.
  var floor: Double { state.withLock { $0.floor } }

  func add(_ candidates: [PeakCandidate]) {
    if candidates.isEmpty { return }
    state.withLock { state in
      state.kept += candidates
      if state.kept.count > 2 * capacity { cut(&state) }
    }
  }

  /// The candidates, best first, and whether they are all that was added or left out by the floor.
  func ranked() -> (candidates: [PeakCandidate], isComplete: Bool) {
    state.withLock { state in
      if state.kept.count > capacity {
        cut(&state)
      } else {
        state.kept.sort { $0.precedes($1) }
      }
      return (state.kept, state.isComplete)
    }
  }

  private func cut(_ state: inout State) {
    state.kept.sort { $0.precedes($1) }
    state.kept.removeLast(state.kept.count - capacity)
    state.floor = state.kept[capacity - 1].value
    state.isComplete = false
  }
}

/// The peaks that were taken, to tell whether another is too near.
///
/// Space is cut into cells as large as the distance: a cell holds one peak at most, and what is near
/// lies in a neighbouring one.
struct PeakSpacing: Sendable {
  private let extents: Extents
  private let distance: Extents
  private let cells: Extents
  private var taken: [Int: Int] = [:]

  init(extents: Extents, distance: Extents) {
    self.extents = extents
    self.distance = distance
    cells = Extents { extents[$0].parts(of: distance[$0]) }
  }

  private var hasNoEffect: Bool { distance.count == 1 }

  /// Whether the distance to a peak that was taken is too small along every axis.
  func isNear(_ index: Int) -> Bool {
    if hasNoEffect || taken.isEmpty { return false }
    let place = extents.position(ofIndex: index)
    let cell = Extents { place[$0] / distance[$0] }
    let one = Extents(1, 1, 1)
    for plane in cells.range(around: cell, reach: one, axis: 0) {
      for row in cells.range(around: cell, reach: one, axis: 1) {
        for column in cells.range(around: cell, reach: one, axis: 2) {
          guard let other = taken[(plane * cells.rows + row) * cells.columns + column] else {
            continue
          }
          let peak = extents.position(ofIndex: other)
          if (0..<3).allSatisfy({ abs(peak[$0] - place[$0]) < distance[$0] }) { return true }
        }
      }
    }
    return false
  }

  mutating func take(_ index: Int) {
    if hasNoEffect { return }
    let place = extents.position(ofIndex: index)
    let cell = Extents { place[$0] / distance[$0] }
    taken[(cell.planes * cells.rows + cell.rows) * cells.columns + cell.columns] = index
  }
}

/// The best peaks that are far enough apart, chosen from candidates that come in passes.
///
/// Candidates are gathered in memory for so many; if all of those are used up and there are more, another
/// pass has to bring what comes after them.
struct PeakRanking: Sendable {
  private let count: Int
  private let capacity: Int
  /// The peaks, best first.
  private(set) var found: [PeakCandidate] = []
  /// What is too near to a peak.
  private(set) var spacing: PeakSpacing
  /// The last candidate that was looked at.
  private(set) var last: PeakCandidate?

  init(_ count: Int, extents: Extents, distance: Extents, capacity: Int? = nil) {
    self.count = count
    self.capacity = capacity ?? (count > 1 << 20 ? 1 << 22 : max(1 << 16, 4 * count))
    spacing = PeakSpacing(extents: extents, distance: distance)
  }

  func makeCollector() -> PeakCollector { PeakCollector(capacity: capacity) }

  /// Takes the peaks of a pass; whether no other is needed.
  mutating func take(from collector: PeakCollector) -> Bool {
    let (candidates, isComplete) = collector.ranked()
    for candidate in candidates {
      if found.count >= count { break }
      if spacing.isNear(candidate.index) { continue }
      found.append(candidate)
      spacing.take(candidate.index)
    }
    last = candidates.last
    return isComplete || found.count >= count
  }
}

extension PeakScan {
  /// The best peaks that are far enough apart, best first: the array is searched again for what comes
  /// after the candidates that there was room for.
  package func select(
    _ count: Int, distance: Extents, threads: Int, capacity: Int? = nil
  ) -> [PeakCandidate] {
    guard count > 0 else { return [] }
    var ranking = PeakRanking(count, extents: extents, distance: distance, capacity: capacity)
    while true {
      let collector = ranking.makeCollector()
      run(after: ranking.last, spacing: ranking.spacing, threads: threads, into: collector)
      if ranking.take(from: collector) { return ranking.found }
    }
  }
}
