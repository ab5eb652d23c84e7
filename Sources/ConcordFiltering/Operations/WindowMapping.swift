public import ConcordArrays
import ConcordBackends

extension NDArray where Scalar: RealScalar {
  /// Returns what a closure makes of the window around each element.
  ///
  /// The closure gets the window's elements in row-major order. Under the boundary `renormalize` it
  /// gets only those inside the array. Windows are visited concurrently.
  ///
  ///     let range = try image.mapWindows(of: [3, 3]) { window in
  ///       window.max()! - window.min()!
  ///     }
  ///
  /// Each window is an array of its own, which takes longer than what most closures do with it:
  /// ``mapWindowSpans(of:options:_:)`` makes none.
  ///
  /// - Complexity: O(*n m*) and what the closure takes.
  /// - Throws: ``ConcordError`` if the array or the window is empty.
  /// - SeeAlso: `scipy.ndimage.generic_filter`.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func mapWindows(
    of window: Shape<rank>, options: WindowOptions = WindowOptions(),
    _ transform: @Sendable ([Scalar]) -> Scalar
  ) throws(ConcordError) -> NDArray {
    let geometry = try checkedGeometry(of: window, options)
    var out = NDArray(uninitialized: Shape(threeAxes: geometry.output))
    mapArrays(
      of: buffer, geometry: geometry, threads: options.threadCount, into: &out.buffer, transform)
    return out
  }

  /// Returns what a closure makes of the window around each element, which it reads in place.
  ///
  /// The closure gets what ``mapWindows(of:options:_:)`` gives, in memory that every thread uses
  /// again for its next window.
  ///
  ///     let range = try image.mapWindowSpans(of: [3, 3]) { window in
  ///       var (low, high) = (window[0], window[0])
  ///       for index in window.indices {
  ///         low = min(low, window[index])
  ///         high = max(high, window[index])
  ///       }
  ///       return high - low
  ///     }
  ///
  /// - Complexity: O(*n m*) and what the closure takes.
  /// - Throws: ``ConcordError`` if the array or the window is empty.
  /// - SeeAlso: `scipy.ndimage.generic_filter`.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func mapWindowSpans(
    of window: Shape<rank>, options: WindowOptions = WindowOptions(),
    _ transform: @Sendable (Span<Scalar>) -> Scalar
  ) throws(ConcordError) -> NDArray {
    let geometry = try checkedGeometry(of: window, options)
    var out = NDArray(uninitialized: Shape(threeAxes: geometry.output))
    mapSpans(
      of: buffer, geometry: geometry, threads: options.threadCount, into: &out.buffer, transform)
    return out
  }

  /// Returns the median over a window around each element; NaN where the window holds NaN.
  ///
  /// Of an even number of elements it is the mean of the two in the middle.
  ///
  /// - Complexity: O(*n m*).
  /// - Throws: ``ConcordError`` if the array or the window is empty.
  /// - SeeAlso: `scipy.ndimage.median_filter`, which takes the upper of the two in the middle.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func windowMedian(
    of window: Shape<rank>, options: WindowOptions = WindowOptions()
  ) throws(ConcordError) -> NDArray {
    let geometry = try checkedGeometry(of: window, options)
    var out = NDArray(uninitialized: Shape(threeAxes: geometry.output))
    buffer.windowMedians(geometry, threads: options.threadCount, into: &out.buffer)
    return out
  }

  private func checkedGeometry(
    of window: Shape<rank>, _ options: WindowOptions
  ) throws(ConcordError) -> ConvolutionGeometry {
    let geometry = try options.geometry(image: shape, window: window)
    // Two copies at most: the tile, and the window where it is as large.
    try options.checkMemory(
      DirectTiles(for: geometry), bytesPerElement: 2 * MemoryLayout<Scalar>.size)
    return geometry
  }
}

// Closures that call the user's are made where the scalar alone is generic, so that they and the
// loop are specialised.

@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func mapSpans<Scalar: RealScalar>(
  of source: SharedBuffer<Scalar>, geometry: ConvolutionGeometry, threads: Int,
  into out: inout SharedBuffer<Scalar>, _ transform: @Sendable (Span<Scalar>) -> Scalar
) {
  mapEveryWindow(of: source, geometry: geometry, threads: threads, into: &out) {
    transform($0.span)
  }
}

