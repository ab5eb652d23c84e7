/// How the agreement of a template with the window under it is measured.
///
/// With f̄ and t̄ the means of the window and of the template, sums over the elements k of the
/// template, and of all channels where there are several, each with means of its own:
///
/// | metric | OpenCV | score |
/// |---|---|---|
/// | `zncc` | CCOEFF_NORMED | Σ (f - f̄)(t - t̄) / √(Σ (f - f̄)² Σ (t - t̄)²), -1...1 |
/// | `ncc` | CCORR_NORMED | Σ f t / √(Σ f² Σ t²), -1...1 |
/// | `ssd` | SQDIFF | Σ (f - t)², lowest is best |
/// | `nssd` | SQDIFF_NORMED | Σ (f - t)² / √(Σ f² Σ t²), lowest is best |
/// | `cross` | CCORR | Σ f t |
/// | `zeroMeanCross` | CCOEFF | Σ (f - f̄)(t - t̄) |
///
/// Other than OpenCV's, `nssd` is not cut off at 1, which its values may exceed. A template without
/// contrast is an error where the metric takes means away; a window without scores as
/// ``MatchingOptions/flatWindows`` says where the metric divides by it.
///
/// - SeeAlso: `cv2.matchTemplate`; opencv/opencv#15215 for the values of `nssd`.
public enum MatchingMetric: String, Hashable, Sendable, CaseIterable {
  /// Zero-mean normalized cross-correlation: Pearson's coefficient, whatever brightness and contrast.
  case zncc
  /// Normalized cross-correlation: the cosine of the angle between window and template.
  case ncc
  /// The sum of squared differences.
  case ssd
  /// The sum of squared differences, relative to the norms of window and template.
  case nssd
  /// The sum of products.
  case cross
  /// The sum of products of what is left when the means are taken away.
  case zeroMeanCross = "zero-mean-cross"

  /// Whether low scores are good: 0 is a perfect match.
  public var isDistance: Bool { self == .ssd || self == .nssd }

  /// Whether the means of window and template are taken away.
  public var isCentred: Bool { self == .zncc || self == .zeroMeanCross }

  /// Whether a score is relative to the norms of window and template.
  public var isNormalized: Bool { self == .zncc || self == .ncc || self == .nssd }

  /// Whether a template times a positive number scores the same.
  var isScaleFree: Bool { self == .zncc || self == .ncc }

  /// Whether the squares of windows are of no use.
  var isProduct: Bool { self == .cross || self == .zeroMeanCross }

  /// Whether one score is better than another; NaN never is.
  func prefers(_ score: Double, to other: Double) -> Bool {
    isDistance ? score < other : score > other
  }
}
