/// The discrete Fourier transform of up to three axes, for filtering by products of spectra.
///
/// FFTW's own plans for large images run at the speed of memory. Here a transform is a pass over
/// rows and a pass over blocks of columns that stay in cache. Two real rows share one complex
/// transform. Rows of zeros are never transformed, and rows that are not wanted never come back.
/// The outer axes of a volume are one column each, transformed in two dimensions.
///
/// Immutable and Sendable: many threads may use one.
package final class SpectralTransform<Scalar: BackendScalar>: Sendable {
  package let lengths: Extents
  package let isComplex: Bool

  /// Bins along the innermost axis: half the spectrum for real samples.
  package let bins: Int
  /// Complex values from one row of spectra to the next; no power of two, for the cache's sake.
  let rowStride: Int
  /// Complex values in a column: all outer axes.
  package let columnLength: Int
  /// Complex values from one column to the next in a block.
  let columnStride: Int
  /// Columns in a block: whole cache lines of each row, as many as stay in the second-level cache.
  let blockColumns: Int

  let rowForward: SharedPlan<Scalar>
  let rowBackward: SharedPlan<Scalar>
  /// Nil where the outer axes have extent 1.
  let columnForward: SharedPlan<Scalar>?
  let columnBackward: SharedPlan<Scalar>?

  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  package init(lengths: Extents, isComplex: Bool, effort: PlanningEffort) {
    self.lengths = lengths
    self.isComplex = isComplex
    let isLine = lengths.planes * lengths.rows == 1
    let sizes = SpectralSizes(lengths: lengths, isComplex: isComplex)
    bins = sizes.bins
    rowStride = sizes.rowStride
    columnLength = lengths.planes * lengths.rows
    columnStride = sizes.columnStride
    let line = 64 / (2 * MemoryLayout<Scalar>.stride)
    let columnBytes = 2 * columnStride * MemoryLayout<Scalar>.stride
    blockColumns = min(8, max(1, Self.blockBytes / (columnBytes * line))) * line
    // A single real row has no partner to share a complex transform with.
    let lineKinds: (TransformDescription.Kind, TransformDescription.Kind) =
      isLine && !isComplex ? (.realForward, .realBackward) : (.complexForward, .complexBackward)
    rowForward = Self.plan(lineKinds.0, [lengths.columns], effort)
    rowBackward = Self.plan(lineKinds.1, [lengths.columns], effort)
    if isLine {
      columnForward = nil
      columnBackward = nil
    } else {
      let outer =
        lengths.planes == 1
        ? [lengths.rows] : lengths.rows == 1 ? [lengths.planes] : [lengths.planes, lengths.rows]
      columnForward = Self.plan(.complexForward, outer, effort)
      columnBackward = Self.plan(.complexBackward, outer, effort)
    }
  }

  /// Bytes of a block of columns.
  private static var blockBytes: Int { 384 << 10 }

  private static func plan(
    _ kind: TransformDescription.Kind, _ lengths: [Int], _ effort: PlanningEffort
  ) -> SharedPlan<Scalar> {
    PlanCache.plan(TransformDescription(kind, lengths: lengths, effort: effort), for: Scalar.self)
  }

  /// The threads that a transform is worth: waking one takes as long as small ones work, and a lone
  /// row is one task.
  package static func usefulThreads(_ threads: Int, lengths: Extents) -> Int {
    lengths.count < 1 << 17 || lengths.planes * lengths.rows == 1 ? 1 : threads
  }

  func useful(_ threads: Int) -> Int { Self.usefulThreads(threads, lengths: lengths) }

  /// Whether one real row is all there is.
  var isRealLine: Bool { columnForward == nil && !isComplex }

  /// The spectrum of an array, whose values that aren't finite are taken as zeros.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  package func spectrum(
    of samples: Samples<Scalar>, placement: Placement, threads: Int
  ) -> Spectrum<Scalar> {
    let rows = transformRows(samples, placement, threads: threads, isFinite: Flag())
    let spectrum = Spectrum<Scalar>(bins: bins, columnStride: columnStride)
    transformColumns(of: rows, placement.count, into: spectrum, threads: threads)
    return spectrum
  }

  /// Writes the inverse transform of `spectrum`, cropped, to `out`.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  package func invert(
    _ spectrum: Spectrum<Scalar>, crop: Crop, into out: inout Samples<Scalar>, threads: Int
  ) {
    let rows = AlignedBuffer<Scalar>(uninitializedCount: 2 * columnLength * rowStride)
    invertColumns(of: spectrum, crop, into: rows, threads: threads)
    invertRows(rows, crop, into: &out, threads: threads)
  }

  /// Writes the inverse transform of a spectrum times the conjugate of another, cropped, to `out`.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  package func correlate(
    _ spectrum: Spectrum<Scalar>, with kernel: Spectrum<Scalar>, crop: Crop,
    into out: inout Samples<Scalar>, threads: Int
  ) {
    let rows = AlignedBuffer<Scalar>(uninitializedCount: 2 * columnLength * rowStride)
    invertColumns(of: spectrum, timesConjugate: kernel, crop, into: rows, threads: threads)
    invertRows(rows, crop, into: &out, threads: threads)
  }

  /// Multiplies an array's spectrum with another and writes the inverse transform to `out`.
  ///
  /// With `conjugate` the product is with the conjugate: a correlation instead of a convolution. NaN
  /// and infinity are taken as zeros.
  ///
  /// - Returns: Whether every value that was read is finite.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  package func filter(
    _ samples: Samples<Scalar>, placement: Placement, by spectrum: Spectrum<Scalar>,
    conjugate: Bool, crop: Crop, into out: inout Samples<Scalar>, threads: Int
  ) -> Bool {
    let isFinite = Flag()
    let rows = transformRows(samples, placement, threads: threads, isFinite: isFinite)
    filterColumns(
      of: rows, placement.count, by: spectrum, conjugate: conjugate, crop, threads: threads)
    invertRows(rows, crop, into: &out, threads: threads)
    return isFinite.isSet
  }
}

/// The strides and bytes of a transform's arrays, which the planner asks for before one is made.
package struct SpectralSizes: Sendable {
  /// Bins along the innermost axis: half the spectrum for real samples.
  package let bins: Int
  /// Complex values from one row of spectra to the next; no power of two, for the cache's sake.
  package let rowStride: Int
  /// Complex values from one column to the next; each begins at a cache line.
  package let columnStride: Int
  /// Complex values of one array of row spectra, which each filtering needs once.
  package let workspaceCount: Int
  /// Complex values of one ``Spectrum``.
  package let spectrumCount: Int

  package init(lengths: Extents, isComplex: Bool) {
    let columnLength = lengths.planes * lengths.rows
    let isLine = columnLength == 1
    bins = isComplex ? lengths.columns : lengths.columns / 2 + 1
    rowStride = isLine ? bins : (bins + 7) / 8 * 8 + 8
    columnStride = isLine ? 1 : (columnLength + 7) / 8 * 8 + 8
    workspaceCount = columnLength * rowStride
    spectrumCount = columnStride * bins
  }
}
