import COpenBLAS

/// Products of row-major matrices by OpenBLAS.
///
/// OpenBLAS itself runs on one thread; we cut the result in blocks of fixed size and spread those.
/// So our caller decides how many threads work, and the same bits come out for any number.
package enum MatrixProduct {
  /// Rows and columns of a block of the result.
  private static let blockSize = 384

  /// Keeps the library behind CBLAS from starting threads of its own, once.
  private static let oneThread: Void = {
    openblas_set_num_threads(1)
    setMKLThreads(1)
  }()

  static func useOneThread() { _ = oneThread }

  /// out[i, j] = Σ a[i, k] · b[j, k]: all rows of `a` against all rows of `b`.
  package static func rowsByRows<Scalar: BackendScalar>(
    _ a: SharedBuffer<Scalar>, _ b: SharedBuffer<Scalar>, length: Int, threads: Int,
    into out: inout SharedBuffer<Scalar>
  ) {
    let rowsA = a.count / max(length, 1)
    let rowsB = b.count / max(length, 1)
    precondition(a.count == rowsA * length && b.count == rowsB * length)
    precondition(out.count == rowsA * rowsB, "The product doesn't fit")
    guard length > 0, rowsA > 0, rowsB > 0 else { return }
    useOneThread()
    let down = rowsA.parts(of: blockSize)
    let across = rowsB.parts(of: blockSize)
    let to = UncheckedSendable(out.mutableBase())
    forEachTask(down * across, threads: threads) { task in
      let i = task / across * blockSize
      let j = task % across * blockSize
      Scalar._backend.matrices.gemm(
        true, Int32(min(blockSize, rowsA - i)), Int32(min(blockSize, rowsB - j)), Int32(length),
        1, a.base + i * length, Int32(length), b.base + j * length, Int32(length),
        0, to.value + i * rowsB + j, Int32(rowsB))
    }
  }

  /// out[i, j] = Σ a[i, k] · a[j, k]: half the work of ``rowsByRows(_:_:length:threads:into:)``.
  package static func rowsByThemselves<Scalar: BackendScalar>(
    _ a: SharedBuffer<Scalar>, length: Int, threads: Int, into out: inout SharedBuffer<Scalar>
  ) {
    let rows = a.count / max(length, 1)
    precondition(a.count == rows * length && out.count == rows * rows)
    fillAndMirror(rows, sign: 1, threads: threads, into: &out) { down, across, block in
      let first = a.base + down.lowerBound * length
      if down == across {
        Scalar._backend.matrices.syrk(
          Int32(down.count), Int32(length), 1, first, Int32(length), 0, block, Int32(rows))
      } else {
        Scalar._backend.matrices.gemm(
          true, Int32(down.count), Int32(across.count), Int32(length), 1, first, Int32(length),
          a.base + across.lowerBound * length, Int32(length), 0, block, Int32(rows))
      }
    }
  }

  /// out[i, j] = Σ a[i, k] · b[j, k] where that is -out[j, i], so that half of it is enough.
  ///
  /// So it is where `a` holds the rows of `b`, taken as complex numbers, times i or -i.
  package static func rowsByTurnedRows<Scalar: BackendScalar>(
    _ a: SharedBuffer<Scalar>, _ b: SharedBuffer<Scalar>, length: Int, threads: Int,
    into out: inout SharedBuffer<Scalar>
  ) {
    let rows = a.count / max(length, 1)
    precondition(a.count == rows * length && b.count == a.count && out.count == rows * rows)
    fillAndMirror(rows, sign: -1, threads: threads, into: &out) { down, across, block in
      Scalar._backend.matrices.gemm(
        true, Int32(down.count), Int32(across.count), Int32(length),
        1, a.base + down.lowerBound * length, Int32(length),
        b.base + across.lowerBound * length, Int32(length), 0, block, Int32(rows))
    }
    // What rounding leaves on the diagonal is not its own opposite; NaN may stay.
    let diagonal = out.mutableBase()
    for index in stride(from: 0, to: rows * rows, by: rows + 1) where diagonal[index].isFinite {
      diagonal[index] = 0
    }
  }

  /// Has the blocks on and above a square's diagonal written, and mirrors each, times a sign.
  private static func fillAndMirror<Scalar: BackendScalar>(
    _ rows: Int, sign: Scalar, threads: Int, into out: inout SharedBuffer<Scalar>,
    block: @Sendable (Range<Int>, Range<Int>, UnsafeMutablePointer<Scalar>) -> Void
  ) {
    useOneThread()
    let ranges = stride(from: 0, to: rows, by: blockSize).map { $0..<min($0 + blockSize, rows) }
    let pairs = ranges.indices.flatMap { i in ranges[i...].map { (ranges[i], $0) } }
    let to = UncheckedSendable(out.mutableBase())
    forEachTask(pairs.count, threads: threads) { task in
      let (down, across) = pairs[task]
      block(down, across, to.value + down.lowerBound * rows + across.lowerBound)
      for i in down {
        for j in max(i + 1, across.lowerBound)..<across.upperBound {
          to.value[j * rows + i] = sign * to.value[i * rows + j]
        }
      }
    }
  }
}
