/// Where samples lie in a transform: gathered from `origin` (which may lie outside the source, in
/// the region that `extension` defines) to the transform's index 0; zeros follow.
package struct Placement: Sendable {
  package var extents: Extents
  package var origin: Extents
  package var count: Extents
  package var `extension`: Extension

  package init(extents: Extents, origin: Extents, count: Extents, extension rule: Extension) {
    self.extents = extents
    self.origin = origin
    self.count = count
    self.extension = rule
  }

  /// The whole source at index 0.
  package init(whole extents: Extents) {
    self.init(
      extents: extents, origin: Extents(0, 0, 0), count: extents, extension: Extension(.constant))
  }
}

/// The part of a transform's result that is wanted; indices are taken modulo the lengths.
package struct Crop: Sendable {
  package var start: Extents
  package var count: Extents

  package init(start: Extents, count: Extents) {
    self.start = start
    self.count = count
  }
}

/// Real samples, or the real and imaginary parts of complex ones as two buffers of equal size.
package struct Samples<Scalar: BackendScalar>: Sendable {
  package var real: SharedBuffer<Scalar>
  package var imaginary: SharedBuffer<Scalar>?
  /// What is subtracted from each real sample as it is read; nil for nothing.
  package var shift: Scalar?

  package init(
    real: SharedBuffer<Scalar>, imaginary: SharedBuffer<Scalar>? = nil, shift: Scalar? = nil
  ) {
    self.real = real
    self.imaginary = imaginary
    self.shift = shift
  }

  package var isComplex: Bool { imaginary != nil }
}

/// The transform of an array, in the order in which ``SpectralTransform`` works: each bin of the
/// innermost axis holds its column of all outer axes contiguously.
package final class Spectrum<Scalar: BackendScalar>: @unchecked Sendable {
  package let bins: Int
  /// Complex values from one column to the next: some more than a column has, so that each begins
  /// at a cache line.
  let columnStride: Int
  let storage: AlignedBuffer<Scalar>

  init(bins: Int, columnStride: Int) {
    self.bins = bins
    self.columnStride = columnStride
    storage = AlignedBuffer(uninitializedCount: 2 * bins * columnStride)
  }

  func column(_ bin: Int) -> UnsafeMutablePointer<Scalar> {
    storage.base + 2 * bin * columnStride
  }

  package var byteCount: Int { storage.count * MemoryLayout<Scalar>.stride }

  /// The value at a bin of the innermost axis and an index of the outer axes in row-major order.
  package subscript(bin: Int, outer: Int) -> (real: Scalar, imaginary: Scalar) {
    let value = column(bin) + 2 * outer
    return (value[0], value[1])
  }
}
