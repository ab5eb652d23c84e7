public import ComplexModule
public import ConcordArrays
import ConcordBackends

extension NDArray where rank == 2 {
  /// Correlates every complex row of this matrix with every row of another at all lags of a mode, or
  /// at some.
  ///
  ///     out[i, j, l] = Σ a[i, n + lag] conj(b[j, n])
  ///
  /// Lags and modes are those of real rows. NaN and infinity stay in the pairs whose rows hold them.
  /// Real and imaginary parts are correlated as rows of their own, whose spectra are each computed
  /// once.
  ///
  /// - Parameters:
  ///   - other: The other matrix; its rows may have another length.
  ///   - mode: Which lags are wanted.
  ///   - lags: The only lags that are wanted; nil for those of the mode.
  ///   - algorithm: `.matrix`, `.fft`, or the one that is predicted to be faster.
  ///   - threads: How many threads may work; nil for all processors. Results don't depend on it.
  ///   - memoryLimit: The bytes of working memory, four real results among it; nil for half of the
  ///     machine's.
  /// - Returns: The value of each pair of rows at each lag, and the lags.
  /// - Complexity: O(*r₁ r₂ n l*) for *l* lags, or O(*r₁ r₂ n* log *n*) for all.
  /// - Throws: ``ConcordError/empty(what:)``, ``ConcordError/outOfRange(what:found:allowed:)`` for a lag
  ///   beyond the ends, ``ConcordError/algorithmCannotServe(algorithm:why:)`` or
  ///   ``ConcordError/memoryLimit(needed:limit:)``.
  /// - SeeAlso: `scipy.signal.correlate`, whose meaning each pair has.
  public func rowCorrelations<Real: RealScalar>(
    with other: NDArray, mode: ConvolutionMode = .full, lags: ClosedRange<Int>? = nil,
    algorithm: ConvolutionAlgorithm = .automatic, threads: Int? = nil, memoryLimit: Int? = nil
  ) throws(ConcordError) -> LaggedRowPairs<Scalar> where Scalar == Complex<Real> {
    let problem = try laggedRows(with: other, mode, lags)
    let planner = RowPlanner(
      rows: problem, rowsA: 2 * rows, rowsB: 2 * other.rows, isDouble: Real.self == Double.self)
    let pairs = rows * other.rows * problem.lags
    let chosen = try planner.choose(
      algorithm,
      prepared: (2 * (count + other.count) + 4 * pairs) * MemoryLayout<Real>.stride,
      limit: memoryLimit ?? physicalMemory / 2)
    let threads = Swift.max(1, threads ?? availableProcessors)
    let parts: SharedBuffer<Real> = LaggedRowEngine.run(
      stackedParts(), other.stackedParts(), problem, .dot, chosen, threads: threads)
    let shape = Shape<3>(planes: rows, rows: other.rows, columns: problem.lags)
    var values = NDArray<3, Scalar>(uninitialized: shape)
    joinPairs(
      parts, rowsA: rows, rowsB: other.rows, lags: problem.lags, threads: threads,
      into: &values.buffer)
    return LaggedRowPairs(
      values: values, lags: problem.firstLag..<(problem.firstLag + problem.lags),
      algorithm: chosen)
  }

  /// All real parts, and then all imaginary ones, as rows of a matrix twice as high.
  private func stackedParts<Real: RealScalar>() -> SharedBuffer<Real>
  where Scalar == Complex<Real> {
    var result = SharedBuffer<Real>(uninitializedCount: 2 * count)
    stackParts(span, into: &result)
    return result
  }
}

// The loops are generic over the scalar alone: with the rank as well they stay unspecialised.

@_specialize(exported:false,where Real == Float)
@_specialize(exported:false,where Real == Double)
private func stackParts<Real: RealScalar>(
  _ source: Span<Complex<Real>>, into result: inout SharedBuffer<Real>
) {
  var out = result.mutableSpan
  for index in source.indices {
    // `real` and `imaginary` would be NaN as soon as one part is not finite.
    (out[index], out[source.count + index]) = source[index].rawStorage
  }
}

/// With a = x + iy and b = u + iv: Σ a conj(b) = (Σ xu + Σ yv) + i (Σ yu - Σ xv).
@_specialize(exported:false,where Real == Float)
@_specialize(exported:false,where Real == Double)
private func joinPairs<Real: RealScalar>(
  _ parts: SharedBuffer<Real>, rowsA: Int, rowsB: Int, lags: Int, threads: Int,
  into out: inout SharedBuffer<Complex<Real>>
) {
  let length = rowsB * lags
  let ranges = (0..<rowsA).map { $0 * length..<($0 + 1) * length }
  WorkProgress.untold {
    fillRanges(ranges, of: &out, threads: threads) {
    } body: { row, out, _ in
      let source = parts.span
      // Each row of parts has the products with all u, and then those with all v.
      let (x, y) = (row * 2 * length, (rowsA + row) * 2 * length)
      for index in 0..<length {
        let real = source[x + index] + source[y + length + index]
        let imaginary = source[y + index] - source[x + length + index]
        out[index] = Complex(real, imaginary)
      }
    }
  }
}
