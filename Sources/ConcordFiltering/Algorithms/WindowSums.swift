package import ConcordArrays
package import ConcordBackends

/// Sums of x - shift and of (x - shift)² over every window, in Double, tile by tile.
///
/// The cost is the same for any window. No sum is ever subtracted from, so nothing drifts, and NaN
/// reaches only the windows that hold it.
package struct WindowSums: Sendable {
  /// Image, window and boundary; `kernel` is the window's extents.
  package var geometry: ConvolutionGeometry
  /// What is subtracted from every element before it is summed.
  package var shift: Double
  /// Whether sums of squares are wanted as well.
  package var squares: Bool

  package init(geometry: ConvolutionGeometry, shift: Double = 0, squares: Bool = false) {
    self.geometry = geometry
    self.shift = shift
    self.squares = squares
  }

  /// One tile's sums, in row-major order, and where they lie in the output.
  package struct Part: ~Copyable {
    package let tile: DirectTiles.Tile
    package let sums: AlignedBuffer<Double>
    /// Empty unless squares were asked for.
    package let squares: AlignedBuffer<Double>
  }

  /// Computes the sums and lets `finish` turn each tile's into output elements.
  package func run<Scalar: RealScalar, Out>(
    _ image: SharedBuffer<Scalar>, threads: Int, into out: inout SharedBuffer<Out>,
    finish: @Sendable (borrowing Part, inout MutableSpan<Out>) -> Void
  ) {
    let tiles = DirectTiles(for: geometry)
    fillRanges(tiles.ranges, of: &out, threads: threads) {
    } body: { index, out, _ in
      let part = part(of: tiles.tiles[index], of: image)
      finish(part, &out)
    }
  }

  private func part<Scalar: RealScalar>(
    of tile: DirectTiles.Tile, of image: SharedBuffer<Scalar>
  ) -> Part {
    let size = Extents { tile.count[$0] + geometry.kernel[$0] - 1 }
    var gathered = AlignedBuffer<Double>(uninitializedCount: size.count)
    var values = gathered.mutableSpan
    Scalar.gatherCentred(
      from: image.span, extents: geometry.image,
      origin: Extents { tile.start[$0] + geometry.offset[$0] }, count: size,
      extension: geometry.edges, shift: shift, into: &values)
    var squared = AlignedBuffer<Double>(uninitializedCount: squares ? size.count : 0)
    if squares {
      let source = gathered.span
      var target = squared.mutableSpan
      for index in source.indices { target[index] = source[index] * source[index] }
      sumAlongAxes(&squared, size: size)
    }
    sumAlongAxes(&gathered, size: size)
    return Part(tile: tile, sums: gathered, squares: squared)
  }

  /// Sums along one axis after another; the result replaces the beginning of `values`.
  private func sumAlongAxes(_ values: inout AlignedBuffer<Double>, size: Extents) {
    var size = size
    var other = AlignedBuffer<Double>(uninitializedCount: size.count)
    var resultIsInOther = false
    let scratchCount =
      (0..<3).map { axis in
        windowSumScratch(extent: size[axis], inner: inner(size, axis))
      }.max() ?? 0
    var scratch = AlignedBuffer<Double>(uninitializedCount: scratchCount)
    for axis in 0..<3 where geometry.kernel[axis] > 1 {
      let outer = axis == 0 ? 1 : axis == 1 ? size.planes : size.planes * size.rows
      var scratchSpan = scratch.mutableSpan
      if resultIsInOther {
        var target = values.mutableSpan
        sumWindows(
          other.span, outer: outer, extent: size[axis], inner: inner(size, axis),
          window: geometry.kernel[axis], into: &target, scratch: &scratchSpan)
      } else {
        var target = other.mutableSpan
        sumWindows(
          values.span, outer: outer, extent: size[axis], inner: inner(size, axis),
          window: geometry.kernel[axis], into: &target, scratch: &scratchSpan)
      }
      resultIsInOther.toggle()
      size[axis] -= geometry.kernel[axis] - 1
    }
    if resultIsInOther { values = other }
  }

  private func inner(_ size: Extents, _ axis: Int) -> Int {
    axis == 0 ? size.rows * size.columns : axis == 1 ? size.columns : 1
  }
}
