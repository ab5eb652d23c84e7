import ConcordArrays
import ConcordBackends

/// The direct sum, tile by tile: the tile's input is gathered by the boundary rule, then correlated.
enum DirectCorrelation {
  /// out[p] = Σ w[t] (F[p + t + offset] - shift).
  static func run<Scalar: RealScalar>(
    _ image: SharedBuffer<Scalar>, weights: SharedBuffer<Scalar>,
    geometry: ConvolutionGeometry, shift: Scalar = 0, tiles: DirectTiles, threads: Int,
    into out: inout SharedBuffer<Scalar>
  ) {
    fillRanges(tiles.ranges, of: &out, threads: threads) {
      AlignedBuffer<Scalar>(uninitializedCount: tiles.scratchCount)
    } body: { index, out, scratch in
      let cut = tiles.tiles[index]
      let tile = Tile(out: cut.count, kernel: geometry.kernel)
      var gathered = scratch.mutableSpan
      Scalar.gather(
        from: image.span, extents: geometry.image,
        origin: Extents { cut.start[$0] + geometry.offset[$0] }, count: tile.source,
        extension: geometry.edges, minus: shift, into: &gathered)
      Scalar.correlate(tile, source: scratch.span, weights: weights.span, into: &out)
    }
  }
}
