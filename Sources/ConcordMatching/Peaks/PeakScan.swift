package import ConcordArrays
package import ConcordBackends

/// An element that may be a peak, and how good it is: its value, negated where minima are sought.
package struct PeakCandidate: Hashable, Sendable {
  package var index: Int
  package var value: Double
  /// Whose value it is, where it is the best of several templates.
  package var label: Int32 = 0

  package init(index: Int, value: Double) {
    self.index = index
    self.value = value
  }

  /// Whether this one comes first: the better one, then that which is first in row-major order.
  func precedes(_ other: PeakCandidate) -> Bool {
    value != other.value ? value > other.value : index < other.index
  }
}

/// The search of an array for elements that no neighbour beats.
package struct PeakScan<Scalar: RealScalar>: Sendable {
  let values: SharedBuffer<Scalar>
  let extents: Extents
  /// 1 for maxima, -1 for minima.
  let sign: Double
  /// The least that counts, after the sign.
  let limit: Double
  /// How far neighbours reach.
  let reach: Extents
  /// What is left out at both ends of each axis.
  let border: Extents
  let plateaus: PlateauRule
  /// The array that the values are a strip of along its outermost axis: by default the values themselves.
  var whole: Extents
  /// Where the values begin in it.
  var origin = Extents(0, 0, 0)
  /// The values that are searched; others are but neighbours.
  var kept: Range<Int>
  /// Whose values they are.
  var labels: SharedBuffer<Int32>?

  package init(
    _ values: SharedBuffer<Scalar>, extents: Extents, sign: Double, limit: Double,
    reach: Extents, border: Extents, plateaus: PlateauRule
  ) {
    self.values = values
    self.extents = extents
    self.sign = sign
    self.limit = limit
    self.reach = reach
    self.border = border
    self.plateaus = plateaus
    whole = extents
    kept = 0..<values.count
  }

  /// Elements that a task looks at.
  private static var elementsOfTask: Int { 1 << 17 }

  /// Has all candidates collected that come after `last` and that `spacing` lets pass.
  ///
  /// Tasks are ranges of the array, whatever its shape, so a long signal is shared out as well.
  func run(
    after last: PeakCandidate?, spacing: PeakSpacing, threads: Int, into found: PeakCollector
  ) {
    let step = Self.elementsOfTask
    let first = (origin.planes * whole.rows + origin.rows) * whole.columns + origin.columns
    forEachTask(kept.count.parts(of: step), threads: threads) { task in
      let start = kept.lowerBound + task * step
      let range = start..<min(start + step, kept.upperBound)
      // What is known to be beaten by enough others needn't be looked at.
      var candidates = search(range, limit: max(limit, found.floor))
      for place in candidates.indices {
        if let labels { candidates[place].label = labels[candidates[place].index] }
        candidates[place].index += first
      }
      if let last { candidates.removeAll { !last.precedes($0) } }
      candidates.removeAll { spacing.isNear($0.index) }
      found.add(candidates)
    }
  }

  /// The candidates in a range of the array, one part of a row after the other.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  private func search(_ range: Range<Int>, limit: Double) -> [PeakCandidate] {
    let elements = values.span
    var found: [PeakCandidate] = []
    let columns = extents.columns
    let looksAside = reach.columns > 0
    for line in (range.lowerBound / columns)..<range.upperBound.parts(of: columns) {
      guard isInside(line: line) else { continue }
      let first = line * columns
      let start = max(range.lowerBound, first + border.columns - origin.columns)
      let end = min(
        range.upperBound, first + whole.columns - border.columns - origin.columns)
      for index in stride(from: start, to: end, by: 1) {
        let value = sign * Double(elements[index])
        // NaN is not at least anything.
        if !(value >= limit) { continue }
        // Most elements lose against a neighbour in their own row.
        if looksAside && index > first {
          let before = sign * Double(elements[index - 1])
          if before > value { continue }
        }
        if looksAside && index + 1 < first + columns {
          let after = sign * Double(elements[index + 1])
          if after > value { continue }
        }
        if isPeak(value, at: index) { found.append(PeakCandidate(index: index, value: value)) }
      }
    }
    return found
  }

  /// Whether a row lies within the border of rows and planes.
  private func isInside(line: Int) -> Bool {
    let plane = line / extents.rows + origin.planes
    let row = line % extents.rows + origin.rows
    return plane >= border.planes && plane < whole.planes - border.planes
      && row >= border.rows && row < whole.rows - border.rows
  }

  /// Whether no neighbour of an element beats it.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  private func isPeak(_ value: Double, at index: Int) -> Bool {
    let elements = values.span
    let centre = extents.position(ofIndex: index)
    let planes = extents.range(around: centre, reach: reach, axis: 0)
    let rows = extents.range(around: centre, reach: reach, axis: 1)
    let columns = extents.range(around: centre, reach: reach, axis: 2)
    let countsFirst = plateaus == .firstElement
    for plane in planes {
      for row in rows {
        let line = (plane * extents.rows + row) * extents.columns
        for neighbour in (line + columns.lowerBound)..<(line + columns.upperBound) {
          let other = sign * Double(elements[neighbour])
          if other > value { return false }
          if countsFirst && other == value && neighbour < index { return false }
        }
      }
    }
    return true
  }
}

extension Extents {
  /// The indices of an element along the three axes.
  func position(ofIndex index: Int) -> Extents {
    let line = index / columns
    return Extents(line / rows, line % rows, index % columns)
  }

  /// The indices along an axis that are no further from an element than `reach`.
  func range(around centre: Extents, reach: Extents, axis: Int) -> Range<Int> {
    let start = Swift.max(0, centre[axis] - reach[axis])
    return start..<Swift.min(self[axis], centre[axis] + reach[axis] + 1)
  }
}
