import ConcordArrays
import ConcordBackends

/// The product of spectra: a correlation multiplies with the conjugate of the kernel's spectrum.
///
/// The kernel's spectrum is computed once and kept. Nothing is translated: in a circular layout the
/// kernel is wrapped round the origin, and otherwise the crop begins at the first output's lag.
struct TransformCorrelation<Scalar: RealScalar>: Sendable {
  private let geometry: ConvolutionGeometry
  private let layout: TransformLayout
  private let transform: SpectralTransform<Scalar>
  private let kernelSpectrum: Spectrum<Scalar>

  init(
    weights: Samples<Scalar>, geometry: ConvolutionGeometry, layout: TransformLayout,
    options: ConvolutionOptions
  ) {
    self.geometry = geometry
    self.layout = layout
    transform = SpectralTransform(
      lengths: layout.extents, isComplex: weights.isComplex, effort: options.planningEffort)
    let placed: Samples<Scalar>
    let placement: Placement
    if layout.kind == .circular {
      placed = Samples(
        real: Self.wrap(weights.real, geometry, layout.extents),
        imaginary: weights.imaginary.map { Self.wrap($0, geometry, layout.extents) })
      placement = Placement(whole: layout.extents)
    } else {
      placed = weights
      // Taps beyond the period only ever meet zeros.
      placement = Placement(
        extents: geometry.kernel, origin: Extents(0, 0, 0),
        count: Extents { min(geometry.kernel[$0], layout.extents[$0]) },
        extension: Extension(.constant))
    }
    kernelSpectrum = transform.spectrum(
      of: placed, placement: placement, threads: options.threadCount)
  }

  /// Correlates an image, whose NaN and infinity are taken as zeros; `edges` replaces the geometry's.
  ///
  /// - Returns: Whether every value is finite.
  func run(
    _ image: Samples<Scalar>, edges: Extension, threads: Int, into out: inout Samples<Scalar>
  ) -> Bool {
    let placement: Placement
    let start: Extents
    switch layout.kind {
    case .zeroPadded:
      placement = Placement(whole: geometry.image)
      start = geometry.offset
    case .circular:
      placement = Placement(whole: geometry.image)
      start = Extents(0, 0, 0)
    case .extended:
      placement = Placement(
        extents: geometry.image, origin: geometry.offset,
        count: Extents { geometry.output[$0] + geometry.kernel[$0] - 1 },
        extension: edges)
      start = Extents(0, 0, 0)
    }
    return transform.filter(
      image, placement: placement, by: kernelSpectrum, conjugate: true,
      crop: Crop(start: start, count: geometry.output), into: &out, threads: threads)
  }

  /// The kernel on the period of the image, its tap for lag 0 at the origin; taps that meet add up.
  private static func wrap(
    _ weights: SharedBuffer<Scalar>, _ geometry: ConvolutionGeometry, _ lengths: Extents
  ) -> SharedBuffer<Scalar> {
    var wrapped = SharedBuffer<Scalar>(repeating: 0, count: lengths.count)
    var out = wrapped.mutableSpan
    let taps = weights.span
    let kernel = geometry.kernel
    func place(_ tap: Int, _ axis: Int) -> Int {
      let index = (tap + geometry.offset[axis]) % lengths[axis]
      return index < 0 ? index + lengths[axis] : index
    }
    var next = 0
    for plane in 0..<kernel.planes {
      for row in 0..<kernel.rows {
        let line = (place(plane, 0) * lengths.rows + place(row, 1)) * lengths.columns
        for column in 0..<kernel.columns {
          out[line + place(column, 2)] += taps[next]
          next += 1
        }
      }
    }
    return wrapped
  }
}
