/// Which way is better.
public enum Extremum: String, Hashable, Sendable, CaseIterable {
  /// Higher is better, as for correlation coefficients.
  case maxima
  /// Lower is better, as for sums of squared differences.
  case minima

  /// What makes "higher" of "better".
  var sign: Double { self == .maxima ? 1 : -1 }
}

/// What counts of neighbours that are equal, none of which is exceeded by another.
public enum PlateauRule: String, Hashable, Sendable, CaseIterable {
  /// Each of them, as long as the minimum distance allows, in row-major order.
  ///
  /// This is what `skimage.feature.peak_local_max` does.
  case everyElement
  /// An element that equals none of its neighbours before it in row-major order.
  ///
  /// A plateau in the shape of a box counts once; one that is bent may count more than once.
  case firstElement
}

/// How a peak is placed between elements.
///
/// All of them fit a function `c + g·d + ½ dᵀ H d` of the offset *d* from the highest element, whose
/// extremum lies at `-H⁻¹ g`. A fit counts if that is an extremum of the wanted kind (*H* is definite)
/// less than one element away along every axis; else there is none, and the element's own position
/// stands. Axes along which the element lies at the border of the array are left out. NaN or infinity
/// among the neighbours gives no fit.
public enum SubpixelMethod: Hashable, Sendable {
  /// Central differences over 3ⁿ elements (second-order Taylor, one step of Newton's method).
  ///
  /// - SeeAlso: `algotom.util.correlation.locate_peak`, method 'diff'; arXiv:0712.4289.
  case newton
  /// The quadratic of least squares over `size`ⁿ elements, an odd size of at least 3.
  ///
  /// Near the border the window shrinks, evenly on both sides, along the axis in question.
  ///
  /// - SeeAlso: `locate_peak`, method 'poly_fit'; B. Pan and others, *Performance of sub-pixel
  ///   registration algorithms in digital image correlation* (2006).
  case polynomial(size: Int)
  /// Newton's step on logarithms: exact for any sampled Gaussian, whatever its widths and tilt.
  ///
  /// Along one axis it is the three-point formula `(ln l - ln r) / (2 (ln l - 2 ln c + ln r))` of
  /// particle image velocimetry. There is no fit unless all values are positive.
  case gaussian
}

/// Which peaks of a map are wanted.
///
/// Lists of one number for each axis may be left empty, for the default.
public struct PeakOptions: Hashable, Sendable {
  /// The most peaks that are wanted.
  public var count = Int.max
  /// The smallest value that counts, or the largest where minima are sought; nil for any.
  public var threshold: Double?
  /// Whether peaks are high or low.
  public var seeking = Extremum.maxima
  /// Of two peaks whose distance along every axis is below this, the better one counts.
  ///
  /// By default 1: peaks may be neighbours.
  public var minimumDistance: [Int] = []
  /// How far an element is compared along each axis with others, none of which may be better.
  ///
  /// By default 1: with its direct neighbours, diagonals included. Along an axis with 0 elements have
  /// nothing to do with each other, as the images of a stack, and places aren't fitted. With `neighborhood` and
  /// ``minimumDistance`` of *d* along all axes the peaks are those that
  /// `skimage.feature.peak_local_max` finds with `min_distance=d`.
  public var neighborhood: [Int] = []
  /// How many elements at each end of each axis hold no peak; they are compared with all the same.
  ///
  /// By default 0. `peak_local_max` excludes `min_distance`.
  public var border: [Int] = []
  /// What counts of neighbours that are equal.
  public var plateaus = PlateauRule.everyElement
  /// How peaks are placed between elements; nil for not at all.
  public var subpixel: SubpixelMethod?
  /// How many threads may work; nil for all processors.
  ///
  /// Peaks don't depend on it.
  public var threads: Int?

  /// The best peaks, or all.
  public init(count: Int = .max, threshold: Double? = nil, minimumDistance: [Int] = []) {
    self.count = count
    self.threshold = threshold
    self.minimumDistance = minimumDistance
  }

  /// Whether a value passes the threshold.
  func admits(_ value: Double) -> Bool {
    guard let threshold else { return !value.isNaN }
    return seeking == .maxima ? value >= threshold : value <= threshold
  }
}
