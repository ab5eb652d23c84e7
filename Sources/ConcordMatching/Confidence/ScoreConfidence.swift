public import ConcordArrays
import RealModule

/// How sure a correlation coefficient is, by Fisher's transformation.
///
/// The *z* of a coefficient of *n* independent pairs that are normally distributed is nearly normal,
/// with a spread that depends on *n* alone, so that scores of different levels can be compared:
///
///     z = atanh(ρ),  standard error = 1 / √(n - 3)
///
/// *n* is not the number of pixels: neighbours are alike, and of ten that are nearly equal only one
/// counts. ``ConcordArrays/NDArray/effectiveCount(with:)`` estimates it. With the number of pixels
/// intervals come out too narrow, often by far. The score of a *best* match is also the largest of many,
/// of which no interval knows; it tells how exactly the score is known, not whether the match is true.
///
/// A score of ±1 has an infinite *z*, and an interval of itself alone. With *n* of 3 or less nothing
/// is known: the standard error is infinite, and the interval is -1...1.
///
/// - SeeAlso: R. A. Fisher, *On the probable error of a coefficient of correlation deduced from a small
///   sample* (1921).
public struct ScoreConfidence: Hashable, Sendable {
  /// The coefficient, in -1...1.
  public let score: Double
  /// The number of independent pairs that it comes from.
  public let effectiveCount: Double

  /// The confidence of a score.
  ///
  /// - Throws: ``ConcordError/outOfRange(what:found:allowed:)`` for a score outside -1...1, or NaN, and
  ///   for a count that is not positive.
  public init(score: Double, effectiveCount: Double) throws(ConcordError) {
    guard abs(score) <= 1 else {
      throw .outOfRange(what: "the score", found: score, allowed: "-1 to 1")
    }
    guard effectiveCount > 0 else {
      throw .outOfRange(
        what: "the effective count", found: effectiveCount, allowed: "a positive number")
    }
    self.score = score
    self.effectiveCount = effectiveCount
  }

  /// Fisher's `atanh(score)`; infinite for ±1.
  public var z: Double {
    abs(score) == 1 ? score * .infinity : Double.atanh(score)
  }

  /// The standard error of ``z``; infinite for counts of 3 or less.
  public var standardError: Double {
    effectiveCount > 3 ? 1 / (effectiveCount - 3).squareRoot() : .infinity
  }

  /// The range that holds the true coefficient with a probability of `level`.
  ///
  ///     tanh(z - q · standard error)...tanh(z + q · standard error)
  ///
  /// with the quantile *q* of the normal distribution: 1.96 for 0.95.
  ///
  /// - Throws: ``ConcordError/outOfRange(what:found:allowed:)`` for a level outside 0...1, 0 and 1
  ///   excluded.
  public func interval(level: Double = 0.95) throws(ConcordError) -> ClosedRange<Double> {
    guard level > 0 && level < 1 else {
      throw .outOfRange(
        what: "the confidence level", found: level, allowed: "a number between 0 and 1")
    }
    guard standardError.isFinite else { return -1...1 }
    guard z.isFinite else { return score...score }
    let reach = twoSidedQuantile(level) * standardError
    return Double.tanh(z - reach)...Double.tanh(z + reach)
  }

  /// Whether another score, of other data, differs from this one by more than chance.
  ///
  ///     z = (z₁ - z₂) / √(error₁² + error₂²)
  ///
  /// Scores that are both 1, or both -1, differ by nothing; one of ±1 differs from any other by
  /// infinitely much; where nothing is known there is no difference.
  ///
  /// - Returns: The difference in standard errors, and the probability of one as large if the true
  ///   scores are equal (two-sided).
  public func difference(from other: ScoreConfidence) -> (z: Double, probability: Double) {
    let error = (standardError * standardError + other.standardError * other.standardError)
      .squareRoot()
    guard score != other.score, error.isFinite else { return (0, 1) }
    let difference = (z - other.z) / error
    return (difference, Double.erfc(abs(difference) / 2.0.squareRoot()))
  }
}

/// How many standard deviations on either side hold a share of the normal distribution.
///
/// By halving: erfc is exact to the last digits, and this is called once an interval.
private func twoSidedQuantile(_ share: Double) -> Double {
  var (low, high) = (0.0, 40.0)
  while true {
    let middle = (low + high) / 2
    if middle <= low || middle >= high { return middle }
    // The tail, not its complement, which has lost its digits for shares near 1.
    if Double.erfc(middle / 2.0.squareRoot()) > 1 - share { low = middle } else { high = middle }
  }
}
