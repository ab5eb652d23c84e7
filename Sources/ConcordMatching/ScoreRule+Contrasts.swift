import ConcordArrays
import ConcordBackends
import ConcordFiltering

// Many templates of one shape divide by the contrasts of the same windows.
extension ScoreRule {
  /// The reciprocals of what products with any template of this shape are divided by.
  ///
  /// They are 0 where windows are flat and score 0, and NaN where they score NaN. A number for each
  /// row follows, which is 0 if no window of the row may be spoilt by rounding. Empty where that
  /// depends on the template.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  func contrasts(of part: borrowing WindowSums.Part) -> [Double] {
    guard metric == .zncc, edges == nil, whole.channels.count == 1 else { return [] }
    let sums = part.all
    let (count, inverse) = (part.range.count, whole.inverseCount)
    var result = [Double](repeating: 0, count: count + part.count.rows)
    for row in 0..<part.count.rows {
      let start = row * part.count.columns
      let limit = part.start.columns + part.count.columns
      var column = part.start.columns
      var isSpoilt = false
      while column < limit {
        var end = limit
        let source = sources.source(
          part.start.planes, row + part.start.rows, column, end: &end)
        for place in column..<end {
          let index = start + place - part.start.columns
          var window = WindowMoments(product: 0)
          window.add(
            sum: sums[index], squares: sums[index + count], whole.channels[0], whole.count,
            inverse)
          result[index] = contrast(window, source ?? window.squares * inverse, &isSpoilt)
        }
        column = end
      }
      result[count + row] = isSpoilt ? 1 : 0
    }
    return result
  }

  @inline(__always)
  private func contrast(
    _ window: WindowMoments, _ source: Double, _ isSpoilt: inout Bool
  ) -> Double {
    guard window.squares.isFinite else { return .nan }
    let hasContrast = FlatWindows<Scalar>.hasContrast(
      energy: window.energy, power: window.power, squares: window.squares)
    guard hasContrast else { return flatScore }
    if !isCertain(window, error: Self.squaredErrorFactor * source) { isSpoilt = true }
    return 1 / window.energy.squareRoot()
  }

  /// Scores a row by the contrasts of its windows; false if it has to be done window by window.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  func scoreByContrast(
    _ row: Int, _ part: borrowing WindowSums.Part, _ scores: inout MutableSpan<Scalar>
  ) -> Bool {
    let count = part.range.count
    guard !part.derived.isEmpty, part.derived[count + row] == 0 else { return false }
    let range = row * part.count.columns..<(row + 1) * part.count.columns
    guard Scalar.allFinite(scores.span.extracting(range)) else { return false }
    Scalar.scaleByContrasts(
      &scores, in: range, sums: part.all, contrasts: part.derived.span, gain: unit / whole.norm,
      residue: whole.channels[0].residue / whole.norm)
    return true
  }
}
