/// A matrix as a short sum of products of a column and a row.
package struct LowRank {
  /// One product: `matrix[i, j] = Σ column[i] row[j]`.
  package struct Term {
    package var column: [Double]
    package var row: [Double]

    package init(column: [Double], row: [Double]) {
      self.column = column
      self.row = row
    }
  }

  /// The products, that of the largest norm first.
  package let terms: [Term]

  /// Finds the least number of products whose sum is within `tolerance` of a matrix, both measured
  /// by the root of the sum of squares; nil if it takes more than `limit`.
  ///
  /// Crosses of a row and a column through the largest element left are subtracted until nothing is
  /// left (which costs O(elements · terms), and little more to find that a matrix is of full rank);
  /// a singular value decomposition of their sum then gives the fewest.
  ///
  /// - SeeAlso: G. Golub, C. Van Loan, *Matrix Computations*, complete pivoting and one-sided Jacobi.
  package init?(
    _ matrix: [Double], rows: Int, columns: Int, tolerance: Double, limit: Int
  ) {
    var residual = Residual(elements: matrix, columns: columns)
    var terms: [Term] = []
    // Crosses are nearly as few as singular vectors, but not always.
    let most = min(limit + 2, rows, columns)
    var rest = residual.measure()
    while rest.norm > tolerance / 2 {
      guard terms.count < most else { return nil }
      terms.append(residual.removeCross(through: rest.largest))
      rest = residual.measure()
    }
    if terms.count > 1 {
      terms = Self.fewest(terms, within: (tolerance * tolerance - rest.norm * rest.norm))
    }
    guard terms.count <= max(1, limit) else { return nil }
    self.terms =
      terms.isEmpty
      ? [
        Term(
          column: [Double](repeating: 0, count: rows), row: [Double](repeating: 0, count: columns))
      ] : terms
  }

  /// The sum in orthogonal terms, without those at the end whose squared norms sum to less than
  /// `square`.
  private static func fewest(_ terms: [Term], within square: Double) -> [Term] {
    var result = orthogonalized(orthonormalRows(terms))
    result.sort { $0.column.squaredNorm > $1.column.squaredNorm }
    var neglected = 0.0
    while result.count > 1, let last = result.last {
      neglected += last.column.squaredNorm
      if neglected > square { break }
      result.removeLast()
    }
    return result
  }

  /// The same sum with rows that are orthogonal and of length 1 (Gram and Schmidt, twice).
  private static func orthonormalRows(_ terms: [Term]) -> [Term] {
    var result: [Term] = []
    for term in terms {
      var row = term.row
      for _ in 0..<2 {
        for index in result.indices {
          let share = dot(row, result[index].row)
          row.add(result[index].row, times: -share)
          result[index].column.add(term.column, times: share)
        }
      }
      let length = row.squaredNorm.squareRoot()
      // A row that is a sum of those before it has gone into their columns.
      guard length > 0 else { continue }
      result.append(Term(column: term.column.map { $0 * length }, row: row.map { $0 / length }))
    }
    return result
  }

  /// The same sum with orthogonal columns: rotations of two terms at a time (one-sided Jacobi).
  private static func orthogonalized(_ terms: [Term]) -> [Term] {
    var terms = terms
    for _ in 0..<40 {
      var isDone = true
      for i in terms.indices {
        for j in terms.indices where j > i {
          let (a, b) = (terms[i].column.squaredNorm, terms[j].column.squaredNorm)
          let c = dot(terms[i].column, terms[j].column)
          guard abs(c) > 1e-15 * (a * b).squareRoot() else { continue }
          isDone = false
          let zeta = (b - a) / (2 * c)
          let tangent =
            (zeta < 0 ? -1 : 1) / (abs(zeta) + (1 + zeta * zeta).squareRoot())
          let cosine = 1 / (1 + tangent * tangent).squareRoot()
          rotate(&terms, i, j, cosine, cosine * tangent)
        }
      }
      if isDone { break }
    }
    return terms
  }

  private static func rotate(
    _ terms: inout [Term], _ i: Int, _ j: Int, _ cosine: Double, _ sine: Double
  ) {
    func rotate(_ x: inout [Double], _ y: inout [Double]) {
      for index in x.indices {
        let (a, b) = (x[index], y[index])
        x[index] = cosine * a - sine * b
        y[index] = sine * a + cosine * b
      }
    }
    var (first, second) = (terms[i], terms[j])
    rotate(&first.column, &second.column)
    rotate(&first.row, &second.row)
    (terms[i], terms[j]) = (first, second)
  }
}

/// What is left of a matrix.
private struct Residual {
  var elements: [Double]
  let columns: Int

  /// The root of the sum of squares, and where the largest element is.
  func measure() -> (norm: Double, largest: Int) {
    var largest = 0
    var peak = 0.0
    for index in elements.indices where abs(elements[index]) > peak {
      peak = abs(elements[index])
      largest = index
    }
    guard peak > 0 else { return (0, 0) }
    // Relative to the largest, so that no square overflows.
    let square = elements.reduce(0.0) { $0 + ($1 / peak) * ($1 / peak) }
    return (peak * square.squareRoot(), largest)
  }

  /// Subtracts the product of the column and the row through an element, which it returns.
  mutating func removeCross(through index: Int) -> LowRank.Term {
    let (i, j) = (index / columns, index % columns)
    let pivot = elements[index]
    let row = elements[(i * columns)..<((i + 1) * columns)].map { $0 / pivot }
    let column = stride(from: j, to: elements.count, by: columns).map { elements[$0] }
    for (line, factor) in column.enumerated() {
      for k in 0..<columns { elements[line * columns + k] -= factor * row[k] }
    }
    // Rounding would leave a trace of what is gone by definition.
    for k in 0..<columns { elements[i * columns + k] = 0 }
    for line in column.indices { elements[line * columns + j] = 0 }
    return LowRank.Term(column: column, row: row)
  }
}

private func dot(_ x: [Double], _ y: [Double]) -> Double {
  zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
}

extension [Double] {
  fileprivate var squaredNorm: Double { dot(self, self) }

  fileprivate mutating func add(_ x: [Double], times factor: Double) {
    for index in indices { self[index] += factor * x[index] }
  }
}
