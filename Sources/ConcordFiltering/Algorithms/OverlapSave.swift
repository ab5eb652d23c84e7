import ConcordArrays
import ConcordBackends

/// Overlap-save with one kernel, whose spectrum is computed once and kept.
struct OverlapSave<Scalar: RealScalar>: Sendable {
  private let geometry: ConvolutionGeometry
  private let transform: TileTransform<Scalar>
  private let spectrum: TileSpectrum<Scalar>

  init(weights: Samples<Scalar>, geometry: ConvolutionGeometry, layout: TileLayout) {
    self.geometry = geometry
    transform = TileTransform(
      tiles: OverlapTiles(
        lengths: layout.extents, kernel: geometry.kernel, output: geometry.output))
    spectrum = transform.spectrum(of: weights)
  }

  /// Correlates an image, whose NaN and infinity are taken as zeros; `edges` replaces the geometry's.
  ///
  /// - Returns: Whether every value is finite.
  func run(
    _ image: Samples<Scalar>, edges: Extension, threads: Int, into out: inout Samples<Scalar>
  ) -> Bool {
    transform.correlate(
      image, extents: geometry.image, offset: geometry.offset, edges: edges, with: spectrum,
      threads: threads, into: &out)
  }
}
