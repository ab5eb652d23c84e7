public import ConcordArrays
import ConcordBackends

/// How windows are laid over an array: their extents, and what happens at the edges.
public struct WindowOptions: Hashable, Sendable {
  /// Which windows there are: one for each element ('same'), those wholly inside ('valid'), or all
  /// that touch the array ('full').
  public var mode = ConvolutionMode.same
  /// How the array goes on beyond its edges. Under `renormalize` windows shrink: a sum is over what
  /// is inside, a mean or variance is divided by how much that is.
  public var boundary = Boundary.symmetric
  /// Shifts every window by so many elements along each axis, as `origin` of SciPy's ndimage does.
  public var origin: [Int] = []
  /// How many threads may work; nil for all processors.
  public var threads: Int?
  /// The bytes that working memory may take beside input and output; nil for half of the machine's.
  public var memoryLimit: Int?

  /// Options with a boundary rule, and the defaults for the rest.
  public init(boundary: Boundary = .symmetric, mode: ConvolutionMode = .same) {
    self.boundary = boundary
    self.mode = mode
  }

  package var threadCount: Int { max(1, threads ?? availableProcessors) }

  /// Refuses windows whose tiles would need more working memory than allowed.
  package func checkMemory(_ tiles: DirectTiles, bytesPerElement: Int) throws(ConcordError) {
    // In Double, as an absurd window would overflow an integer.
    let workers = Double(min(threadCount, tiles.count))
    let needed = Double(tiles.scratchCount) * Double(bytesPerElement) * workers
    let limit = memoryLimit ?? physicalMemory / 2
    guard needed <= Double(limit) else {
      throw .memoryLimit(needed: Int(min(needed, 0x1p62)), limit: limit)
    }
  }

  /// Windows of even extent hold one element more before their centre than after it.
  package func geometry<let rank: Int>(
    image: Shape<rank>, window: Shape<rank>
  ) throws(ConcordError) -> ConvolutionGeometry {
    for axis in 0..<rank where window[axis] < 1 {
      throw .outOfRange(what: "window extent", found: Double(window[axis]), allowed: "at least 1")
    }
    if mode == .valid {
      for axis in 0..<rank where window[axis] > image[axis] {
        throw .exceeds(what: "window", extents: window.components, limit: image.components)
      }
    }
    var options = ConvolutionOptions(mode: mode, boundary: boundary)
    options.anchor = .ndimage
    options.origin = origin
    return try ConvolutionGeometry(
      image: image.components, kernel: window.components, operation: .correlation,
      options: options)
  }
}

extension NDArray where Scalar: RealScalar {
  /// Returns the sum over a window around each element, accumulated in Double.
  ///
  /// The cost doesn't depend on the window. Windows of even extent are centred at `extent / 2`.
  ///
  /// - Throws: ``ConcordError`` if the array or the window is empty.
  /// - SeeAlso: `scipy.ndimage.uniform_filter`, times the window's size.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func windowSum(
    of window: Shape<rank>, options: WindowOptions = WindowOptions(boundary: .zero)
  ) throws(ConcordError) -> NDArray {
    try windowMoments(window, options, squares: false) { sum, _, _ in sum }
  }

  /// Returns the mean over a window around each element, accumulated in Double.
  ///
  /// - Throws: ``ConcordError`` if the array or the window is empty.
  /// - SeeAlso: `scipy.ndimage.uniform_filter`, `cv2.blur`.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func windowMean(
    of window: Shape<rank>, options: WindowOptions = WindowOptions()
  ) throws(ConcordError) -> NDArray {
    try windowMoments(window, options, squares: false) { sum, _, n in sum / n }
  }

  /// Returns the variance over a window around each element.
  ///
  ///     var = (Σ x² - (Σ x)² / n) / (n - ddof)
  ///
  /// The sums are of x minus the mean of the whole array, in Double, so that an offset costs no
  /// accuracy. The variance is never negative; where `n ≤ ddof` it is NaN.
  ///
  /// - Throws: ``ConcordError`` if the array or the window is empty.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func windowVariance(
    of window: Shape<rank>, ddof: Int = 0, options: WindowOptions = WindowOptions()
  ) throws(ConcordError) -> NDArray {
    try windowMoments(window, options, squares: true) { sum, squares, n in
      let degrees = n - Double(ddof)
      guard degrees > 0 else { return .nan }
      return Swift.max(0, squares - sum * sum / n) / degrees
    }
  }

  /// The common pass: sums, sums of squares about a centre, and counts, finished by a closure.
  private func windowMoments(
    _ window: Shape<rank>, _ options: WindowOptions, squares: Bool,
    finish: @Sendable (Double, Double, Double) -> Double
  ) throws(ConcordError) -> NDArray {
    var geometry = try options.geometry(image: shape, window: window)
    // Gathered elements and their sums, and the same of their squares.
    try options.checkMemory(
      DirectTiles(for: geometry), bytesPerElement: (squares ? 5 : 3) * MemoryLayout<Double>.size)
    let counts = WindowCounts(geometry: geometry)
    let shift = squares ? finiteMean : 0
    // What lies outside a shrinking window adds nothing once the shift is subtracted.
    if geometry.renormalizes { geometry.edges.value = shift }
    let sums = WindowSums(geometry: geometry, shift: shift, squares: squares)
    var out = NDArray(uninitialized: Shape(threeAxes: geometry.output))
    sums.run(buffer, threads: options.threadCount, into: &out.buffer) { part, out in
      let sum = part.sums.span
      let square = part.squares.span
      var next = 0
      for row in 0..<part.tile.count.rows {
        for column in 0..<part.tile.count.columns {
          let n = counts.count(
            part.tile.start.planes, part.tile.start.rows + row, part.tile.start.columns + column)
          let value = finish(sum[next], squares ? square[next] : 0, n)
          out[next] = Scalar(value)
          next += 1
        }
      }
    }
    return out
  }

  /// The mean of the finite elements, or 0 where there is none.
  package var finiteMean: Double {
    if Scalar.allFinite(span) { return Scalar.moments(of: span, shift: 0).sum / Double(count) }
    let elements = span
    var sum = 0.0
    var finite = 0
    for index in elements.indices where elements[index].isFinite {
      sum += Double(elements[index])
      finite += 1
    }
    return finite > 0 ? sum / Double(finite) : 0
  }
}

/// How many elements each window counts: all of its extent, or those inside where windows shrink.
package struct WindowCounts: Sendable {
  private let axes: [[Double]]

  package init(geometry: ConvolutionGeometry) {
    axes = (0..<3).map { axis in
      (0..<geometry.output[axis]).map { index in
        guard geometry.renormalizes else { return Double(geometry.kernel[axis]) }
        let start = index + geometry.offset[axis]
        let end = start + geometry.kernel[axis]
        return Double(max(0, min(end, geometry.image[axis]) - max(start, 0)))
      }
    }
  }

  package func count(_ plane: Int, _ row: Int, _ column: Int) -> Double {
    axes[0][plane] * axes[1][row] * axes[2][column]
  }
}
