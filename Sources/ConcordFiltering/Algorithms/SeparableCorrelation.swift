import ConcordArrays
import ConcordBackends

/// The correlation with a kernel whose factors are known, in one go over the image.
struct SeparableCorrelation<Scalar: RealScalar>: Sendable {
  private let geometry: ConvolutionGeometry
  private let tiles: SeparableTiles<Scalar>

  init(kernel: SeparableKernel<Scalar>, geometry: ConvolutionGeometry) {
    self.geometry = geometry
    tiles = SeparableTiles(terms: kernel.terms, output: geometry.output)
  }

  /// Correlates an image; `edges` replaces the geometry's.
  ///
  /// - Returns: Whether every output is finite.
  func run(
    _ image: Samples<Scalar>, edges: Extension, threads: Int,
    into out: inout SharedBuffer<Scalar>
  ) -> Bool {
    tiles.correlate(
      image.real, extents: geometry.image, offset: geometry.offset, edges: edges,
      shift: image.shift ?? 0, threads: threads, into: &out)
  }
}
