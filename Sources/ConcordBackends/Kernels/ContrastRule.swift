import ConcordKernels

/// How the coefficients of windows come of sums of products with a centred template.
package struct ContrastRule: Sendable {
  /// What turns sums of products into the template's units.
  package var unit = 1.0
  /// What sums of products lack, and what a window's sum is to be taken times from them.
  package var (added, residue) = (0.0, 0.0)
  /// What was subtracted from the scene.
  package var shift = 0.0
  /// The elements of a window.
  package var count = 1.0
  /// The root of the template's energy.
  package var norm = 1.0
  /// The square of the least deviation, relative to the mean, that is contrast.
  package var floor = 0.0
  /// What windows without contrast score.
  package var flat = 0.0
  /// The square of a product's error by the mean square of what was transformed with it.
  package var error = 0.0
  /// That mean square; nil for the window's own.
  package var source: Double?
  /// The error that a score may have.
  package var tolerance = 0.0

  package init() {}

  /// Turns products into coefficients in place.
  ///
  /// - Parameters:
  ///   - range: The places among `scores`, and among the sums.
  ///   - scores: The sums of products.
  ///   - sums: The windows' sums of f - shift, and `stride` elements later those of its squares.
  ///   - stride: How far squares lie behind.
  /// - Returns: The places that rounding may have spoilt.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  package func score<Scalar: BackendScalar>(
    _ range: Range<Int>, of scores: inout MutableSpan<Scalar>, sums: Span<Double>, stride: Int
  ) -> [Int] {
    precondition(range.lowerBound >= 0 && range.upperBound <= scores.count, "Outside the scores")
    precondition(range.upperBound <= stride && range.upperBound + stride <= sums.count)
    var rule = concord_contrast(
      unit: unit, added: added, residue: residue, shift: shift, count: count,
      inverse_count: 1 / count, norm: norm, floor: floor, flat: flat, error: error,
      source: source ?? 0, share: source == nil ? 1 / count : 0, tolerance: tolerance)
    return withUnsafeTemporaryAllocation(of: Int32.self, capacity: max(1, range.count)) { spoilt in
      let found = sums.withUnsafeBufferPointer { sums in
        scores.withUnsafeMutableBufferPointer { scores in
          Scalar._backend.kernels.contrastScores(
            &rule, sums.baseAddress.map { $0 + range.lowerBound },
            sums.baseAddress.map { $0 + range.lowerBound + stride }, range.count,
            scores.baseAddress.map { $0 + range.lowerBound }, spoilt.baseAddress)
        }
      }
      return (0..<found).map { range.lowerBound + Int(spoilt[$0]) }
    }
  }
}
