import ConcordKernels

/// A tile that several threads work on: where there are fewer tiles than threads, as for a line that a
/// kernel of its own length is slid along.
extension TileTransform {
  /// Does parts of a tile's rows, at once if there are threads for it.
  func inRows(_ count: Int, threads: Int, _ body: @Sendable (Range<Int>) -> Void) {
    guard threads > 1 else { return body(0..<count) }
    inParts(count, threads: threads, makeScratch: {}) { range, _ in body(range) }
  }

  /// Clears rows of a tile's part.
  func clear(_ part: UnsafeMutablePointer<Scalar>, rows: Range<Int>) {
    for plane in 0..<tiles.lengths.planes {
      (part + plane * tiles.planeStride + rows.lowerBound * tiles.rowStride).initialize(
        repeating: 0, count: rows.count * tiles.rowStride)
    }
  }

  /// The same as a tile is filtered by one thread, stage by stage; to the same bits.
  func filterTogether(
    _ tile: LaneTile<Scalar>, _ real: UnsafeMutablePointer<Scalar>,
    _ imaginary: UnsafeMutablePointer<Scalar>, with spectrum: TileSpectrum<Scalar>, threads: Int
  ) {
    let (real, imaginary) = (UncheckedSendable(real), UncheckedSendable(imaginary))
    let stages = [
      (CONCORD_FILTER_FORWARD, tiles.lengths.columns),
      (CONCORD_FILTER_MULTIPLY, tiles.lengths.rows),
      (CONCORD_FILTER_BACKWARD, tiles.lengths.columns),
    ]
    for (stage, count) in stages {
      inParts(count, threads: threads) {
        AlignedBuffer<Scalar>(uninitializedCount: tiles.scratchCount)
      } body: { range, scratch in
        Scalar._backend.kernels.filterPart(
          tile, Int32(stage), range.lowerBound, range.upperBound, real.value,
          imaginary.value, spectrum.storage.base, scratch.base)
      }
    }
  }

  /// Parts of whole vectors, some for each thread.
  private func inParts<Scratch: ~Copyable>(
    _ count: Int, threads: Int, makeScratch: @Sendable () -> Scratch,
    body: @Sendable (Range<Int>, inout Scratch) -> Void
  ) {
    let size = count.parts(of: 4 * threads).roundedUp(to: 16)
    forEachTask(count.parts(of: size), threads: threads, makeScratch: makeScratch) {
      task, scratch in
      body(task * size..<min(count, (task + 1) * size), &scratch)
    }
  }
}
