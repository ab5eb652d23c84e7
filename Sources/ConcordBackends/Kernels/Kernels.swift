import ConcordKernels

/// The sizes of one tile of a direct correlation, whose source holds `out + kernel - 1` elements
/// along each axis, rows and planes following each other without gaps.
package struct Tile: Sendable {
  package var out: Extents
  package var kernel: Extents

  package init(out: Extents, kernel: Extents) {
    self.out = out
    self.kernel = kernel
  }

  /// What the tile reads: as much more than it writes as the kernel reaches.
  package var source: Extents { Extents { out[$0] + kernel[$0] - 1 } }

  var c: concord_tile {
    let from = source
    return concord_tile(
      out: out.c, kernel: kernel.c,
      source_row_stride: from.columns, source_plane_stride: from.rows * from.columns,
      out_row_stride: out.columns, out_plane_stride: out.rows * out.columns, streams: 0)
  }
}

extension BackendScalar {
  /// out[p,r,c] = Σ weights[i,j,k] · source[p+i, r+j, c+k] for one tile.
  @_specialize(exported:false,where Self == Float)
  @_specialize(exported:false,where Self == Double)
  package static func correlate(
    _ tile: Tile, source: Span<Self>, weights: Span<Self>, into out: inout MutableSpan<Self>
  ) {
    precondition(source.count >= tile.source.count, "The tile's source is too small")
    precondition(weights.count == tile.kernel.count, "The weights don't fill the kernel")
    precondition(out.count >= tile.out.count, "The tile's output is too small")
    var description = tile.c
    source.withUnsafeBufferPointer { source in
      weights.withUnsafeBufferPointer { weights in
        out.withUnsafeMutableBufferPointer { out in
          _backend.kernels.correlateTile(
            &description, source.baseAddress, weights.baseAddress, out.baseAddress)
        }
      }
    }
  }

  /// The same for windows that lie inside an image, read where they are.
  ///
  /// `origin` is the first element of the first. The output's rows are `stride` apart, its first is at
  /// `offset`. With `streams` they go past the caches where kernels allow it.
  @_specialize(exported:false,where Self == Float)
  @_specialize(exported:false,where Self == Double)
  package static func correlateInside(
    _ tile: Tile, of image: Span<Self>, extents: Extents, origin: Extents, weights: Span<Self>,
    into out: inout MutableSpan<Self>, offset: Int, stride: Int, streams: Bool = false
  ) {
    let source = tile.source
    precondition(image.count >= extents.count, "The image is smaller than its extents")
    precondition(
      (0..<3).allSatisfy { origin[$0] >= 0 && origin[$0] + source[$0] <= extents[$0] },
      "Windows reach outside the image")
    precondition(weights.count == tile.kernel.count, "The weights don't fill the kernel")
    precondition(tile.out.planes == 1 && tile.out.rows > 0, "A tile is rows of one plane")
    precondition(
      offset >= 0 && offset + (tile.out.rows - 1) * stride + tile.out.columns <= out.count,
      "The tile's output is too small")
    var description = tile.c
    description.source_row_stride = extents.columns
    description.source_plane_stride = extents.rows * extents.columns
    description.out_row_stride = stride
    description.out_plane_stride = 0
    description.streams = streams ? 1 : 0
    let first = (origin.planes * extents.rows + origin.rows) * extents.columns + origin.columns
    image.withUnsafeBufferPointer { image in
      weights.withUnsafeBufferPointer { weights in
        out.withUnsafeMutableBufferPointer { out in
          guard let from = image.baseAddress, let to = out.baseAddress else { return }
          _backend.kernels.correlateTile(
            &description, from + first, weights.baseAddress, to + offset)
        }
      }
    }
  }

