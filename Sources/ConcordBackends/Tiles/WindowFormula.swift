import ConcordKernels

/// What is computed of the elements of a window.
///
/// a and b are the elements of the first and the second image, n is how many a window holds.
package enum WindowFormula: Hashable, Sendable {
  /// Functions of the elements that are summed as they are.
  package enum Term: Hashable, Sendable {
    /// a
    case first
    /// a b
    case product
    /// a² - b²
    case squareDifference
  }

  /// Σ of the term
  case sum(Term)
  /// Σ of the term / n
  case mean(Term)
  /// (Σ a² - (Σ a)² / n) / (n - ddof)
  case variance(ddof: Double)
  /// The variance's root.
  case deviation(ddof: Double)
  /// (Σ a b - Σ a Σ b / n) / (n - ddof)
  case covariance(ddof: Double)
  /// Pearson's coefficient; `flat` where a deviation is no larger than `resolution` of the mean.
  case correlation(flat: Double, resolution: Double)

  /// How many images it takes.
  package var images: Int {
    switch self {
    case .sum(.first), .mean(.first), .variance, .deviation: 1
    case .sum, .mean, .covariance, .correlation: 2
    }
  }

  /// Whether elements are centred before they are summed, as differences of sums need it.
  var isCentred: Bool {
    switch self {
    case .sum, .mean: false
    case .variance, .deviation, .covariance, .correlation: true
    }
  }

  var ddof: Double {
    switch self {
    case .variance(let ddof), .deviation(let ddof), .covariance(let ddof): ddof
    case .sum, .mean, .correlation: 0
    }
  }

  var term: concord_window_term {
    switch self {
    case .sum(.first), .mean(.first): CONCORD_SUM_A
    case .sum(.product), .mean(.product): CONCORD_SUM_PRODUCT
    case .sum(.squareDifference), .mean(.squareDifference): CONCORD_SUM_DIFFERENCE
    case .variance, .deviation: CONCORD_SUM_SQUARES
    case .covariance: CONCORD_SUM_JOINT
    case .correlation: CONCORD_SUM_MOMENTS
    }
  }

  var result: concord_window_result {
    switch self {
    case .sum: CONCORD_SUMS
    case .mean: CONCORD_MEAN
    case .variance: CONCORD_VARIANCE
    case .deviation: CONCORD_DEVIATION
    case .covariance: CONCORD_COVARIANCE
    case .correlation: CONCORD_CORRELATION
    }
  }

  /// The sums that it is made of, where both images are `a` and `b` everywhere, for one element.
  func terms(_ a: Double, _ b: Double) -> [Double] {
    switch self {
    case .sum(.first), .mean(.first): [a]
    case .sum(.product), .mean(.product): [a * b]
    case .sum(.squareDifference), .mean(.squareDifference): [a * a - b * b]
    case .variance, .deviation: [a, a * a]
    case .covariance: [a, b, a * b]
    case .correlation: [a, b, a * a, b * b, a * b]
    }
  }

  var sums: Int { terms(0, 0).count }
}
