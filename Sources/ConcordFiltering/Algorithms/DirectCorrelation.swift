import ConcordArrays
import ConcordBackends

/// The direct sum, tile by tile: a tile's input is gathered by the boundary rule, then correlated.
///
/// Low kernels read the image where it is instead, but for the columns whose windows reach outside.
enum DirectCorrelation {
  /// out[p] = Σ w[t] (F[p + t + offset] - shift).
  static func run<Scalar: RealScalar>(
    _ image: SharedBuffer<Scalar>, weights: SharedBuffer<Scalar>,
    geometry: ConvolutionGeometry, shift: Scalar = 0, tiles: DirectTiles, threads: Int,
    into out: inout SharedBuffer<Scalar>
  ) {
    let isLow = geometry.kernel.rows <= lowKernel && geometry.kernel.planes == 1 && shift == 0
    fillRanges(tiles.ranges, of: &out, threads: threads) {
      AlignedBuffer<Scalar>(uninitializedCount: tiles.scratchCount)
    } body: { index, out, scratch in
      let cut = tiles.tiles[index]
      if isLow, let inside = inside(cut, geometry) {
        correlateInside(
          image, weights: weights, geometry: geometry, cut, inside, scratch: &scratch, into: &out)
        return
      }
      let tile = Tile(out: cut.count, kernel: geometry.kernel)
      var gathered = scratch.mutableSpan
      Scalar.gather(
        from: image.span, extents: geometry.image,
        origin: Extents { cut.start[$0] + geometry.offset[$0] }, count: tile.source,
        extension: geometry.edges, minus: shift, into: &gathered)
      Scalar.correlate(tile, source: scratch.span, weights: weights.span, into: &out)
    }
  }

  /// out[p] += factor · Σ w[t] F[p + t + offset].
  static func add<Scalar: RealScalar>(
    _ image: SharedBuffer<Scalar>, weights: SharedBuffer<Scalar>, times factor: Scalar,
    geometry: ConvolutionGeometry, tiles: DirectTiles, threads: Int,
    to out: inout SharedBuffer<Scalar>
  ) {
    fillRanges(tiles.ranges, of: &out, threads: threads) {
      AddedTile<Scalar>(tiles)
    } body: { index, out, scratch in
      scratch.add(
        image, weights: weights, times: factor, geometry: geometry, tiles.tiles[index], to: &out)
    }
  }

  /// Rows of kernels up to which an image is read where it is: more of its rows, when they are a power
  /// of two apart, drive each other out of the first-level cache.
  private static var lowKernel: Int { 11 }

  /// Columns at an edge that are done together, at least: one of the widest vectors.
  private static var edgeColumns: Int { 16 }

  /// Outputs of so many bytes leave the caches before anyone reads them.
  private static var streamedBytes: Int { 24 << 20 }

  /// The columns of a tile whose windows lie inside the image; nil where rows reach outside, or few
  /// columns are left.
  static func inside(
    _ tile: DirectTiles.Tile, _ geometry: ConvolutionGeometry
  ) -> Range<Int>? {
    let (start, kernel, image) = (tile.start, geometry.kernel, geometry.image)
    for axis in 0..<2 {
      let first = start[axis] + geometry.offset[axis]
      guard first >= 0, first + tile.count[axis] + kernel[axis] - 1 <= image[axis] else {
        return nil
      }
    }
    let first = start.columns + geometry.offset.columns
    let low = first >= 0 ? 0 : max(edgeColumns, -first)
    let end = image.columns - kernel.columns - first + 1
    let high =
      end >= tile.count.columns ? tile.count.columns : min(end, tile.count.columns - edgeColumns)
    return high - low >= 8 * edgeColumns ? low..<high : nil
  }

  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  private static func correlateInside<Scalar: RealScalar>(
    _ image: SharedBuffer<Scalar>, weights: SharedBuffer<Scalar>, geometry: ConvolutionGeometry,
    _ cut: DirectTiles.Tile, _ inside: Range<Int>, scratch: inout AlignedBuffer<Scalar>,
    into out: inout MutableSpan<Scalar>
  ) {
    let origin = Extents { cut.start[$0] + geometry.offset[$0] }
    let stride = cut.count.columns
    func tile(_ columns: Range<Int>) -> (tile: Tile, origin: Extents) {
      var (count, first) = (cut.count, origin)
      count.columns = columns.count
      first.columns += columns.lowerBound
      return (Tile(out: count, kernel: geometry.kernel), first)
    }
    let whole = tile(inside)
    Scalar.correlateInside(
      whole.tile, of: image.span, extents: geometry.image, origin: whole.origin,
      weights: weights.span, into: &out, offset: inside.lowerBound, stride: stride,
      streams: geometry.output.count * MemoryLayout<Scalar>.stride >= streamedBytes)
    for columns in [0..<inside.lowerBound, inside.upperBound..<stride] where !columns.isEmpty {
      let edge = tile(columns)
      var gathered = scratch.mutableSpan
      Scalar.gather(
        from: image.span, extents: geometry.image, origin: edge.origin, count: edge.tile.source,
        extension: geometry.edges, into: &gathered)
      Scalar.correlate(
        edge.tile, source: scratch.span, weights: weights.span, into: &out,
        offset: columns.lowerBound, stride: stride)
    }
  }
}

/// A tile's gathered input, and its sums before they are added to others.
private struct AddedTile<Scalar: RealScalar>: ~Copyable {
  private var gathered: AlignedBuffer<Scalar>
  private var sums: AlignedBuffer<Scalar>

  init(_ tiles: DirectTiles) {
    gathered = AlignedBuffer(uninitializedCount: tiles.scratchCount)
    sums = AlignedBuffer(uninitializedCount: tiles.largestCount)
  }

  mutating func add(
    _ image: SharedBuffer<Scalar>, weights: SharedBuffer<Scalar>, times factor: Scalar,
    geometry: ConvolutionGeometry, _ cut: DirectTiles.Tile, to out: inout MutableSpan<Scalar>
  ) {
    let tile = Tile(out: cut.count, kernel: geometry.kernel)
    Self.gather(image, geometry, cut, tile, into: &gathered)
    Self.correlate(tile, from: gathered, weights, into: &sums)
    let source = sums.span.extracting(first: cut.range.count)
    Scalar.add(source, times: factor, to: &out)
  }

  private static func gather(
    _ image: SharedBuffer<Scalar>, _ geometry: ConvolutionGeometry, _ cut: DirectTiles.Tile,
    _ tile: Tile, into gathered: inout AlignedBuffer<Scalar>
  ) {
    var target = gathered.mutableSpan
    Scalar.gather(
      from: image.span, extents: geometry.image,
      origin: Extents { cut.start[$0] + geometry.offset[$0] }, count: tile.source,
      extension: geometry.edges, minus: 0, into: &target)
  }

  private static func correlate(
    _ tile: Tile, from gathered: borrowing AlignedBuffer<Scalar>, _ weights: SharedBuffer<Scalar>,
    into sums: inout AlignedBuffer<Scalar>
  ) {
    var target = sums.mutableSpan
    Scalar.correlate(tile, source: gathered.span, weights: weights.span, into: &target)
  }
}
