import ConcordFiltering
import ConcordTestSupport
import RealModule
import Testing

@Suite("Matrices as short sums of products", .standardCosts)
struct LowRankTests {
  private func product(_ terms: [LowRank.Term], rows: Int, columns: Int) -> [Double] {
    var sum = [Double](repeating: 0, count: rows * columns)
    for term in terms {
      for i in 0..<rows {
        for j in 0..<columns { sum[i * columns + j] += term.column[i] * term.row[j] }
      }
    }
    return sum
  }

  private func norm(_ values: [Double]) -> Double {
    values.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  /// A matrix with the given singular values: cosines of two lengths are orthonormal.
  private func matrix(_ values: [Double], rows: Int, columns: Int) -> [Double] {
    func cosine(_ k: Int, _ i: Int, of n: Int) -> Double {
      let scale = (k == 0 ? 1 : 2.0.squareRoot()) / Double(n).squareRoot()
      return scale * Double.cos(.pi * (Double(i) + 0.5) * Double(k) / Double(n))
    }
    return product(
      values.indices.map { k in
        LowRank.Term(
          column: (0..<rows).map { values[k] * cosine(k, $0, of: rows) },
          row: (0..<columns).map { cosine(k, $0, of: columns) })
      }, rows: rows, columns: columns)
  }

  @Test("Are as short as the singular values allow")
  func leastTerms() throws {
    let values = [3, 1, 0.25, 1e-3, 4e-4, 3e-4, 1e-9]
    let matrix = matrix(values, rows: 13, columns: 9)
    for (tolerance, expected) in [
      (1.5, 1), (0.5, 2), (0.1, 3), (9e-4, 4), (4.5e-4, 5), (1e-5, 6), (1e-12, 7),
    ] {
      let found = try #require(
        LowRank(matrix, rows: 13, columns: 9, tolerance: tolerance, limit: 9))
      #expect(found.terms.count == expected, "tolerance \(tolerance)")
      let rest = zip(matrix, product(found.terms, rows: 13, columns: 9)).map { $0 - $1 }
      #expect(norm(rest) <= tolerance * 1.001)
      #expect(
        LowRank(matrix, rows: 13, columns: 9, tolerance: tolerance, limit: expected - 1) == nil
          || expected == 1)
    }
  }

  @Test("Have orthogonal terms, that of the largest norm first")
  func order() throws {
    var random = SplitMix64(seed: 8)
    let matrix = (0..<60).map { _ in random.uniform(in: -1...1) }
    let terms = try #require(
      LowRank(matrix, rows: 6, columns: 10, tolerance: 1e-12, limit: 6)
    ).terms
    #expect(terms.count == 6)
    #expect(terms.map { norm($0.column) } == terms.map { norm($0.column) }.sorted(by: >))
    for i in terms.indices {
      #expect(abs(norm(terms[i].row) - 1) < 1e-14)
      for j in 0..<i {
        let columns = zip(terms[i].column, terms[j].column).reduce(0) { $0 + $1.0 * $1.1 }
        let rows = zip(terms[i].row, terms[j].row).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(columns) < 1e-13 && abs(rows) < 1e-13)
      }
    }
  }

  @Test("Of one term are exact, zeros included; a matrix of zeros is one term of zeros")
  func exactness() throws {
    let (a, b) = ([0, 1, -2, 0.5], [3, 0, 4.0])
    let matrix = a.flatMap { x in b.map { x * $0 } }
    let found = try #require(LowRank(matrix, rows: 4, columns: 3, tolerance: 1e-12, limit: 1))
    #expect(product(found.terms, rows: 4, columns: 3) == matrix)
    #expect(found.terms[0].column[0] == 0 && found.terms[0].row[1] == 0)
    let zeros = [Double](repeating: 0, count: 6)
    let nothing = try #require(LowRank(zeros, rows: 2, columns: 3, tolerance: 0, limit: 1))
    #expect(nothing.terms.count == 1 && product(nothing.terms, rows: 2, columns: 3) == zeros)
    let line = try #require(LowRank([1, 2, 3], rows: 1, columns: 3, tolerance: 0, limit: 1))
    #expect(product(line.terms, rows: 1, columns: 3) == [1, 2, 3])
  }
}
