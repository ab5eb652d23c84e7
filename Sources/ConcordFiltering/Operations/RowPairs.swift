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
  /// - Throws: ``ConcordError/rowLengthsDiffer(expected:found:)``, or
  ///   ``ConcordError/empty(what:)`` for rows without elements.
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
    try Self.checkMemory(count + other.count, for: measure, limit: memoryLimit)
    let threads = Swift.max(1, threads ?? availableProcessors)
    let first = prepared(for: measure)
    let second = other.prepared(for: measure)
    var result = Image<Scalar>(uninitialized: Shape(rows: rows, columns: other.rows))
    MatrixProduct.rowsByRows(
      first.buffer, second.buffer, length: columns, threads: threads, into: &result.buffer)
    result.finish(measure)
    return result
  }

  /// Compares every row with every row of the same matrix, in half the time.
  ///
  /// - Throws: ``ConcordError/empty(what:)`` for rows without elements.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func rowPairs(
    measure: RowMeasure = .dot, threads: Int? = nil, memoryLimit: Int? = nil
  ) throws(ConcordError) -> Image<Scalar> {
    guard count > 0 else { throw .empty(what: "a matrix") }
    try Self.checkMemory(count, for: measure, limit: memoryLimit)
    let rows = prepared(for: measure)
    var result = Image<Scalar>(uninitialized: Shape(rows: self.rows, columns: self.rows))
    MatrixProduct.rowsByThemselves(
      rows.buffer, length: columns, threads: Swift.max(1, threads ?? availableProcessors),
      into: &result.buffer)
    result.finish(measure)
    return result
  }

  /// Refuses matrices whose prepared copies would need more than allowed, or than half the memory.
  private static func checkMemory(
    _ elements: Int, for measure: RowMeasure, limit: Int?
  ) throws(ConcordError) {
    let copies = measure == .dot ? 0 : measure == .spearman ? 2 : 1
    let needed = elements * copies * MemoryLayout<Scalar>.size
    let limit = limit ?? physicalMemory / 2
    guard needed <= limit else { throw .memoryLimit(needed: needed, limit: limit) }
  }

  /// The rows whose dot products are the measure.
  private func prepared(for measure: RowMeasure) -> Image<Scalar> {
    switch measure {
    case .dot: self
    case .cosine: standardized(centred: false)
    case .pearson, .distance: standardized(centred: true)
    case .spearman: ranked().standardized(centred: true)
    }
  }

  /// Rows of norm 1, about their means if `centred`.
  ///
  /// A row without norm becomes NaN.
  private func standardized(centred: Bool) -> Image<Scalar> {
    var result = self
    var out = result.mutableSpan
    let source = span
    for row in 0..<rows {
      let elements = source.extracting((row * columns)..<((row + 1) * columns))
      // Summed about the first element, so that the mean of a row of one value is that value.
      let first = Double(elements[0])
      let mean =
        centred ? first + Scalar.moments(of: elements, shift: first).sum / Double(columns) : 0
      // A scale keeps squares of huge and tiny values representable.
      var scale = 0.0
      for index in elements.indices {
        scale = Swift.max(scale, abs(Double(elements[index]) - mean))
      }
      var squares = 0.0
      for index in elements.indices {
        let x = (Double(elements[index]) - mean) / scale
        squares += x * x
      }
      // What rounding of the mean leaves of a row of one value is no contrast.
      let isFlat = scale <= 4 * abs(mean) * Double.ulpOfOne
      let factor = isFlat ? Double.nan : 1 / (scale * squares.squareRoot())
      for column in 0..<columns {
        out[row * columns + column] = Scalar((Double(elements[column]) - mean) * factor)
      }
    }
    return result
  }

  /// The rank of each element in its row, from 1; equal elements share their mean rank.
  private func ranked() -> Image<Scalar> {
    var result = self
    var out = result.mutableSpan
    let source = span
    for row in 0..<rows {
      let start = row * columns
      let elements = (0..<columns).map { source[start + $0] }
      if elements.contains(where: \.isNaN) {
        for column in 0..<columns { out[start + column] = .nan }
        continue
      }
      let order = elements.indices.sorted { elements[$0] < elements[$1] }
      var first = 0
      while first < columns {
        var last = first
        while last + 1 < columns && elements[order[last + 1]] == elements[order[first]] {
          last += 1
        }
        let rank = Scalar(first + last) / 2 + 1
        for index in first...last { out[start + order[index]] = rank }
        first = last + 1
      }
    }
    return result
  }

  /// Clips what rounding put beyond ±1, and turns coefficients into distances.
  private mutating func finish(_ measure: RowMeasure) {
    if measure == .dot { return }
    var out = mutableSpan
    for index in out.indices where !out[index].isNaN {
      let r = Swift.min(1, Swift.max(-1, out[index]))
      out[index] = measure == .distance ? 1 - r : r
    }
  }
}
