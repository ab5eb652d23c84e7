public import ConcordArrays
import ConcordBackends

/// The correlations of all rows of one matrix with all rows of another, at consecutive lags.
///
///     values[i, j, l] = Σ a[i, n + lag] b[j, n],   lag = lags.lowerBound + l
///
/// A positive lag means that row i of the first matrix comes later than row j of the second.
///
/// Complex rows have the conjugate of `b[j, n]`.
public struct LaggedRowPairs<Scalar: ArrayElement>: Sendable {
  /// The values: a plane for each row of the first matrix, a row for each row of the second, a column
  /// for each lag.
  public let values: Volume<Scalar>
  /// The lags of the columns.
  public let lags: Range<Int>
  /// The way in which they were computed.
  public let algorithm: ConvolutionAlgorithm
}

extension NDArray where rank == 2, Scalar: RealScalar {
  /// Correlates every row of this matrix with every row of another at all lags of a mode, or at some.
  ///
  ///     out[i, j, l] = Σ a[i, n + lag] b[j, n]
  ///
  /// Beyond their ends rows are zero. Lags are those of `scipy.signal.correlate` for the mode: with
  /// rows of `N` here and `M` there, 'full' has `-(M - 1)...(N - 1)`, 'same' the `N` of them about the
  /// centre, 'valid' those where one row lies wholly inside the other. A measure other than `.dot`
  /// prepares each row as a whole before: `.cosine` scales it to norm 1, `.pearson` centres it first,
  /// `.spearman` takes its ranks; so values are coefficients in -1...1 of rows as they stand, shifted.
  ///
  ///     let delays = try sensors.rowCorrelations(with: sources, lags: -16...16)
  ///
  /// Few lags are products of matrices, many are products of spectra, of which each row's is
  /// computed once. NaN and infinity stay in the pairs whose rows hold them.
  ///
  /// - Parameters:
  ///   - other: The other matrix; its rows may have another length.
  ///   - mode: Which lags are wanted.
  ///   - lags: The only lags that are wanted; nil for those of the mode.
  ///   - measure: How rows are prepared.
  ///   - algorithm: `.matrix`, `.fft`, or the one that is predicted to be faster.
  ///   - threads: How many threads may work; nil for all processors. Results don't depend on it.
  ///   - memoryLimit: The bytes of working memory; nil for half of the machine's.
  /// - Returns: The value of each pair of rows at each lag, and the lags.
  /// - Complexity: O(*r₁ r₂ n l*) for *l* lags, or O(*r₁ r₂ n* log *n*) for all.
  /// - Throws: ``ConcordError/empty(what:)``, ``ConcordError/outOfRange(what:found:allowed:)`` for a lag
  ///   beyond the ends, ``ConcordError/algorithmCannotServe(algorithm:why:)`` or
  ///   ``ConcordError/memoryLimit(needed:limit:)``.
  /// - SeeAlso: `scipy.signal.correlate`, whose meaning each pair has.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func rowCorrelations(
    with other: Image<Scalar>, mode: ConvolutionMode = .full, lags: ClosedRange<Int>? = nil,
    measure: RowMeasure = .dot, algorithm: ConvolutionAlgorithm = .automatic, threads: Int? = nil,
    memoryLimit: Int? = nil
  ) throws(ConcordError) -> LaggedRowPairs<Scalar> {
    let rows = try laggedRows(with: other, mode, lags)
    let planner = RowPlanner(
      rows: rows, rowsA: self.rows, rowsB: other.rows, isDouble: Scalar.self == Double.self)
    let threads = Swift.max(1, threads ?? availableProcessors)
    let chosen = try planner.choose(
      algorithm,
      prepared: RowPreparation.bytes(
        count + other.count, of: Scalar.self, length: Swift.max(columns, other.columns),
        for: measure, threads: availableProcessors), limit: memoryLimit ?? physicalMemory / 2)
    let values = LaggedRowEngine.run(
      RowPreparation.prepare(buffer, length: columns, for: measure, threads: threads),
      RowPreparation.prepare(other.buffer, length: other.columns, for: measure, threads: threads),
      rows, measure, chosen, threads: threads)
    let shape = Shape<3>(planes: self.rows, rows: other.rows, columns: rows.lags)
    return LaggedRowPairs(
      values: Volume(shape: shape, buffer: values),
      lags: rows.firstLag..<(rows.firstLag + rows.lags), algorithm: chosen)
  }
}

extension NDArray where rank == 2 {
  /// The lengths of rows that are correlated, and their lags.
  func laggedRows(
    with other: NDArray, _ mode: ConvolutionMode, _ lags: ClosedRange<Int>?
  ) throws(ConcordError) -> LaggedRows {
    guard count > 0, other.count > 0 else { throw .empty(what: "a matrix") }
    var options = ConvolutionOptions(mode: mode)
    if let lags { options.lags = [lags] }
    let geometry = try ConvolutionGeometry(
      image: [columns], kernel: [other.columns], operation: .correlation, options: options)
    return LaggedRows(
      lengthA: columns, lengthB: other.columns, firstLag: geometry.offset.columns,
      lags: geometry.output.columns)
  }
}

/// Executes one way to correlate rows.
enum LaggedRowEngine {
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  static func run<Scalar: RealScalar>(
    _ a: SharedBuffer<Scalar>, _ b: SharedBuffer<Scalar>, _ problem: LaggedRows,
    _ measure: RowMeasure, _ algorithm: ConvolutionAlgorithm, threads: Int
  ) -> SharedBuffer<Scalar> {
    let blocks = RowBlocks(a, b, problem)
    var out = SharedBuffer<Scalar>(
      uninitializedCount: a.count / problem.lengthA * (b.count / problem.lengthB) * problem.lags)
    if algorithm == .matrix {
      blocks.multiply(threads: threads, into: &out)
    } else {
      let left = RowTransform(problem).correlate(blocks, threads: threads, into: &out)
      // Transforms would spread NaN and infinity over all lags.
      for row in left.rowsA { blocks.multiply(rowA: row, into: &out) }
      for row in left.rowsB { blocks.multiply(rowB: row, into: &out) }
    }
    RowPreparation.finish(&out, measure, threads: threads)
    return out
  }
}
