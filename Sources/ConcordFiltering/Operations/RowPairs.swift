public import ConcordArrays
import ConcordBackends

/// How two rows of numbers are compared.
public enum RowMeasure: String, Hashable, Sendable, CaseIterable {
  /// `Σ a b`, the correlation in mode 'valid'.
  case dot
  /// Pearson's correlation coefficient, in -1...1; NaN for a row of one value.
  case pearson
  /// Pearson's coefficient of the ranks, ties sharing their mean rank.
  case spearman
  /// `Σ a b / √(Σ a² Σ b²)`; NaN for a row of zeros.
  case cosine
  /// 1 minus Pearson's coefficient, in 0...2.
  case distance
}

extension NDArray where rank == 2, Scalar: RealScalar {
  /// Compares every row of this matrix with every row of another by one matrix product.
  ///
  /// The result's element `[i, j]` is the measure of row i here and row j there. Rows are centred
  /// and scaled in Double before the product, and coefficients never leave -1...1.
  ///
  ///     let r = try genes.rowPairs(with: genes, measure: .pearson)
  ///
  /// - Complexity: O(*r₁ r₂ n*).
  /// - Throws: ``ConcordError/rowLengthsDiffer(expected:found:)``,
  ///   ``ConcordError/empty(what:)`` for rows without elements, or
  ///   ``ConcordError/memoryLimit(needed:limit:)`` where prepared rows would take more than allowed.
  /// - SeeAlso: `numpy.dot(a, b.T)` and `numpy.corrcoef`.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func rowPairs(
    with other: Image<Scalar>, measure: RowMeasure = .dot, threads: Int? = nil,
    memoryLimit: Int? = nil
  ) throws(ConcordError) -> Image<Scalar> {
    guard columns == other.columns else {
      throw .rowLengthsDiffer(expected: columns, found: other.columns)
    }
    guard count > 0, other.count > 0 else { throw .empty(what: "a matrix") }
    let threads = Swift.max(1, threads ?? availableProcessors)
    try checkMemory(count + other.count, for: measure, threads: threads, limit: memoryLimit)
    let first = RowPreparation.prepare(buffer, length: columns, for: measure, threads: threads)
    let second = RowPreparation.prepare(
      other.buffer, length: columns, for: measure, threads: threads)
    var result = Image<Scalar>(uninitialized: Shape(rows: rows, columns: other.rows))
    MatrixProduct.rowsByRows(
      first, second, length: columns, threads: threads, into: &result.buffer)
    RowPreparation.finish(&result.buffer, measure, threads: threads)
    return result
  }

  /// Compares every row with every row of the same matrix, in half the time.
  ///
  /// - Throws: ``ConcordError/empty(what:)`` for rows without elements, or
  ///   ``ConcordError/memoryLimit(needed:limit:)`` where prepared rows would take more than allowed.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func rowPairs(
    measure: RowMeasure = .dot, threads: Int? = nil, memoryLimit: Int? = nil
  ) throws(ConcordError) -> Image<Scalar> {
    guard count > 0 else { throw .empty(what: "a matrix") }
    let threads = Swift.max(1, threads ?? availableProcessors)
    try checkMemory(count, for: measure, threads: threads, limit: memoryLimit)
    let prepared = RowPreparation.prepare(buffer, length: columns, for: measure, threads: threads)
    var result = Image<Scalar>(uninitialized: Shape(rows: rows, columns: rows))
    MatrixProduct.rowsByThemselves(
      prepared, length: columns, threads: threads, into: &result.buffer)
    RowPreparation.finish(&result.buffer, measure, threads: threads)
    return result
  }

  /// Refuses matrices whose prepared copies would need more than allowed, or than half the memory.
  private func checkMemory(
    _ elements: Int, for measure: RowMeasure, threads: Int, limit: Int?
  ) throws(ConcordError) {
    let needed = RowPreparation.bytes(
      elements, of: Scalar.self, length: columns, for: measure, threads: threads)
    let limit = limit ?? physicalMemory / 2
    guard needed <= limit else { throw .memoryLimit(needed: needed, limit: limit) }
  }
}
