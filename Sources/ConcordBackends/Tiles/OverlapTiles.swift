/// How an output is cut into tiles for overlap-save.
///
/// A tile of the image is as large as the transform; a kernel of extent M spoils all but N - M + 1
/// outputs along each axis, and tiles overlap by as much. A line is cut into pieces of its own.
package struct OverlapTiles: Hashable, Sendable {
  /// The transform's lengths; of a line, both factors of its length.
  package let lengths: Extents
  package let isLine: Bool
  package let kernel: Extents
  package let output: Extents

  package init(lengths: Extents, kernel: Extents, output: Extents) {
    self.lengths = lengths
    self.kernel = kernel
    self.output = output
    isLine = Self.isLine(kernel: kernel, output: output)
  }

  /// Whether rows alone are filtered, in which case both lengths serve one axis.
  package static func isLine(kernel: Extents, output: Extents) -> Bool {
    kernel.planes * kernel.rows == 1 && output.planes * output.rows == 1
  }

  /// What a tile covers along each axis.
  package var reach: Extents {
    isLine ? Extents(1, 1, lengths.rows * lengths.columns) : lengths
  }

  /// Outputs that a tile gives along each axis; below 1 where the kernel is too large.
  package var kept: Extents { Extents { reach[$0] - kernel[$0] + 1 } }

  /// Tiles along each axis.
  package var grid: Extents { Extents { (output[$0] + kept[$0] - 1) / kept[$0] } }

  package var count: Int { grid.count }

  /// The first output of a tile, and how many there are.
  func tile(_ index: Int) -> (start: Extents, count: Extents) {
    let grid = grid
    let place = Extents(
      index / (grid.rows * grid.columns), index / grid.columns % grid.rows, index % grid.columns)
    let kept = kept
    let start = Extents { place[$0] * kept[$0] }
    return (start, Extents { min(kept[$0], output[$0] - start[$0]) })
  }

  /// Whether threads are better shared within tiles: there are too few for all, and large ones.
  ///
  /// A task is a tile, or a pair of them.
  package func areShared(tasks: Int, threads: Int) -> Bool {
    2 * tasks <= threads && lengths.planes == 1 && lengths.count >= 1 << 15
  }

  /// Elements from one row of a tile to the next: no power of two, for the cache's sake.
  var rowStride: Int { lengths.columns + 16 }
  var planeStride: Int { lengths.rows * rowStride + 16 }
  var tileCount: Int { lengths.planes * planeStride }
  var scratchCount: Int { 32 * max(lengths.planes, lengths.rows, lengths.columns) }

  /// Scalars that one worker needs.
  package var workspaceCount: Int { 2 * tileCount + scratchCount }
  /// Scalars of a kernel's spectrum, and of a line's twist.
  package var spectrumCount: Int { 2 * lengths.count }
}
