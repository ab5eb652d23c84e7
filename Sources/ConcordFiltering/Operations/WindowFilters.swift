public import ConcordArrays
import ConcordBackends

/// How windows are laid over an array: their extents, and what happens at the edges.
public struct WindowOptions: Hashable, Sendable {
  /// Which windows there are: one for each element ('same'), those wholly inside ('valid'), or all
  /// that touch the array ('full').
  public var mode = ConvolutionMode.same
  /// How the array goes on beyond its edges.
  ///
  /// Under `renormalize` windows shrink: a sum is over what is inside, a mean or variance is
  /// divided by how much that is.
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
    try windowStatistic(.sum, window, options)
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
    try windowStatistic(.mean, window, options)
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
    try windowStatistic(.variance(ddof: Double(ddof)), window, options)
  }

  /// The common pass: sums, sums of squares about a centre and counts, tile by tile.
  private func windowStatistic(
    _ statistic: WindowStatistic, _ window: Shape<rank>, _ options: WindowOptions
  ) throws(ConcordError) -> NDArray {
    var geometry = try options.geometry(image: shape, window: window)
    // Gathered elements and their sums, and the same of their squares.
    let bytes = (statistic.needsSquares ? 5 : 3) * MemoryLayout<Double>.size
    try options.checkMemory(DirectTiles(for: geometry), bytesPerElement: bytes)
    let counts = WindowCounts(geometry: geometry)
    let shift = statistic.needsSquares ? finiteMean : 0
    // What lies outside a shrinking window adds nothing: it is 0 once it has been shifted.
    if geometry.renormalizes { geometry.edges.value = shift }
    let sums = WindowSums(geometry: geometry, shift: shift, squares: statistic.needsSquares)
    var out = NDArray(uninitialized: Shape(threeAxes: geometry.output))
    sums.run(buffer, threads: options.threadCount, into: &out.buffer) { part, out in
      statistic.fill(&out, from: part, counts: counts)
    }
    return out
  }

  /// The mean of the finite elements, or 0 where there is none.
  package var finiteMean: Double {
    let moments = finiteMoments(of: span, about: 0)
    return moments.count > 0 ? moments.sum / Double(moments.count) : 0
  }

  /// The root mean square of the finite elements about a value, or 0 where there is none.
  package func finiteDeviation(from value: Double) -> Double {
    let moments = finiteMoments(of: span, about: value)
    return moments.count > 0 ? (moments.squares / Double(moments.count)).squareRoot() : 0
  }
}

/// How many elements are finite, their sum about a value and the sum of their squares about it.
@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func finiteMoments<Scalar: RealScalar>(
  of elements: Span<Scalar>, about value: Double
) -> (count: Int, sum: Double, squares: Double) {
  if Scalar.allFinite(elements) {
    let moments = Scalar.moments(of: elements, shift: value)
    return (elements.count, moments.sum, moments.sumOfSquares)
  }
  var result = (count: 0, sum: 0.0, squares: 0.0)
  for index in elements.indices where elements[index].isFinite {
    let x = Double(elements[index]) - value
    result = (result.count + 1, result.sum + x, result.squares + x * x)
  }
  return result
}
