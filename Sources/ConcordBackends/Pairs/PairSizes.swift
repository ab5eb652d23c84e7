/// The sizes of pairs of small images and kernels, each pair correlated by itself in one tile.
///
///     out[i][p] = Σ over t of w[i][t] · F[i][p + t + offset]
///
/// F is image i with its extension beyond the edges.
package struct PairSizes: Hashable, Sendable {
  package var image: Extents
  package var kernel: Extents
  package var output: Extents
  package var offset: Extents
  package var edges: Extension
  /// Whether kernels are mirrored before they slide.
  package var mirrors: Bool

  package init(
    image: Extents, kernel: Extents, output: Extents, offset: Extents, edges: Extension,
    mirrors: Bool
  ) {
    self.image = image
    self.kernel = kernel
    self.output = output
    self.offset = offset
    self.edges = edges
    self.mirrors = mirrors
  }

  /// The elements of F that a tile holds along an axis.
  ///
  /// What follows wraps round: it may where nothing but zeros meets.
  func reach(_ axis: Int) -> Int {
    let reach = output[axis] + kernel[axis] - 1
    guard edges == Extension(.constant) else { return reach }
    let start = offset[axis]
    return max(output[axis], image[axis] - start, start < 0 ? reach + start : reach)
  }

  /// The lengths of the tile; nil where no tile is large enough.
  package var lengths: Extents? {
    guard image.planes * kernel.planes * output.planes == 1 else { return nil }
    let lengths = (1..<3).map { axis in Self.lengths.first { $0 >= reach(axis) } }
    guard let rows = lengths[0], let columns = lengths[1] else { return nil }
    return Extents(1, rows, columns)
  }

  private static let lengths = [
    16, 32, 48, 64, 80, 96, 128, 160, 192, 240, 256, 320, 384, 480, 512, 640, 768, 1024,
  ]
}