  /// The same from a gathered block to rows that are `stride` apart.
  @_specialize(exported:false,where Self == Float)
  @_specialize(exported:false,where Self == Double)
  package static func correlate(
    _ tile: Tile, source: Span<Self>, weights: Span<Self>, into out: inout MutableSpan<Self>,
    offset: Int, stride: Int
  ) {
    correlateInside(
      tile, of: source, extents: tile.source, origin: Extents(0, 0, 0), weights: weights,
      into: &out, offset: offset, stride: stride)
  }

  /// Copies the block of `source` that begins at `origin` (which may lie outside it), minus `shift`.
  @_specialize(exported:false,where Self == Float)
  @_specialize(exported:false,where Self == Double)
  package static func gather(
    from source: Span<Self>, extents: Extents, origin: Extents, count: Extents,
    extension rule: Extension, minus shift: Self = 0, into out: inout MutableSpan<Self>
  ) {
    let constant = Self(rule.value)
    forEachRow(
      source: source, extents: extents, origin: origin, count: count, extension: rule, out: &out
    ) { row, out in
      _backend.kernels.gatherRow(
        row, extents.columns, origin.columns, count.columns, rule.rule.rawValue, constant, out)
    } fill: {
      $0.initialize(repeating: constant, count: count.columns)
    }
    if shift != 0 {
      out.withUnsafeMutableBufferPointer {
        _backend.kernels.shift(shift, $0.baseAddress, count.count)
      }
    }
  }

  /// Visits the rows of a gathered block: `copy` gets the source row that each stands for, and
  /// `fill` those rows that the constant fills.
  private static func forEachRow<Out>(
    source: Span<Self>, extents: Extents, origin: Extents, count: Extents,
    extension rule: Extension, out: inout MutableSpan<Out>,
    copy: (UnsafePointer<Self>, UnsafeMutablePointer<Out>) -> Void,
    fill: (UnsafeMutablePointer<Out>) -> Void
  ) {
    precondition(source.count >= extents.count, "The source is smaller than its extents")
    precondition(out.count >= count.count, "The gathered block doesn't fit")
    guard count.count > 0 else { return }
    source.withUnsafeBufferPointer { source in
      out.withUnsafeMutableBufferPointer { out in
        guard let source = source.baseAddress, var next = out.baseAddress else { return }
        for plane in 0..<count.planes {
          let fromPlane = rule.index(origin.planes + plane, extent: extents.planes)
          for row in 0..<count.rows {
            let fromRow = rule.index(origin.rows + row, extent: extents.rows)
            if let fromPlane, let fromRow {
              copy(source + (fromPlane * extents.rows + fromRow) * extents.columns, next)
            } else {
              fill(next)
            }
            next += count.columns
          }
        }
      }
    }
  }

  /// x *= factor.
  @_specialize(exported:false,where Self == Float)
  @_specialize(exported:false,where Self == Double)
  package static func scale(_ x: inout MutableSpan<Self>, by factor: Self) {
    x.withUnsafeMutableBufferPointer {
      _backend.kernels.scale(factor, $0.baseAddress, $0.count)
    }
  }

  /// So many multiply-adds, at least, in registers alone: the most that this processor can do.
  ///
  /// - Returns: A number that stands for the work.
  package static func multiplyAdds(_ count: Int) -> Self { _backend.kernels.multiplyAdds(count) }

  /// y += factor · x.
  @_specialize(exported:false,where Self == Float)
  @_specialize(exported:false,where Self == Double)
  package static func add(
    _ x: Span<Self>, times factor: Self, to y: inout MutableSpan<Self>
  ) {
    precondition(x.count == y.count, "Sums need equal counts")
    x.withUnsafeBufferPointer { x in
      y.withUnsafeMutableBufferPointer { y in
        _backend.kernels.addScaled(factor, x.baseAddress, y.baseAddress, x.count)
      }
    }
  }

