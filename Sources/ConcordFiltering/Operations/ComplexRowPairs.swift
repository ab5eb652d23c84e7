public import ComplexModule
public import ConcordArrays
import ConcordBackends

extension NDArray where rank == 2 {
  /// Multiplies every row of this matrix with the conjugate of every row of another: A·Bᴴ.
  ///
  /// The result's element `[i, j]` is `Σ a[i, k] conj(b[j, k])`, the correlation in mode 'valid' of
  /// row i here and row j there. NaN and infinity reach only the products of their own rows.
  ///
  ///     let coherence = try spectra.rowPairs(with: references)
  ///
  /// - Complexity: O(*r₁ r₂ n*).
  /// - Throws: ``ConcordError/rowLengthsDiffer(expected:found:)``,
  ///   ``ConcordError/empty(what:)`` for rows without elements, or
  ///   ``ConcordError/memoryLimit(needed:limit:)`` where the working memory, a copy of the smaller
  ///   matrix and of the result, would take more than allowed.
  /// - SeeAlso: `numpy.dot(a, b.conj().T)`.
  public func rowPairs<Real: RealScalar>(
    with other: NDArray, threads: Int? = nil, memoryLimit: Int? = nil
  ) throws(ConcordError) -> NDArray where Scalar == Complex<Real> {
    guard columns == other.columns else {
      throw .rowLengthsDiffer(expected: columns, found: other.columns)
    }
    guard count > 0, other.count > 0 else { throw .empty(what: "a matrix") }
    let shape = Shape<2>(rows: rows, columns: other.rows)
    try Self.checkMemory(Swift.min(count, other.count) + shape.count, limit: memoryLimit)
    var result = NDArray(uninitialized: shape)
    multiplyRows(
      buffer, other.buffer, length: columns, threads: Swift.max(1, threads ?? availableProcessors),
      into: &result.buffer)
    return result
  }

  /// Multiplies every row with the conjugate of every row of the same matrix, in less time: A·Aᴴ.
  ///
  /// The result is Hermitian to the last bit.
  ///
  /// - Throws: ``ConcordError/empty(what:)`` for rows without elements, or
  ///   ``ConcordError/memoryLimit(needed:limit:)`` where the working memory, a copy of the matrix
  ///   and of the result, would take more than allowed.
  public func rowPairs<Real: RealScalar>(
    threads: Int? = nil, memoryLimit: Int? = nil
  ) throws(ConcordError) -> NDArray where Scalar == Complex<Real> {
    guard count > 0 else { throw .empty(what: "a matrix") }
    let shape = Shape<2>(rows: rows, columns: rows)
    try Self.checkMemory(count + shape.count, limit: memoryLimit)
    var result = NDArray(uninitialized: shape)
    multiplyRowsByThemselves(
      buffer, length: columns, threads: Swift.max(1, threads ?? availableProcessors),
      into: &result.buffer)
    return result
  }

  private static func checkMemory(_ elements: Int, limit: Int?) throws(ConcordError) {
    let needed = elements * MemoryLayout<Scalar>.stride
    let limit = limit ?? physicalMemory / 2
    guard needed <= limit else { throw .memoryLimit(needed: needed, limit: limit) }
  }
}

// With a = x + iy and b = u + iv, stored as pairs of reals, the parts of Σ a conj(b) are
//
//     Σ xu + yv, the product of the rows as reals, and
//     Σ yu - xv, the product of the rows of -ia as reals with those of b, or of a with those of ib,
//
// so that two products of real matrices, twice as wide, are all there is to do. A complex product of
// OpenBLAS saves the copy and a tenth of the time, but its factors 1 + 0i make NaN of infinities.

@_specialize(exported:false,where Real == Float)
@_specialize(exported:false,where Real == Double)
private func multiplyRows<Real: RealScalar>(
  _ a: SharedBuffer<Complex<Real>>, _ b: SharedBuffer<Complex<Real>>, length: Int, threads: Int,
  into out: inout SharedBuffer<Complex<Real>>
) {
  let first = a.parts(as: Real.self)
  let second = b.parts(as: Real.self)
  var real = SharedBuffer<Real>(uninitializedCount: out.count)
  MatrixProduct.rowsByRows(first, second, length: 2 * length, threads: threads, into: &real)
  var imaginary = SharedBuffer<Real>(uninitializedCount: out.count)
  if a.count <= b.count {
    MatrixProduct.rowsByRows(
      turned(first, sign: -1, threads: threads), second, length: 2 * length, threads: threads,
      into: &imaginary)
  } else {
    MatrixProduct.rowsByRows(
      first, turned(second, sign: 1, threads: threads), length: 2 * length, threads: threads,
      into: &imaginary)
  }
  join(real, imaginary, threads: threads, into: &out)
}

@_specialize(exported:false,where Real == Float)
@_specialize(exported:false,where Real == Double)
private func multiplyRowsByThemselves<Real: RealScalar>(
  _ a: SharedBuffer<Complex<Real>>, length: Int, threads: Int,
  into out: inout SharedBuffer<Complex<Real>>
) {
  let rows = a.parts(as: Real.self)
  var real = SharedBuffer<Real>(uninitializedCount: out.count)
  MatrixProduct.rowsByThemselves(rows, length: 2 * length, threads: threads, into: &real)
  var imaginary = SharedBuffer<Real>(uninitializedCount: out.count)
  MatrixProduct.rowsByTurnedRows(
    turned(rows, sign: -1, threads: threads), rows, length: 2 * length, threads: threads,
    into: &imaginary)
  join(real, imaginary, threads: threads, into: &out)
}

/// Pairs of reals as complex numbers, times i or -i.
@_specialize(exported:false,where Real == Float)
@_specialize(exported:false,where Real == Double)
private func turned<Real: RealScalar>(
  _ pairs: SharedBuffer<Real>, sign: Real, threads: Int
) -> SharedBuffer<Real> {
  var result = SharedBuffer<Real>(uninitializedCount: pairs.count)
  let strips = strips(of: pairs.count)
  WorkProgress.untold {
    fillRanges(strips, of: &result, threads: threads) {
    } body: { strip, out, _ in
      let source = pairs.span.extracting(strips[strip])
      for index in stride(from: 0, to: source.count, by: 2) {
        out[index] = -sign * source[index + 1]
        out[index + 1] = sign * source[index]
      }
    }
  }
  return result
}

@_specialize(exported:false,where Real == Float)
@_specialize(exported:false,where Real == Double)
private func join<Real: RealScalar>(
  _ real: SharedBuffer<Real>, _ imaginary: SharedBuffer<Real>, threads: Int,
  into out: inout SharedBuffer<Complex<Real>>
) {
  let strips = strips(of: out.count)
  WorkProgress.untold {
    fillRanges(strips, of: &out, threads: threads) {
    } body: { strip, out, _ in
      let x = real.span.extracting(strips[strip])
      let y = imaginary.span.extracting(strips[strip])
      for index in out.indices { out[index] = Complex(x[index], y[index]) }
    }
  }
}

/// Runs of an even number of elements, enough for a task each.
private func strips(of count: Int) -> [Range<Int>] {
  stride(from: 0, to: count, by: 1 << 15).map { $0..<min($0 + (1 << 15), count) }
}
