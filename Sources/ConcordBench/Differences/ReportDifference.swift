/// What got slower or faster from one report to another, beyond what runs differ among themselves.
package struct ReportDifference: Sendable {
  package enum Direction: String, Sendable {
    case slower, faster, same
  }

  /// An entry that both reports have.
  package struct Change: Sendable {
    package let old: Entry
    package let new: Entry
    /// The new median over the old one, without what the whole machine drifted.
    package let ratio: Double
    package let direction: Direction

    /// Whether it is Concord that changed, and not a library beside it.
    package var isOurs: Bool { new.isOurs }
  }

  /// The largest changes first.
  package let changes: [Change]
  package let onlyOld: [Entry]
  package let onlyNew: [Entry]
  /// How much longer the other libraries took, in the middle: the machine's own change.
  ///
  /// Nil if there are too few of them to tell.
  package let drift: Double?

  /// Compares the entries that two reports share.
  ///
  /// A change counts if the medians differ by more than three times the larger spread and by more
  /// than a part of the old median, below which no machine repeats itself.
  ///
  /// - Parameters:
  ///   - old: The report that counts as before.
  ///   - new: The report that counts as after.
  ///   - tolerance: The part of the median that never counts.
  ///   - correctsDrift: Whether new times are divided by the drift.
  package init(
    old: Report, new: Report, tolerance: Double = 0.05, correctsDrift: Bool = false
  ) {
    let known = Dictionary(old.entries.map { ($0.identity, $0) }, uniquingKeysWith: { $1 })
    let found = Dictionary(new.entries.map { ($0.identity, $0) }, uniquingKeysWith: { $1 })
    let pairs = new.entries.compactMap { entry in known[entry.identity].map { ($0, entry) } }
    let others = pairs.filter { !$0.1.isOurs }.map { $0.1.median / $0.0.median }
    let drift = others.count >= 3 ? Timing.median(of: others) : nil
    let scale = correctsDrift ? 1 / (drift ?? 1) : 1
    changes = pairs.map { Self.change($0, $1, tolerance, scale) }
      .sorted { max($0.ratio, 1 / $0.ratio) > max($1.ratio, 1 / $1.ratio) }
    onlyOld = old.entries.filter { found[$0.identity] == nil }
    onlyNew = new.entries.filter { known[$0.identity] == nil }
    self.drift = drift
  }

  private static func change(
    _ old: Entry, _ new: Entry, _ tolerance: Double, _ scale: Double
  ) -> Change {
    let difference = new.median * scale - old.median
    let noise = max(3 * max(old.spread, new.spread * scale), tolerance * old.median)
    let direction: Direction =
      difference > noise ? .slower : -difference > noise ? .faster : .same
    return Change(old: old, new: new, ratio: new.median * scale / old.median, direction: direction)
  }

  /// Whether anything of ours got slower.
  package var isSlower: Bool { changes.contains { $0.isOurs && $0.direction == .slower } }

  package var lines: [String] {
    func lines(_ direction: Direction) -> [String] {
      changes.filter { $0.direction == direction }.map { change in
        let times =
          "\(Report.milliseconds(change.old.median)) → \(Report.milliseconds(change.new.median)) ms"
        let spreads =
          "spread \(Report.milliseconds(change.old.spread)), "
          + Report.milliseconds(change.new.spread)
        let ratio = direction == .slower ? change.ratio : 1 / change.ratio
        return "\(direction.rawValue)  \(ratio.twoDigits) ×  \(times) (\(spreads))  "
          + change.new.identity
      }
    }
    func count(_ direction: Direction) -> Int { changes.count { $0.direction == direction } }
    let summary =
      "\(changes.count) compared: \(count(.slower)) slower, \(count(.faster)) faster, "
      + "\(count(.same)) the same within the spread"
      + "; \(onlyOld.count) only in the old report, \(onlyNew.count) only in the new one"
    let machine = drift.map {
      "The other libraries took \($0.twoDigits) times as long: so much is the machine's."
    }
    return lines(.slower) + lines(.faster) + [machine, summary].compactMap { $0 }
  }
}