  /// Σ (x - shift) and Σ (x - shift)², accumulated in Double.
  @_specialize(exported:false,where Self == Float)
  @_specialize(exported:false,where Self == Double)
  package static func moments(
    of x: Span<Self>, shift: Double
  ) -> (sum: Double, sumOfSquares: Double) {
    var sum = 0.0
    var squares = 0.0
    x.withUnsafeBufferPointer {
      _backend.kernels.moments($0.baseAddress, $0.count, shift, &sum, &squares)
    }
    return (sum, squares)
  }

  /// The smallest and largest finite element; nil where there is none.
  @_specialize(exported:false,where Self == Float)
  @_specialize(exported:false,where Self == Double)
  package static func finiteRange(of x: Span<Self>) -> ClosedRange<Self>? {
    var low: Self = 0
    var high: Self = 0
    let finite = x.withUnsafeBufferPointer {
      _backend.kernels.finiteRange($0.baseAddress, $0.count, &low, &high)
    }
    return finite > 0 ? low...high : nil
  }

  /// Whether no element is NaN or infinite.
  @_specialize(exported:false,where Self == Float)
  @_specialize(exported:false,where Self == Double)
  package static func allFinite(_ x: Span<Self>) -> Bool {
    x.withUnsafeBufferPointer { _backend.kernels.allFinite($0.baseAddress, $0.count) != 0 }
  }

  /// The median of every window of a tile of one plane, whose window is the tile's kernel.
  ///
  /// NaN where a window holds NaN. `scratch` holds at least one window.
  @_specialize(exported:false,where Self == Float)
  @_specialize(exported:false,where Self == Double)
  package static func medians(
    _ tile: Tile, source: Span<Self>, scratch: inout MutableSpan<Self>,
    into out: inout MutableSpan<Self>
  ) {
    precondition(tile.out.planes == 1 && tile.kernel.count > 0)
    precondition(source.count >= tile.source.count, "The tile's source is too small")
    precondition(scratch.count >= tile.kernel.count, "The scratch memory holds no window")
    precondition(out.count >= tile.out.count, "The tile's output is too small")
    var description = tile.c
    source.withUnsafeBufferPointer { source in
      let holdsNaN = 1 - _backend.kernels.allFinite(source.baseAddress, tile.source.count)
      scratch.withUnsafeMutableBufferPointer { scratch in
        out.withUnsafeMutableBufferPointer { out in
          _backend.kernels.medianTile(
            &description, source.baseAddress, holdsNaN, scratch.baseAddress, out.baseAddress)
        }
      }
    }
  }

  /// In place, the smallest or largest of every window of a gathered tile; NaN where it holds NaN.
  ///
  /// The result at `[p, r, c]` stays where the window's first element was.
  @_specialize(exported:false,where Self == Float)
  @_specialize(exported:false,where Self == Double)
  package static func windowExtremes(
    of values: inout MutableSpan<Self>, extents: Extents, window: Extents, largest: Bool
  ) {
    precondition(values.count >= extents.count, "The tile is smaller than its extents")
    precondition((0..<3).allSatisfy { (1...extents[$0]).contains(window[$0]) })
    let sign: Self = largest ? -1 : 1
    values.withUnsafeMutableBufferPointer { values in
      let run = _backend.kernels.windowExtremes
      run(
        values.baseAddress, extents.planes * extents.rows, extents.columns, 1, window.columns, sign)
      run(values.baseAddress, extents.planes, extents.rows, extents.columns, window.rows, sign)
      run(
        values.baseAddress, 1, extents.planes, extents.rows * extents.columns, window.planes, sign)
    }
  }

  /// The median; reorders `x`.
  ///
  /// NaN if any element is.
  @_specialize(exported:false,where Self == Float)
  @_specialize(exported:false,where Self == Double)
  package static func median(of x: inout MutableSpan<Self>) -> Self {
    precondition(x.count > 0, "The median of nothing")
    return x.withUnsafeMutableBufferPointer {
      _backend.kernels.median($0.baseAddress, $0.count)
    }
  }
}
