package import ConcordArrays
package import ConcordBackends
import Foundation

/// Chooses between products of matrices and of spectra for rows at several lags.
package struct RowPlanner: Hashable, Sendable {
  let rows: LaggedRows
  let rowsA: Int
  let rowsB: Int
  let isDouble: Bool

  package init(rows: LaggedRows, rowsA: Int, rowsB: Int, isDouble: Bool) {
    self.rows = rows
    self.rowsA = rowsA
    self.rowsB = rowsB
    self.isDouble = isDouble
  }

  /// One multiply-add of a product of matrices, and a value that is put in order, in seconds.
  private static let multiplyAdd = 2.6e-11
  private static let matrixValue = 2e-9
  /// A complex value of a line on its way back, for each halving and once.
  private static let butterfly = 7e-11
  private static let value = 3e-10

  private var pairs: Double { Double(rowsA) * Double(rowsB) }

  /// The predicted seconds on one thread.
  package func seconds(_ algorithm: ConvolutionAlgorithm) -> Double {
    let slowdown = isDouble ? 2.0 : 1
    if algorithm == .matrix {
      // A product of single rows has nothing to share what it loads with.
      let sharing = Double(min(rowsA, rowsB, 64))
      let work = rows.multiplyAdds * Self.multiplyAdd * (1 + 16 / sharing)
      return slowdown * pairs * (work + Double(rows.lags) * Self.matrixValue)
    }
    let length = Double(rows.transformLength)
    let line = length * (log2(length) * Self.butterfly + Self.value)
    // Half a line back for each pair; each row of b there, two rows of a at once.
    return slowdown * line * (pairs / 2 + Double(rowsB) + Double(rowsA) / 2)
  }

  /// The bytes of working memory.
  package func bytes(
    _ algorithm: ConvolutionAlgorithm, threads: Int = availableProcessors
  ) -> Int {
    let size = isDouble ? 8 : 4
    if algorithm == .matrix { return threads * (1 << 19) * size }
    return size
      * (RowTransform<Float>.spectraCount(rows, rows: rowsB)
        + threads * RowTransform<Float>.workspaceCount(rows))
  }

  /// The faster of those that are allowed and fit into memory with all processors at work: results
  /// must not depend on the threads asked for.
  package func choose(
    _ algorithm: ConvolutionAlgorithm, prepared: Int, limit: Int
  ) throws(ConcordError) -> ConvolutionAlgorithm {
    let all: [ConvolutionAlgorithm] = [.matrix, .fft]
    let wanted = algorithm == .automatic ? all : all.filter { $0 == algorithm }
    guard !wanted.isEmpty else {
      throw .algorithmCannotServe(
        algorithm: algorithm.rawValue, why: "expected 'matrix' or 'fft' for rows at several lags")
    }
    let needs = wanted.map { prepared + bytes($0) }
    let fitting = zip(wanted, needs).filter { $0.1 <= limit }.map(\.0)
    guard let best = fitting.min(by: { seconds($0) < seconds($1) }) else {
      throw .memoryLimit(needed: needs.min() ?? 0, limit: limit)
    }
    return best
  }
}
