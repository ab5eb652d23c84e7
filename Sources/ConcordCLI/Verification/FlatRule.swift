import Concord

/// When an image is flat, and what a correlation is there.
struct FlatRule {
  private let value: Double
  /// The least deviation that is contrast, relative to the mean.
  private let resolution: Double

  init(_ score: FlatWindowScore, _ precision: Precision) {
    value = score == .zero ? 0 : .nan
    resolution = 0.25 * (precision == .float ? Double(Float.ulpOfOne) : Double.ulpOfOne)
  }

  /// The correlation coefficient of two sets with their variances and means.
  func correlation(
    _ a: (moments: Double, mean: Double), _ b: (moments: Double, mean: Double), covariance: Double
  ) -> Double {
    for set in [a, b] where set.moments.squareRoot() <= resolution * abs(set.mean) { return value }
    let norm = (a.moments * b.moments).squareRoot()
    return norm == 0 ? value : covariance / norm
  }
}
