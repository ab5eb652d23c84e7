import ConcordArrays
import ConcordBackends
import ConcordFiltering

/// Where contrast is too small to mean anything, and what such a window scores.
struct FlatWindowRule<Scalar: RealScalar>: Sendable {
  /// Elements of a window.
  let count: Double
  /// What was subtracted from the scene before it was summed.
  let offset: Double
  let score: FlatWindowScore

  /// The energy below which contrast is but rounding: a quarter of the mean's relative precision.
  static func floor(mean: Double, count: Double) -> Double {
    let deviation = 0.25 * Double(Scalar.ulpOfOne) * abs(mean)
    return count * deviation * deviation
  }

  /// The energy of a window about its mean; nil where the window is flat.
  func energy(sum: Double, squares: Double) -> Double? {
    let energy = squares - sum * sum / count
    let floor = Self.floor(mean: offset + sum / count, count: count)
    // The second floor is what rounding leaves of the difference of two equal sums.
    return energy > floor && energy > 32 * Double.ulpOfOne * squares ? energy : nil
  }

  var flatScore: Scalar { score == .zero ? 0 : .nan }
}

/// Turns the sums of windows into scores, and says which of them rounding may have spoilt.
struct ScoreRule<Scalar: RealScalar>: Sendable {
  let flat: FlatWindowRule<Scalar>
  /// √Σ (t - t̄)² of the template.
  let norm: Double
  /// The mean that rounding left in the template.
  let residue: Double
  /// The root mean square of the centred scene, from which a transform's errors come; nil for
  /// direct sums, whose errors come from the window alone.
  let spread: Double?

  /// Errors are a few units in the last place of what was summed: this many, at the most.
  private static var errorFactor: Double { 8 * Double(Scalar.ulpOfOne) }

  /// The error that a score may have: 10⁻⁵ in Float, 10⁻⁹ in Double.
  private static var tolerance: Double { Scalar.self == Double.self ? 1e-9 : 1e-5 }

  /// Turns sums of products into scores, for the windows of one tile.
  ///
  /// Returns the indices in the output of scores that rounding may have spoilt.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  func finish(
    _ scores: inout MutableSpan<Scalar>, from part: borrowing WindowSums.Part
  ) -> [Int] {
    let sums = part.sums
    let squares = part.squares
    var uncertain: [Int] = []
    for index in scores.indices {
      let sum = sums[index]
      let square = squares[index]
      guard square.isFinite else {
        scores[index] = .nan
        continue
      }
      guard let energy = flat.energy(sum: sum, squares: square) else {
        scores[index] = flat.flatScore
        continue
      }
      // What rounding left of the template's mean meets the window's sum.
      let product = Double(scores[index]) - residue * sum
      let contrast = energy.squareRoot()
      let source = spread ?? (square / flat.count).squareRoot()
      // A product beyond the largest number is not finite, and so neither certain.
      let isProductCertain = Self.errorFactor * source <= Self.tolerance * contrast
      // The energy is what is left of two sums that may be much larger.
      let isEnergyCertain = 8 * Double.ulpOfOne * square <= Self.tolerance * energy
      let isCertain = product.isFinite && isProductCertain && isEnergyCertain
      if !isCertain { uncertain.append(part.range.lowerBound + index) }
      scores[index] = Scalar(min(1, max(-1, product / (contrast * norm))))
    }
    return uncertain
  }
}
