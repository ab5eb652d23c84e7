import ConcordKernels

/// Overlap-save: correlates an image tile by tile through products of spectra.
///
/// A tile stays in cache from gathering to writing. Two real tiles are the real and imaginary parts
/// of one complex tile: with a real kernel they don't mix. The boundary rule is applied where a tile
/// is gathered. Transforms are Concord's own: columns as lanes of vectors, no reordering.
///
/// Immutable and Sendable: many threads may use one.
package final class TileTransform<Scalar: BackendScalar>: Sendable {
  package let tiles: OverlapTiles
  private let planes: LaneAxis<Scalar>
  private let rows: LaneAxis<Scalar>
  private let columns: LaneAxis<Scalar>
  /// Empty where axes are transformed on their own.
  private let twist: AlignedBuffer<Scalar>

  package init(tiles: OverlapTiles) {
    precondition(tiles.lengths.rows % 16 == 0 && tiles.lengths.columns % 16 == 0)
    precondition((0..<3).allSatisfy { tiles.kept[$0] > 0 }, "The kernel exceeds the tile")
    self.tiles = tiles
    planes = LaneAxis(length: tiles.lengths.planes)
    rows = LaneAxis(length: tiles.lengths.rows)
    columns = LaneAxis(length: tiles.lengths.columns)
    twist = Self.twist(rows: rows, columns: tiles.isLine ? tiles.lengths.columns : 0)
  }

  var description: LaneTile<Scalar> {
    var kept = tiles.kept
    if tiles.isLine { kept = Extents(1, tiles.lengths.rows, tiles.lengths.columns) }
    return LaneTile(
      planes: planes.axis, rows: rows.axis, columns: columns.axis, rowStride: tiles.rowStride,
      planeStride: tiles.planeStride, twist: tiles.isLine ? UnsafePointer(twist.base) : nil,
      kept: kept)
  }

  /// The kernel's spectrum, ready to be multiplied with: conjugated and scaled.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  package func spectrum(of weights: Samples<Scalar>) -> TileSpectrum<Scalar> {
    let spectrum = TileSpectrum<Scalar>(count: tiles.spectrumCount)
    transform(weights, with: TileWorkspace<Scalar>(tiles), into: spectrum.storage.base)
    return spectrum
  }

  /// Writes a kernel's spectrum, conjugated and scaled.
  func transform(
    _ weights: Samples<Scalar>, with work: borrowing TileWorkspace<Scalar>,
    into spectrum: UnsafeMutablePointer<Scalar>
  ) {
    let whole = Extents(0, 0, 0)
    _ = gather(
      weights.real, extents: tiles.kernel, start: whole, count: tiles.kernel,
      edges: Extension(.constant), shift: 0, into: work.real)
    if let imaginary = weights.imaginary {
      _ = gather(
        imaginary, extents: tiles.kernel, start: whole, count: tiles.kernel,
        edges: Extension(.constant), shift: 0, into: work.imaginary)
    } else {
      work.imaginary.initialize(repeating: 0, count: tiles.tileCount)
    }
    Scalar._backend.kernels.transformTile(
      description, work.real, work.imaginary, 1 / Scalar(tiles.lengths.count), true, work.scratch,
      spectrum)
  }

  /// out[p] = Σ conj(w[t]) (F[p + t + offset] - shift), F going on beyond its edges as `edges` says.
  ///
  /// NaN and infinity are taken as zeros.
  ///
  /// - Returns: Whether every value that was read is finite.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  package func correlate(
    _ image: Samples<Scalar>, extents: Extents, offset: Extents, edges: Extension,
    with spectrum: TileSpectrum<Scalar>, threads: Int, into out: inout Samples<Scalar>
  ) -> Bool {
    let pairs = !image.isComplex
    let tasks = pairs ? (tiles.count + 1) / 2 : tiles.count
    let real = UncheckedSendable(out.real.mutableBase())
    let imaginary = UncheckedSendable(out.imaginary?.mutableBase())
    let isFinite = Flag()
    let tile = description
    // Together they exceed what caches keep, and then writing should not read what it replaces.
    let bytes = (extents.count + tiles.output.count) * MemoryLayout<Scalar>.stride
    let streams = !tiles.isLine && bytes >= Self.streamedBytes
    let isShared = tiles.areShared(tasks: tasks, threads: threads)
    let inner = isShared ? threads : 1
    forEachTask(tasks, threads: isShared ? 1 : threads) {
      TileWorkspace<Scalar>(tiles)
    } body: { task, work in
      let first = tiles.tile(pairs ? 2 * task : task)
      let next = pairs && 2 * task + 1 < tiles.count ? tiles.tile(2 * task + 1) : nil
      let (re, im, scratch) = (
        UncheckedSendable(work.real), UncheckedSendable(work.imaginary), work.scratch
      )
      func filter(settling: Bool) {
        inRows(tiles.lengths.rows, threads: inner) { rows in
          func gathered(
            _ samples: SharedBuffer<Scalar>, _ tile: (start: Extents, count: Extents),
            _ constant: Double, into part: UnsafeMutablePointer<Scalar>
          ) {
            let areFinite = gather(
              samples, extents: extents, start: Extents { tile.start[$0] + offset[$0] },
              count: Extents { tile.count[$0] + tiles.kernel[$0] - 1 },
              edges: Extension(edges.rule, value: constant), shift: image.shift ?? 0, rows: rows,
              settling: settling, into: part)
            if !areFinite { isFinite.clear() }
          }
          gathered(image.real, first, edges.value, into: re.value)
          if let part = image.imaginary {
            // The constant beyond the edges is a real number.
            gathered(part, first, 0, into: im.value)
          } else if let next {
            gathered(image.real, next, edges.value, into: im.value)
          } else {
            clear(im.value, rows: rows)
          }
        }
        if isShared {
          filterTogether(tile, re.value, im.value, with: spectrum, threads: threads)
        } else {
          Scalar._backend.kernels.filterTile(
            tile, re.value, im.value, spectrum.storage.base, scratch)
        }
      }
      filter(settling: false)
      // Every output is a sum of all that was gathered, so one that isn't finite shows in all of them,
      // and looking for it before would take longer.
      if !re.value[0].isFinite || !im.value[0].isFinite { filter(settling: true) }
      inRows(tiles.lengths.rows, threads: inner) { rows in
        write(re.value, first, rows: rows, streams: streams, into: real.value)
        if let part = imaginary.value {
          write(im.value, first, rows: rows, streams: streams, into: part)
        }
        if let next { write(im.value, next, rows: rows, streams: streams, into: real.value) }
      }
    }
    return isFinite.isSet
  }

  /// Bytes of an image and a result from which on results are written past the caches.
  private static var streamedBytes: Int { 24 << 20 }

  /// Gathers the block at `start` by the boundary rule, and fills the tile up with zeros, which also
  /// stand for values that aren't finite if those are to be settled; all rows of it, or some.
  ///
  /// - Returns: Whether all values are finite, if that is to be settled.
  func gather(
    _ source: SharedBuffer<Scalar>, extents: Extents, start: Extents, count: Extents,
    edges: Extension, shift: Scalar, rows: Range<Int>? = nil,
    settling: Bool = true, into part: UnsafeMutablePointer<Scalar>
  ) -> Bool {
    let backend = Scalar._backend
    let lengths = tiles.lengths
    var areFinite = true
    for plane in 0..<lengths.planes {
      for row in rows ?? 0..<lengths.rows {
        let to = part + plane * tiles.planeStride + row * tiles.rowStride
        // A line goes on in the next row of its tile.
        let skipped = tiles.isLine ? row * lengths.columns : 0
        let isOutside = plane >= count.planes || (!tiles.isLine && row >= count.rows)
        let wanted = isOutside ? 0 : max(0, min(lengths.columns, count.columns - skipped))
        if wanted > 0 {
          let line = edges.index(
            start.rows + (tiles.isLine ? 0 : row), extent: extents.rows)
          let layer = edges.index(start.planes + plane, extent: extents.planes)
          if let line, let layer {
            if row + Self.rowsAhead < count.rows {
              fetch(
                row: start.rows + row + Self.rowsAhead, layer: layer, of: source, extents: extents,
                columns: start.columns, count: wanted, edges: edges)
            }
            backend.kernels.gatherRow(
              source.base + (layer * extents.rows + line) * extents.columns, extents.columns,
              start.columns + skipped, wanted, edges.rule.rawValue, Scalar(edges.value), to)
          } else {
            to.initialize(repeating: Scalar(edges.value), count: wanted)
          }
          if shift != 0 { backend.kernels.shift(shift, to, wanted) }
          if settling, backend.kernels.allFinite(to, wanted) == 0 {
            areFinite = false
            replaceNonFinite(to, wanted)
          }
        }
        (to + wanted).initialize(repeating: 0, count: lengths.columns - wanted)
      }
    }
    return areFinite
  }

  /// Rows that are asked for before they are gathered: a tile's rows are too short for the processor
  /// to see what comes next.
  private static var rowsAhead: Int { 4 }

  private func fetch(
    row: Int, layer: Int, of source: SharedBuffer<Scalar>, extents: Extents, columns: Int,
    count: Int, edges: Extension
  ) {
    guard !tiles.isLine, let line = edges.index(row, extent: extents.rows) else { return }
    let first = max(0, columns)
    let last = min(extents.columns, columns + count)
    concord_fetch(
      source.base + (layer * extents.rows + line) * extents.columns + first,
      (last - first) * MemoryLayout<Scalar>.stride)
  }

  /// Writes a tile's outputs where they belong, past the caches if asked; from all rows, or some.
  func write(
    _ part: UnsafeMutablePointer<Scalar>, _ tile: (start: Extents, count: Extents),
    rows: Range<Int>? = nil, streams: Bool = false, into out: UnsafeMutablePointer<Scalar>
  ) {
    let kernels = Scalar._backend.kernels
    let output = tiles.output
    if tiles.isLine {
      let columns = tiles.lengths.columns
      let used = (rows ?? 0..<tiles.lengths.rows).clamped(
        to: 0..<tile.count.columns.parts(of: columns))
      for row in used {
        (out + tile.start.columns + row * columns).update(
          from: part + row * tiles.rowStride,
          count: min(columns, tile.count.columns - row * columns))
      }
      return
    }
    for plane in 0..<tile.count.planes {
      for row in (rows ?? 0..<tile.count.rows).clamped(to: 0..<tile.count.rows) {
        let line = (tile.start.planes + plane) * output.rows + tile.start.rows + row
        let from = part + plane * tiles.planeStride + row * tiles.rowStride
        let to = out + line * output.columns + tile.start.columns
        if streams {
          kernels.streamRow(from, tile.count.columns, to)
        } else {
          to.update(from: from, count: tile.count.columns)
        }
      }
    }
    if streams { concord_stream_end() }
  }

  /// exp(-2πi k n / N) for row frequency k and column n, laid out as a spectrum.
  private static func twist(rows: LaneAxis<Scalar>, columns: Int) -> AlignedBuffer<Scalar> {
    let lanes = Int(Scalar._backend.kernels.tileLanes())
    var twist = AlignedBuffer<Scalar>(uninitializedCount: 2 * rows.length * columns)
    var values = twist.mutableSpan
    for row in 0..<rows.length {
      let frequency = rows.frequency(at: row)
      let block = 2 * (row / lanes) * lanes * columns
      for column in 0..<columns {
        let (cosine, sine) = unitRoot(frequency * column, of: rows.length * columns)
        let at = block + 2 * column * lanes + row % lanes
        values[at] = Scalar(cosine)
        values[at + lanes] = Scalar(sine)
      }
    }
    return twist
  }
}

/// Puts zeros in place of NaN and infinity.
func replaceNonFinite<Scalar: BackendScalar>(_ values: UnsafeMutablePointer<Scalar>, _ count: Int) {
  for index in 0..<count where !values[index].isFinite { values[index] = 0 }
}

/// A kernel's spectrum in the order in which tiles are filtered.
package final class TileSpectrum<Scalar: BackendScalar>: Sendable {
  let storage: AlignedBuffer<Scalar>

  init(count: Int) {
    storage = AlignedBuffer(uninitializedCount: count)
  }
}

/// One worker's tile and the columns it transforms.
struct TileWorkspace<Scalar: BackendScalar>: ~Copyable {
  private let storage: AlignedBuffer<Scalar>
  let real: UnsafeMutablePointer<Scalar>
  let imaginary: UnsafeMutablePointer<Scalar>
  let scratch: UnsafeMutablePointer<Scalar>

  init(_ tiles: OverlapTiles) {
    storage = AlignedBuffer(uninitializedCount: tiles.workspaceCount)
    scratch = storage.base
    real = scratch + tiles.scratchCount
    imaginary = real + tiles.tileCount
  }
}
