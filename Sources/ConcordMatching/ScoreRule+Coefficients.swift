import ConcordArrays
import ConcordBackends
import ConcordFiltering

// Most windows have contrast, lie inside the scene, and are far from where rounding matters.
extension ScoreRule {
  /// Scores that are looked at together: one window in doubt has them scored one by one.
  static var run: Int { 256 }

  /// Scores windows beyond doubt by correlation coefficients; false if any isn't, or if others are asked for.
  ///
  /// The limits are those of ``ScoreRule/isCertain(_:error:)`` and ``FlatWindows``.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  func scoreTogether(
    _ range: Range<Int>, _ scores: inout MutableSpan<Scalar>, _ part: borrowing WindowSums.Part,
    source: Double?
  ) -> Bool {
    guard metric == .zncc, edges == nil, whole.channels.count == 1, whole.energy > 0 else {
      return false
    }
    let tolerance = Self.coefficientTolerance
    let error = Self.squaredErrorFactor / (tolerance * tolerance)
    var share = max(8 * Double.ulpOfOne / tolerance, 33 * Double.ulpOfOne)
    if source == nil { share = max(share, error * whole.inverseCount) }
    let terms = CoefficientTerms(
      inverseCount: whole.inverseCount, shift: whole.channels[0].shift, gain: unit / whole.norm,
      residue: whole.channels[0].residue / whole.norm, leastShare: share,
      leastContrast: 2 * FlatWindows<Scalar>.floor(power: whole.count),
      leastEnergy: error * (source ?? 0))
    return Scalar.makeCoefficients(
      &scores, in: range, sums: part.all, first: range.lowerBound, squares: part.range.count,
      terms)
  }
}
