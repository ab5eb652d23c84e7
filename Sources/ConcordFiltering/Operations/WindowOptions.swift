public import ConcordArrays
package import ConcordBackends

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

  /// Refuses formulas whose tiles would need more working memory than allowed.
  package func checkMemory<Scalar: RealScalar>(
    _ tiles: WindowTiles, of scalar: Scalar.Type
  ) throws(ConcordError) {
    let needed = tiles.workspaceBytes(of: scalar, threads: threadCount)
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
