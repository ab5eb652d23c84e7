/// A bank of kernels as a matrix product: the windows of a tile become the columns of a matrix.
///
///     out[k, p] = Σ over t of w[k, t] · P[t, p],   P[t, p] = F[stride · p + t + offset]
///
/// Only a tile's part of P exists at a time, and stays in the second-level cache.
package struct BankMatrix<Scalar: BackendScalar>: Sendable {
  package let cut: BankCut
  private let weights: SharedBuffer<Scalar>

  /// The most elements of P, unless 256 windows alone have more.
  private static var windowElements: Int { 1 << 17 }

  /// Takes kernels that follow each other, channel by channel.
  package init(_ sizes: BankSizes, weights: SharedBuffer<Scalar>) {
    precondition(weights.count == sizes.kernels * sizes.taps, "The weights don't fill the kernels")
    cut = Self.cut(sizes)
    self.weights = weights
  }

  package static func cut(_ sizes: BankSizes) -> BankCut {
    BankCut(sizes, outputs: min(4096, max(256, windowElements / sizes.taps)))
  }

  /// Scalars that a worker needs.
  package static func workspaceCount(_ sizes: BankSizes) -> Int {
    let cut = cut(sizes)
    return cut.gatheredCount + sizes.taps * cut.rows * cut.columns
  }

  /// The results of all kernels, one after the other, for channels of which `shift` is subtracted.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  package func run(
    _ channels: [SharedBuffer<Scalar>], edges: Extension, shift: Scalar = 0, threads: Int,
    into out: inout SharedBuffer<Scalar>
  ) {
    let (sizes, cut, weights) = (cut.sizes, cut, weights)
    precondition(
      channels.count == sizes.channels && out.count == sizes.kernels * sizes.output.count)
    MatrixProduct.useOneThread()
    let to = UncheckedSendable(out.mutableBase())
    forEachTask(cut.count, threads: threads) {
      AlignedBuffer<Scalar>(uninitializedCount: Self.workspaceCount(sizes))
    } body: { index, work in
      let tile = cut[index]
      let windows = work.base + cut.gatheredCount
      _ = gatherChannels(channels, cut, tile, edges: edges, shift: shift, into: work.base)
      spread(work.base, tile, into: windows)
      Scalar._backend.matrices.gemm(
        false, Int32(sizes.kernels), Int32(tile.count), Int32(sizes.taps), 1, weights.base,
        Int32(sizes.taps), windows, Int32(tile.count), 0, to.value + cut.start(of: tile),
        Int32(sizes.output.count))
    }
  }

  /// Writes the row of P that belongs to each tap.
  private func spread(
    _ gathered: UnsafeMutablePointer<Scalar>, _ tile: BankCut.Tile,
    into windows: UnsafeMutablePointer<Scalar>
  ) {
    let (kernel, stride) = (cut.sizes.kernel, cut.sizes.stride)
    let source = cut.source(of: tile).count
    var next = windows
    for plane in 0..<(cut.sizes.channels * kernel.planes) {
      for row in 0..<kernel.rows {
        for column in 0..<kernel.columns {
          let tap = gathered + (plane * source.rows + row) * source.columns + column
          for line in 0..<tile.rows {
            let from = tap + line * stride.rows * source.columns
            if stride.columns == 1 {
              next.update(from: from, count: tile.columns)
            } else {
              for index in 0..<tile.columns { next[index] = from[index * stride.columns] }
            }
            next += tile.columns
          }
        }
      }
    }
  }
}