@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func mapArrays<Scalar: RealScalar>(
  of source: SharedBuffer<Scalar>, geometry: ConvolutionGeometry, threads: Int,
  into out: inout SharedBuffer<Scalar>, _ transform: @Sendable ([Scalar]) -> Scalar
) {
  mapEveryWindow(of: source, geometry: geometry, threads: threads, into: &out) { elements in
    var copy: [Scalar] = []
    copy.reserveCapacity(elements.count)
    for index in elements.indices { copy.append(elements[index]) }
    return transform(copy)
  }
}

@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func mapMedians<Scalar: RealScalar>(
  of source: SharedBuffer<Scalar>, geometry: ConvolutionGeometry, threads: Int,
  into out: inout SharedBuffer<Scalar>
) {
  mapEveryWindow(of: source, geometry: geometry, threads: threads, into: &out) {
    Scalar.median(of: &$0)
  }
}

extension SharedBuffer where Element: RealScalar {
  /// The median of every window, shrinking ones too.
  func windowMedians(
    _ geometry: ConvolutionGeometry, threads: Int, into out: inout SharedBuffer<Element>
  ) {
    if geometry.renormalizes {
      mapMedians(of: self, geometry: geometry, threads: threads, into: &out)
    } else {
      WindowMedians.run(self, geometry: geometry, threads: threads, into: &out)
    }
  }
}

/// Visits every window, tile by tile; generic over the scalar alone, so that it is specialised.
@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func mapEveryWindow<Scalar: RealScalar>(
  of source: SharedBuffer<Scalar>, geometry: ConvolutionGeometry, threads: Int,
  into out: inout SharedBuffer<Scalar>, _ transform: @Sendable (inout MutableSpan<Scalar>) -> Scalar
) {
  let tiles = DirectTiles(for: geometry)
  fillRanges(tiles.ranges, of: &out, threads: threads) {
    WindowScratch<Scalar>(tile: tiles.scratchCount, window: geometry.kernel.count)
  } body: { index, out, scratch in
    let tile = tiles.tiles[index]
    let size = Extents { tile.count[$0] + geometry.kernel[$0] - 1 }
    var gathered = scratch.tile.mutableSpan
    Scalar.gather(
      from: source.span, extents: geometry.image,
      origin: Extents { tile.start[$0] + geometry.offset[$0] }, count: size,
      extension: geometry.edges, into: &gathered)
    for row in 0..<tile.count.rows {
      for column in 0..<tile.count.columns {
        let box = WindowBox(at: Extents(0, row, column), of: tile, geometry)
        let count = scratch.collect(box, in: size)
        var elements = scratch.window.mutablePrefix(count)
        out[row * tile.count.columns + column] = transform(&elements)
      }
    }
  }
}

/// The part of a window that counts: all of it, or what lies inside where windows shrink.
struct WindowBox {
  /// Indices of the gathered tile.
  let planes: Range<Int>
  let rows: Range<Int>
  let columns: Range<Int>

  init(at corner: Extents, of tile: DirectTiles.Tile, _ geometry: ConvolutionGeometry) {
    func range(_ axis: Int) -> Range<Int> {
      let first = corner[axis]
      guard geometry.renormalizes else { return first..<(first + geometry.kernel[axis]) }
      let start = tile.start[axis] + first + geometry.offset[axis]
      let low = max(0, -start)
      let high = min(geometry.kernel[axis], geometry.image[axis] - start)
      return (first + low)..<(first + max(low, high))
    }
    planes = range(0)
    rows = range(1)
    columns = range(2)
  }
}

/// A tile's gathered input and the elements of one window.
struct WindowScratch<Scalar>: ~Copyable {
  var tile: AlignedBuffer<Scalar>
  var window: AlignedBuffer<Scalar>

  init(tile: Int, window: Int) {
    self.tile = AlignedBuffer(uninitializedCount: tile)
    self.window = AlignedBuffer(uninitializedCount: window)
  }

  /// Copies a box of the tile to the window, and returns how many elements it has.
  mutating func collect(_ box: WindowBox, in size: Extents) -> Int {
    Self.collect(box, in: size, from: tile, into: &window)
  }

  private static func collect(
    _ box: WindowBox, in size: Extents,
    from tile: borrowing AlignedBuffer<Scalar>, into window: inout AlignedBuffer<Scalar>
  ) -> Int {
    let source = tile.span
    var target = window.mutableSpan
    var count = 0
    for plane in box.planes {
      for row in box.rows {
        let line = (plane * size.rows + row) * size.columns
        for column in box.columns {
          target[count] = source[line + column]
          count += 1
        }
      }
    }
    return count
  }
}
