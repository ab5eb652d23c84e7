/// A bank of kernels by direct sums: a tile is gathered once, and every kernel slides over it.
///
/// Channels are planes of the gathered tile and of the kernel. With a stride, so are its phases: each
/// holds every so many rows and columns, over which every so many of the taps slide without a stride.
package struct BankSums<Scalar: BackendScalar>: Sendable {
  package let cut: BankCut
  private let weights: SharedBuffer<Scalar>
  /// The same weights dealt out to the phases, filled up with zeros.
  private let phased: SharedBuffer<Scalar>

  /// Outputs of a tile for each kernel: those of one kernel and what they are made of stay in cache.
  private static var outputs: Int { 1 << 13 }

  /// Takes kernels that follow each other, channel by channel.
  package init(_ sizes: BankSizes, weights: SharedBuffer<Scalar>) {
    precondition(weights.count == sizes.kernels * sizes.taps, "The weights don't fill the kernels")
    cut = Self.cut(sizes)
    self.weights = weights
    phased = sizes.phases == 1 ? weights : Self.deal(weights, sizes)
  }

  package static func cut(_ sizes: BankSizes) -> BankCut { BankCut(sizes, outputs: outputs) }

  /// Scalars that a worker needs.
  package static func workspaceCount(_ sizes: BankSizes) -> Int {
    let cut = cut(sizes)
    return cut.gatheredCount + (sizes.phases == 1 ? 0 : phasedCount(cut, cut.rows, cut.columns))
  }

  private static func phasedCount(_ cut: BankCut, _ rows: Int, _ columns: Int) -> Int {
    let kernel = cut.sizes.phaseKernel
    return cut.sizes.channels * kernel.planes * cut.sizes.phases * (rows + kernel.rows - 1)
      * (columns + kernel.columns - 1)
  }

  /// The results of all kernels, one after the other.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  package func run(
    _ channels: [SharedBuffer<Scalar>], edges: Extension, threads: Int,
    into out: inout SharedBuffer<Scalar>
  ) {
    let (sizes, cut, phased) = (cut.sizes, cut, phased)
    precondition(
      channels.count == sizes.channels && out.count == sizes.kernels * sizes.output.count)
    let to = UncheckedSendable(out.mutableBase())
    forEachTask(cut.count, threads: threads) {
      AlignedBuffer<Scalar>(uninitializedCount: Self.workspaceCount(sizes))
    } body: { index, work in
      let tile = cut[index]
      let isFinite = gatherChannels(channels, cut, tile, edges: edges, into: work.base)
      let first = to.value + cut.start(of: tile)
      var source = work.base
      if sizes.phases > 1 {
        // Zeros that fill phases up would make NaN of what isn't finite.
        guard isFinite else { return sum(source, tile, into: first) }
        source += cut.gatheredCount
        deal(work.base, tile, into: source)
      }
      let kernel = sizes.phaseKernel
      let planes = sizes.channels * kernel.planes * sizes.phases
      var description = Tile(
        out: Extents(1, tile.rows, tile.columns),
        kernel: Extents(planes, kernel.rows, kernel.columns)
      ).c
      for index in 0..<sizes.kernels {
        Scalar._backend.kernels.correlateTile(
          &description, source, phased.base + index * planes * kernel.rows * kernel.columns,
          first + index * sizes.output.count)
      }
    }
  }

  /// Deals a gathered tile out to the phases.
  private func deal(
    _ gathered: UnsafeMutablePointer<Scalar>, _ tile: BankCut.Tile,
    into phases: UnsafeMutablePointer<Scalar>
  ) {
    let (stride, kernel) = (cut.sizes.stride, cut.sizes.phaseKernel)
    let source = cut.source(of: tile).count
    let columns = tile.columns + kernel.columns - 1
    var next = phases
    for plane in 0..<(cut.sizes.channels * kernel.planes) {
      for y in 0..<stride.rows {
        for x in 0..<stride.columns {
          for row in 0..<(tile.rows + kernel.rows - 1) {
            let line = y + row * stride.rows
            let from = gathered + (plane * source.rows + line) * source.columns + x
            // What lies beyond the tile only ever meets zeros.
            let wanted =
              line < source.rows
              ? min(columns, (source.columns - x + stride.columns - 1) / stride.columns) : 0
            for index in 0..<wanted { next[index] = from[index * stride.columns] }
            for index in wanted..<columns { next[index] = 0 }
            next += columns
          }
        }
      }
    }
  }

  /// The sums as they are defined, tap by tap.
  private func sum(
    _ gathered: UnsafeMutablePointer<Scalar>, _ tile: BankCut.Tile,
    into out: UnsafeMutablePointer<Scalar>
  ) {
    let (sizes, source) = (cut.sizes, cut.source(of: tile).count)
    for index in 0..<sizes.kernels {
      for output in 0..<tile.count {
        let row = output / tile.columns * sizes.stride.rows
        let column = output % tile.columns * sizes.stride.columns
        var tap = weights.base + index * sizes.taps
        var sum = 0.0
        for plane in 0..<(sizes.channels * sizes.kernel.planes) {
          for line in 0..<sizes.kernel.rows {
            let from = gathered + (plane * source.rows + row + line) * source.columns + column
            for place in 0..<sizes.kernel.columns {
              sum += Double(from[place]) * Double(tap[place])
            }
            tap += sizes.kernel.columns
          }
        }
        out[index * sizes.output.count + output] = Scalar(sum)
      }
    }
  }

  private static func deal(
    _ weights: SharedBuffer<Scalar>, _ sizes: BankSizes
  ) -> SharedBuffer<Scalar> {
    let (stride, kernel, part) = (sizes.stride, sizes.kernel, sizes.phaseKernel)
    let planes = sizes.kernels * sizes.channels * kernel.planes
    var result = SharedBuffer<Scalar>(
      repeating: 0, count: planes * sizes.phases * part.rows * part.columns)
    let to = result.mutableBase()
    for plane in 0..<planes {
      for row in 0..<kernel.rows {
        for column in 0..<kernel.columns {
          let phase = row % stride.rows * stride.columns + column % stride.columns
          let line = (plane * sizes.phases + phase) * part.rows + row / stride.rows
          to[line * part.columns + column / stride.columns] =
            weights.base[(plane * kernel.rows + row) * kernel.columns + column]
        }
      }
    }
    return result
  }
}
