package import ConcordBackends

/// How an output is cut into tiles: runs of whole rows within a plane, or parts of a lone row.
///
/// A tile's gathered input stays in the second-level cache, and tiles are many enough to spread
/// over threads. The cut depends on the sizes alone, so results don't depend on threads.
package struct DirectTiles: Sendable {
  package struct Tile: Sendable {
    package var start: Extents
    package var count: Extents
    /// Where the tile's elements lie in the output.
    package var range: Range<Int>
  }

  package private(set) var tiles: [Tile] = []
  /// Elements that the gathered input of the largest tile holds.
  package private(set) var scratchCount = 0

  package var count: Int { tiles.count }
  /// Outputs of the largest tile.
  var largestCount: Int { ranges.reduce(0) { max($0, $1.count) } }
  package private(set) var ranges: [Range<Int>] = []

  /// Input elements that a tile should not exceed, unless its rows alone do.
  private static let inputTarget = 1 << 16

  package init(for geometry: ConvolutionGeometry) {
    self.init(output: geometry.output, window: geometry.kernel)
  }

  package init(output: Extents, window: Extents) {
    let isLine = output.planes * output.rows == 1
    let width = output.columns + window.columns - 1
    let height = Self.inputTarget / max(1, width * window.planes) - (window.rows - 1)
    // Rows are done in fours.
    let rows = isLine ? 1 : min(output.rows, max(height & ~3, 8, min(window.rows, 64)))
    let columns =
      isLine ? min(output.columns, max(Self.inputTarget, window.columns)) : output.columns
    tiles = Self.cut(output, rows: rows, columns: columns)
    ranges = tiles.map { $0.range }
    scratchCount =
      Extents(
        window.planes, rows + window.rows - 1, columns + window.columns - 1
      ).count
  }

  /// Cuts every plane of an output into blocks of at most so many rows and columns, in row-major
  /// order; blocks are whole rows, or parts of a lone one, so that each is one range.
  package static func cut(_ output: Extents, rows: Int, columns: Int) -> [Tile] {
    var tiles: [Tile] = []
    for plane in 0..<output.planes {
      for row in stride(from: 0, to: output.rows, by: rows) {
        for column in stride(from: 0, to: output.columns, by: columns) {
          let count = Extents(
            1, min(rows, output.rows - row), min(columns, output.columns - column))
          let first = (plane * output.rows + row) * output.columns + column
          tiles.append(
            Tile(
              start: Extents(plane, row, column), count: count,
              range: first..<(first + count.count)))
        }
      }
    }
    return tiles
  }
}
