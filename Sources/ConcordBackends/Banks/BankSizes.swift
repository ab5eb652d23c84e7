/// The sizes of a bank of kernels over the channels of one image.
///
///     out[k][p] = Σ over c, t of w[k][c][t] · F[c][stride · p + t + offset]
///
/// F is a channel with its extension beyond the edges.
package struct BankSizes: Hashable, Sendable {
  /// The extents of a channel, and of a kernel's part for one channel.
  package var image: Extents
  package var kernel: Extents
  /// The extents of the result of one kernel.
  package var output: Extents
  package var stride: Extents
  package var offset: Extents
  package var channels: Int
  package var kernels: Int

  package init(
    image: Extents, kernel: Extents, output: Extents, stride: Extents, offset: Extents,
    channels: Int, kernels: Int
  ) {
    self.image = image
    self.kernel = kernel
    self.output = output
    self.stride = stride
    self.offset = offset
    self.channels = channels
    self.kernels = kernels
  }

  /// The taps of one kernel, over all channels.
  package var taps: Int { channels * kernel.count }

  /// The kernel's extents once its rows and columns are dealt out to the phases of the stride.
  package var phaseKernel: Extents {
    Extents(
      kernel.planes, kernel.rows.parts(of: stride.rows),
      kernel.columns.parts(of: stride.columns))
  }

  /// The phases of rows and columns, each of which a kernel of its own slides over without strides.
  package var phases: Int { stride.rows * stride.columns }
}

/// How the results of a bank are cut into tiles: runs of whole rows of a plane, or parts of one row.
///
/// So a tile's outputs follow each other in memory. The cut depends on the sizes alone.
package struct BankCut: Sendable {
  package struct Tile: Sendable {
    var plane: Int
    var row: Int
    var column: Int
    var rows: Int
    var columns: Int
    var count: Int { rows * columns }
  }

  let sizes: BankSizes
  let rows: Int
  let columns: Int

  package init(_ sizes: BankSizes, outputs: Int) {
    self.sizes = sizes
    let (height, width) = (sizes.output.rows, sizes.output.columns)
    if outputs >= width {
      let whole = min(height, outputs / width)
      rows = whole > 4 ? whole / 4 * 4 : whole
      columns = width
    } else {
      rows = 1
      columns = outputs
    }
  }

  private var down: Int { sizes.output.rows.parts(of: rows) }
  private var across: Int { sizes.output.columns.parts(of: columns) }

  package var count: Int { sizes.output.planes * down * across }

  subscript(index: Int) -> Tile {
    let row = index / across % down * rows
    let column = index % across * columns
    return Tile(
      plane: index / (down * across), row: row, column: column,
      rows: min(rows, sizes.output.rows - row),
      columns: min(columns, sizes.output.columns - column))
  }

  /// Where a tile's outputs begin in the result of a kernel.
  func start(of tile: Tile) -> Int {
    (tile.plane * sizes.output.rows + tile.row) * sizes.output.columns + tile.column
  }

  /// The block of each channel that a tile reads.
  func source(of tile: Tile) -> (origin: Extents, count: Extents) {
    let (stride, kernel) = (sizes.stride, sizes.kernel)
    let origin = Extents(
      tile.plane * stride.planes + sizes.offset.planes,
      tile.row * stride.rows + sizes.offset.rows,
      tile.column * stride.columns + sizes.offset.columns)
    return (
      origin,
      Extents(
        kernel.planes, (tile.rows - 1) * stride.rows + kernel.rows,
        (tile.columns - 1) * stride.columns + kernel.columns)
    )
  }

  /// Elements that a worker gathers at most.
  package var gatheredCount: Int {
    sizes.channels
      * source(of: Tile(plane: 0, row: 0, column: 0, rows: rows, columns: columns))
      .count.count
  }
}

/// Gathers what a tile reads of every channel, by the boundary rule, minus `shift`.
///
/// - Returns: Whether all of it is finite.
func gatherChannels<Scalar: BackendScalar>(
  _ channels: [SharedBuffer<Scalar>], _ cut: BankCut, _ tile: BankCut.Tile, edges: Extension,
  shift: Scalar = 0, into gathered: UnsafeMutablePointer<Scalar>
) -> Bool {
  let (origin, count) = cut.source(of: tile)
  for (index, channel) in channels.enumerated() {
    var block = MutableSpan(_unsafeStart: gathered + index * count.count, count: count.count)
    Scalar.gather(
      from: channel.span, extents: cut.sizes.image, origin: origin, count: count,
      extension: edges, minus: shift, into: &block)
  }
  return Scalar._backend.kernels.allFinite(gathered, channels.count * count.count) != 0
}
