/// Kernels' spectra for a bank, one after the other, channel by channel.
package final class BankSpectra<Scalar: BackendScalar>: Sendable {
  let storage: AlignedBuffer<Scalar>

  var count: Int { storage.count }

  init(_ storage: consuming AlignedBuffer<Scalar>) {
    self.storage = storage
  }
}

extension TileTransform {
  /// The spectra of a bank's kernels.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  package func spectra(
    of weights: SharedBuffer<Scalar>, count: Int, threads: Int
  ) -> BankSpectra<Scalar> {
    let taps = tiles.kernel.count
    precondition(weights.count == count * taps, "The weights don't fill the kernels")
    let storage = AlignedBuffer<Scalar>(uninitializedCount: count * tiles.spectrumCount)
    let to = UncheckedSendable(storage.base)
    WorkProgress.untold {
      forEachTask(count, threads: threads) {
        TileWorkspace<Scalar>(tiles)
      } body: { index, work in
        let kernel = SharedBuffer<Scalar>(
          foreign: weights.base + index * taps, count: taps, owner: weights.storage)
        transform(Samples(real: kernel), with: work, into: to.value + index * tiles.spectrumCount)
      }
    }
    return BankSpectra(storage)
  }

  /// The results of all kernels of a bank: each tile is transformed once, and back for each kernel.
  ///
  /// NaN and infinity are taken as zeros. With `chosen` the results are those of some kernels, of which
  /// there are as many as the sizes say.
  ///
  /// - Returns: Whether every value that was read is finite.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  package func correlate(
    _ channels: [SharedBuffer<Scalar>], _ sizes: BankSizes, edges: Extension,
    with spectra: BankSpectra<Scalar>, of chosen: [Int]? = nil,
    threads: Int, into out: inout SharedBuffer<Scalar>
  ) -> Bool {
    precondition(
      channels.count == sizes.channels && out.count == sizes.kernels * sizes.output.count)
    let chosen = chosen ?? Array(0..<sizes.kernels)
    precondition(
      chosen.count == sizes.kernels
        && chosen.allSatisfy { ($0 + 1) * sizes.channels * tiles.spectrumCount <= spectra.count })
    let to = UncheckedSendable(out.mutableBase())
    let isFinite = Flag()
    let tile = description
    let spectrumCount = tiles.spectrumCount
    forEachTask((tiles.count + 1) / 2, threads: threads) {
      BankWorkspace<Scalar>(tiles, channels: sizes.channels)
    } body: { task, work in
      let first = tiles.tile(2 * task)
      let second = 2 * task + 1 < tiles.count ? tiles.tile(2 * task + 1) : nil
      var areFinite = true
      for (index, channel) in channels.enumerated() {
        if !gather(channel, sizes, first, edges, into: work.tile.real) { areFinite = false }
        if let second {
          if !gather(channel, sizes, second, edges, into: work.tile.imaginary) { areFinite = false }
        } else {
          work.tile.imaginary.initialize(repeating: 0, count: tiles.tileCount)
        }
        Scalar._backend.kernels.transformTile(
          tile, work.tile.real, work.tile.imaginary, 1, false, work.tile.scratch,
          work.spectra.base + index * spectrumCount)
      }
      if !areFinite { isFinite.clear() }
      for kernel in 0..<sizes.kernels {
        Scalar._backend.kernels.restoreTile(
          tile, sizes.channels, work.spectra.base,
          spectra.storage.base + chosen[kernel] * sizes.channels * spectrumCount, work.tile.real,
          work.tile.imaginary, work.tile.scratch)
        let result = to.value + kernel * sizes.output.count
        write(work.tile.real, first, sizes, into: result)
        if let second { write(work.tile.imaginary, second, sizes, into: result) }
      }
    }
    return isFinite.isSet
  }

  /// Scalars that a worker needs for a bank.
  package static func bankWorkspaceCount(_ tiles: OverlapTiles, channels: Int) -> Int {
    tiles.workspaceCount + channels * tiles.spectrumCount
  }

  private func gather(
    _ channel: SharedBuffer<Scalar>, _ sizes: BankSizes, _ tile: (start: Extents, count: Extents),
    _ edges: Extension, into part: UnsafeMutablePointer<Scalar>
  ) -> Bool {
    gather(
      channel, extents: sizes.image, start: Extents { tile.start[$0] + sizes.offset[$0] },
      count: Extents { tile.count[$0] + tiles.kernel[$0] - 1 }, edges: edges, shift: 0,
      into: part)
  }

  /// Writes those of a tile's outputs that the strides hit.
  private func write(
    _ part: UnsafeMutablePointer<Scalar>, _ tile: (start: Extents, count: Extents),
    _ sizes: BankSizes, into out: UnsafeMutablePointer<Scalar>
  ) {
    let stride = sizes.stride
    if stride == Extents(1, 1, 1) { return write(part, tile, into: out) }
    func hits(_ axis: Int) -> Range<Int> {
      let (start, step) = (tile.start[axis], stride[axis])
      return start.parts(of: step)..<(start + tile.count[axis] + step - 1) / step
    }
    let columns = tiles.lengths.columns
    for plane in hits(0) {
      for row in hits(1) {
        let line = part + (plane * stride.planes - tile.start.planes) * tiles.planeStride
        let to = out + (plane * sizes.output.rows + row) * sizes.output.columns
        if tiles.isLine {
          for column in hits(2) {
            let place = column * stride.columns - tile.start.columns
            to[column] = line[place / columns * tiles.rowStride + place % columns]
          }
        } else {
          let from = line + (row * stride.rows - tile.start.rows) * tiles.rowStride
          for column in hits(2) {
            to[column] = from[column * stride.columns - tile.start.columns]
          }
        }
      }
    }
  }
}

/// One worker's tile, and the spectra of the channels.
private struct BankWorkspace<Scalar: BackendScalar>: ~Copyable {
  let tile: TileWorkspace<Scalar>
  let spectra: AlignedBuffer<Scalar>

  init(_ tiles: OverlapTiles, channels: Int) {
    tile = TileWorkspace(tiles)
    spectra = AlignedBuffer(uninitializedCount: channels * tiles.spectrumCount)
  }
}
