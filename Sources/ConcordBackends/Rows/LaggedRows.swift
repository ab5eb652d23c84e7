/// Correlations of all rows of one matrix with all rows of another at consecutive lags.
///
///     out[i, j, l] = Σ over n of a[i, n + firstLag + l] · b[j, n]
///
/// Beyond their ends rows are zero.
package struct LaggedRows: Hashable, Sendable {
  /// The lengths of the rows.
  package var lengthA: Int
  package var lengthB: Int
  package var firstLag: Int
  package var lags: Int

  package init(lengthA: Int, lengthB: Int, firstLag: Int, lags: Int) {
    self.lengthA = lengthA
    self.lengthB = lengthB
    self.firstLag = firstLag
    self.lags = lags
  }

  /// The elements of b that meet elements of a at a lag.
  func overlap(at lag: Int) -> Range<Int> {
    let first = max(0, -lag)
    return first..<max(first, min(lengthB, lengthA - lag))
  }

  /// The multiply-adds of one pair of rows.
  package var multiplyAdds: Double {
    (0..<lags).reduce(0.0) { $0 + Double(overlap(at: firstLag + $1).count) }
  }

  /// A circular transform is long enough if nothing but zeros is wrapped round.
  package var transformLength: Int {
    let reach = lags + lengthB - 1
    let minimum = max(lags, lengthA - firstLag, firstLag < 0 ? reach + firstLag : reach)
    return Self.length(atLeast: minimum)
  }

  /// The next product of 16 and small factors.
  private static func length(atLeast minimum: Int) -> Int {
    var best = Int.max
    for odd in [1, 3, 5, 9, 15, 25] {
      var length = 16 * odd
      while length < minimum { length *= 2 }
      best = min(best, length)
    }
    return best
  }
}

/// Rows of two matrices, and where the results of their pairs go.
package struct RowBlocks<Scalar: BackendScalar>: Sendable {
  let a: SharedBuffer<Scalar>
  let b: SharedBuffer<Scalar>
  let rowsA: Int
  let rowsB: Int
  let problem: LaggedRows

  package init(_ a: SharedBuffer<Scalar>, _ b: SharedBuffer<Scalar>, _ problem: LaggedRows) {
    self.a = a
    self.b = b
    self.problem = problem
    rowsA = a.count / problem.lengthA
    rowsB = b.count / problem.lengthB
    precondition(a.count == rowsA * problem.lengthA && b.count == rowsB * problem.lengthB)
  }
}
