import ConcordArrays
import ConcordBackends

/// The correlation with a product of one kernel for each axis, tile by tile.
///
/// A tile's input is gathered once and reduced along one axis after another while it is in cache, so
/// that no intermediate image exists. The sums are those of the dense kernel, in another order.
struct SeparableCorrelation<Scalar: RealScalar>: Sendable {
  /// The geometry of the dense kernel.
  let geometry: ConvolutionGeometry
  /// The taps of each of the three axes; a single 1 for an axis that is left as it is.
  let taps: [SharedBuffer<Scalar>]

  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  func run(_ image: SharedBuffer<Scalar>, threads: Int, into out: inout SharedBuffer<Scalar>) {
    let tiles = DirectTiles(for: geometry)
    fillRanges(tiles.ranges, of: &out, threads: threads) {
      Scratch(count: tiles.scratchCount)
    } body: { index, out, scratch in
      let cut = tiles.tiles[index]
      var size = Extents { cut.count[$0] + geometry.kernel[$0] - 1 }
      var gathered = scratch.first.mutableSpan
      Scalar.gather(
        from: image.span, extents: geometry.image,
        origin: Extents { cut.start[$0] + geometry.offset[$0] }, count: size,
        extension: geometry.edges, into: &gathered)
      let axes = (0..<3).filter { geometry.kernel[$0] > 1 }
      for axis in axes.dropLast() {
        scratch.reduce(&size, axis, taps[axis])
      }
      guard let last = axes.last else {
        copy(scratch.first, into: &out)
        return
      }
      correlate(Self.tile(&size, last, taps[last]), scratch.first, taps[last], into: &out)
    }
  }

  private func correlate(
    _ tile: Tile, _ source: borrowing AlignedBuffer<Scalar>, _ taps: SharedBuffer<Scalar>,
    into out: inout MutableSpan<Scalar>
  ) {
    Scalar.correlate(tile, source: source.span, weights: taps.span, into: &out)
  }

  private func copy(
    _ source: borrowing AlignedBuffer<Scalar>, into out: inout MutableSpan<Scalar>
  ) {
    let elements = source.span
    for index in out.indices { out[index] = elements[index] }
  }

  /// The tile that one axis' taps reduce an input of `size` to; `size` becomes the output's.
  private static func tile(
    _ size: inout Extents, _ axis: Int, _ taps: SharedBuffer<Scalar>
  ) -> Tile {
    var kernel = Extents(1, 1, 1)
    kernel[axis] = taps.count
    size[axis] -= taps.count - 1
    return Tile(out: size, kernel: kernel)
  }

  /// A tile's values before and after an axis.
  private struct Scratch: ~Copyable {
    var first: AlignedBuffer<Scalar>
    var second: AlignedBuffer<Scalar>

    init(count: Int) {
      first = AlignedBuffer(uninitializedCount: count)
      second = AlignedBuffer(uninitializedCount: count)
    }

    /// Correlates the values along an axis; the result takes their place.
    mutating func reduce(_ size: inout Extents, _ axis: Int, _ taps: SharedBuffer<Scalar>) {
      let tile = SeparableCorrelation.tile(&size, axis, taps)
      Self.correlate(tile, first, taps, into: &second)
      swap(&first, &second)
    }

    private static func correlate(
      _ tile: Tile, _ source: borrowing AlignedBuffer<Scalar>, _ taps: SharedBuffer<Scalar>,
      into target: inout AlignedBuffer<Scalar>
    ) {
      var out = target.mutableSpan
      Scalar.correlate(tile, source: source.span, weights: taps.span, into: &out)
    }
  }
}
