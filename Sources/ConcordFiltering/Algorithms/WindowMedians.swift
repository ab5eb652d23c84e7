import ConcordArrays
import ConcordBackends

/// Medians of whole windows, tile by tile.
enum WindowMedians {
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  static func run<Scalar: RealScalar>(
    _ image: SharedBuffer<Scalar>, geometry: ConvolutionGeometry, threads: Int,
    into out: inout SharedBuffer<Scalar>
  ) {
    let tiles = DirectTiles(for: geometry)
    fillRanges(tiles.ranges, of: &out, threads: threads) {
      WindowScratch<Scalar>(tile: tiles.scratchCount, window: geometry.kernel.count)
    } body: { index, out, scratch in
      let cut = tiles.tiles[index]
      let tile = Tile(out: cut.count, kernel: geometry.kernel)
      var gathered = scratch.tile.mutableSpan
      Scalar.gather(
        from: image.span, extents: geometry.image,
        origin: Extents { cut.start[$0] + geometry.offset[$0] }, count: tile.source,
        extension: geometry.edges, into: &gathered)
      medians(tile, from: scratch.tile, scratch: &scratch.window, into: &out)
    }
  }

  private static func medians<Scalar: RealScalar>(
    _ tile: Tile, from source: borrowing AlignedBuffer<Scalar>,
    scratch: inout AlignedBuffer<Scalar>, into out: inout MutableSpan<Scalar>
  ) {
    var window = scratch.mutableSpan
    Scalar.medians(tile, source: source.span, scratch: &window, into: &out)
  }
}
