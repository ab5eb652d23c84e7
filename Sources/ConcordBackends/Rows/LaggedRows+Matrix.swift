/// Pairs of rows at few lags, by a product of matrices for each lag.
extension RowBlocks {
  /// Rows of a block of pairs; its results at all lags stay in cache until they are put in order.
  private static var blockA: Int { 64 }

  /// Lags that are computed before their results are put in order.
  private static var lagsAtOnce: Int { 32 }

  private var blockB: Int { max(32, min(256, (1 << 18) / (Self.blockA * lagChunk))) }
  private var lagChunk: Int { min(problem.lags, Self.lagsAtOnce) }

  /// Scalars that a worker needs.
  package var matrixWorkspaceCount: Int { (Self.blockA * blockB + 16) * lagChunk }

  /// Blocks of pairs, each of which is a task.
  package var matrixTasks: Int {
    rowsA.parts(of: Self.blockA) * (rowsB.parts(of: blockB))
  }

  /// Writes the results of all pairs.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  package func multiply(threads: Int, into out: inout SharedBuffer<Scalar>) {
    precondition(out.count == rowsA * rowsB * problem.lags)
    MatrixProduct.useOneThread()
    let across = rowsB.parts(of: blockB)
    let to = UncheckedSendable(out.mutableBase())
    forEachTask(matrixTasks, threads: threads) {
      AlignedBuffer<Scalar>(uninitializedCount: matrixWorkspaceCount)
    } body: { task, work in
      let i = task / across * Self.blockA
      let j = task % across * blockB
      let rows = i..<min(i + Self.blockA, rowsA)
      let columns = j..<min(j + blockB, rowsB)
      multiply(rows, columns, work.base, into: to.value)
    }
  }

  /// Writes the results of one row of a with all rows of b.
  package func multiply(rowA row: Int, into out: inout SharedBuffer<Scalar>) {
    multiplyRows(row..<row + 1, 0..<rowsB, into: &out)
  }

  /// Writes the results of all rows of a with one row of b.
  package func multiply(rowB row: Int, into out: inout SharedBuffer<Scalar>) {
    multiplyRows(0..<rowsA, row..<row + 1, into: &out)
  }

  private func multiplyRows(
    _ rows: Range<Int>, _ columns: Range<Int>, into out: inout SharedBuffer<Scalar>
  ) {
    MatrixProduct.useOneThread()
    let work = AlignedBuffer<Scalar>(uninitializedCount: matrixWorkspaceCount)
    let to = out.mutableBase()
    for i in stride(from: rows.lowerBound, to: rows.upperBound, by: Self.blockA) {
      for j in stride(from: columns.lowerBound, to: columns.upperBound, by: blockB) {
        multiply(
          i..<min(i + Self.blockA, rows.upperBound), j..<min(j + blockB, columns.upperBound),
          work.base, into: to)
      }
    }
  }

  private func multiply(
    _ rows: Range<Int>, _ columns: Range<Int>, _ work: UnsafeMutablePointer<Scalar>,
    into out: UnsafeMutablePointer<Scalar>
  ) {
    let pairs = rows.count * columns.count
    // No power of two, for the cache's sake.
    let pitch = pairs + 16
    for first in stride(from: 0, to: problem.lags, by: lagChunk) {
      let chunk = first..<min(first + lagChunk, problem.lags)
      for lag in chunk {
        let block = work + (lag - first) * pitch
        let overlap = problem.overlap(at: problem.firstLag + lag)
        guard !overlap.isEmpty else {
          block.update(repeating: 0, count: pairs)
          continue
        }
        Scalar._backend.matrices.gemm(
          true, Int32(rows.count), Int32(columns.count), Int32(overlap.count), 1,
          a.base + rows.lowerBound * problem.lengthA + overlap.lowerBound + problem.firstLag + lag,
          Int32(problem.lengthA),
          b.base + columns.lowerBound * problem.lengthB + overlap.lowerBound,
          Int32(problem.lengthB), 0, block, Int32(columns.count))
      }
      for pair in 0..<pairs {
        let (i, j) = (
          rows.lowerBound + pair / columns.count, columns.lowerBound + pair % columns.count
        )
        let to = out + (i * rowsB + j) * problem.lags + first
        for lag in 0..<chunk.count { to[lag] = work[lag * pitch + pair] }
      }
    }
  }
}
