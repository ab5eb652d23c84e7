package import ConcordArrays
package import ConcordBackends

/// The smallest or largest element of every window, tile by tile.
///
/// Shrinking windows are filled up with what no element loses against.
package enum WindowExtremes {
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  package static func run<Scalar: RealScalar>(
    _ image: SharedBuffer<Scalar>, largest: Bool, geometry: ConvolutionGeometry, threads: Int,
    into out: inout SharedBuffer<Scalar>
  ) {
    let tiles = DirectTiles(for: geometry)
    var edges = geometry.edges
    if geometry.renormalizes { edges.value = largest ? -.infinity : .infinity }
    let settled = edges
    fillRanges(tiles.ranges, of: &out, threads: threads) {
      AlignedBuffer<Scalar>(uninitializedCount: tiles.scratchCount)
    } body: { index, out, scratch in
      let cut = tiles.tiles[index]
      let size = Tile(out: cut.count, kernel: geometry.kernel).source
      var gathered = scratch.mutableSpan
      Scalar.gather(
        from: image.span, extents: geometry.image,
        origin: Extents { cut.start[$0] + geometry.offset[$0] }, count: size,
        extension: settled, into: &gathered)
      Scalar.windowExtremes(
        of: &gathered, extents: size, window: geometry.kernel, largest: largest)
      for row in 0..<cut.count.rows {
        for column in 0..<cut.count.columns {
          out[row * cut.count.columns + column] = gathered[row * size.columns + column]
        }
      }
    }
  }
}
