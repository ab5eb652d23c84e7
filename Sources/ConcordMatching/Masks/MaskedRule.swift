import ConcordArrays
import ConcordBackends
import ConcordFiltering

/// Sums over the elements that count at a place, of g = f' - mean and u = t' - t̄, brought near 1.
struct PlaceSums {
  /// Σ w g u, Σ w g and Σ w g², with w = (M S)².
  var product = 0.0
  var value = 0.0
  var square = 0.0
  /// Σ M S g.
  var rootValue = 0.0
  /// The sums of the template and of the weights.
  var template = TemplateSums()
}

/// How large the sums of a band get, which errors of transforms are relative to.
struct BandLevels: Sendable {
  /// Whether errors are relative to each window's own sums.
  var isTermwise: Bool
  /// Whether the template's own sums are those of a mask's transform.
  var isTemplateTransformed: Bool
  /// The largest Σ w g² and Σ w of the band.
  var square = 0.0
  var count = 0.0
}

/// Turns sums over what counts into scores, and says which of them rounding may have spoilt.
struct MaskedRule<Scalar: RealScalar>: Sendable {
  let metric: MatchingMetric
  let flatScore: Double
  let missingScore: Double
  /// The means of scene and template in the units of the sums.
  let sceneMean: Double
  let templateMean: Double
  /// Σ w u² of the whole template.
  let templateSquares: Double
  /// What turns products of sums into score units.
  let factor: Double
  /// The least sum of weights that is scored.
  let minimumCount: Double
  /// Whether all weights are 0 or 1, so that their sum is a number of elements.
  let isBinary: Bool
  let levels: BandLevels

  /// Errors of sums are below so many times what they are relative to.
  private static var rounding: Double { 16 * Double.ulpOfOne }

  /// The error, relative to itself, that what a score is divided by may have.
  private static var tolerance: Double { Scalar.self == Double.self ? 1e-9 : 1e-6 }

  /// The error that a distance may have, relative to itself: nothing but near matches is affected.
  private static var nearTolerance: Double { Scalar.self == Double.self ? 1e-7 : 1e-3 }

  /// The score of a place, and whether rounding can't have spoilt it.
  @inline(__always)
  func score(_ sums: PlaceSums) -> (value: Double, isCertain: Bool) {
    let count = sums.template.count
    guard count >= minimumCount else { return (missingScore, true) }
    guard count > 0 else { return (missingScore, false) }
    // Divisions and roots are what this costs, and what is the same for a row is done once.
    let inverse = 1 / count
    if metric.isCentred { return centred(sums, inverse) }
    let (mean, level) = (sums.value * inverse, sums.template.sum * inverse)
    let product = sums.product - mean * sums.template.sum
    let (f, t) = (sceneMean + mean, templateMean + level)
    let cross = product + count * f * t
    if metric == .cross { return (cross * factor, cross.isFinite) }
    let energy = max(0, sums.square - mean * sums.value)
    let pattern = max(0, sums.template.squares - level * sums.template.sum)
    let (error, other) = errors(sums, inverse)
    let (power, templatePower) = (energy + count * f * f, pattern + count * t * t)
    let norm = (power * templatePower).squareRoot()
    let isNormCertain =
      error <= Self.tolerance * power && other <= Self.tolerance * templatePower
    if metric == .ncc {
      guard norm > 0 else { return (flatScore, false) }
      return (min(1, max(-1, cross / norm)), isNormCertain && cross.isFinite)
    }
    let distance = max(0, energy + pattern - 2 * product + count * (f - t) * (f - t))
    let isCertain = 2 * (error + other) <= Self.nearTolerance * distance
    if metric == .ssd { return (distance * factor, isCertain && distance.isFinite) }
    guard norm > 0 else { return (flatScore, false) }
    return (distance / norm, isCertain && isNormCertain && distance.isFinite)
  }

  /// The score of a metric that takes the means away.
  @inline(__always)
  private func centred(
    _ sums: PlaceSums, _ inverse: Double
  ) -> (value: Double, isCertain: Bool) {
    let template = sums.template
    guard template.rootCount > 0 else { return (flatScore, false) }
    let root = 1 / template.rootCount
    let (mean, level) = (sums.rootValue * root, template.rootSum * root)
    let product =
      sums.product - level * sums.value - mean * template.sum + mean * level * template.count
    if metric == .zeroMeanCross { return (product * factor, product.isFinite) }
    // One element has no contrast, whatever rounding makes of it.
    if isBinary, template.count < 1.5 { return (flatScore, true) }
    let energy = sums.square - 2 * mean * sums.value + mean * mean * template.count
    let pattern = template.squares - 2 * level * template.sum + level * level * template.count
    let (error, other) = errors(sums, inverse)
    let (f, t) = (sceneMean + mean, templateMean + level)
    let floor = FlatWindows<Scalar>.floor(power: template.count * f * f)
    let templateFloor = FlatWindows<Scalar>.floor(power: template.count * t * t)
    guard energy > floor, pattern > templateFloor else {
      return (flatScore, energy + error <= floor || pattern + other <= templateFloor)
    }
    let value = product / (energy * pattern).squareRoot()
    let isCertain = error <= Self.tolerance * energy && other <= Self.tolerance * pattern
    return (min(1, max(-1, value)), isCertain && product.isFinite)
  }

  /// What rounding may have done to Σ w g² and Σ w u², and so to the contrast they are made into.
  @inline(__always)
  private func errors(_ sums: PlaceSums, _ inverse: Double) -> (scene: Double, template: Double) {
    let (own, pattern) = (sums.square, sums.template.squares)
    if levels.isTermwise { return (2 * Self.rounding * own, 2 * Self.rounding * pattern) }
    // A sum of weights is wrong by as much of the largest one.
    let share = levels.count * inverse
    return (
      Self.rounding * (levels.square + own * share),
      Self.rounding
        * (levels.isTemplateTransformed ? templateSquares + pattern * share : 4 * pattern)
    )
  }

  /// The distance at a place whose valid elements all have one value; nil if rounding may spoil it.
  func score(ofFlat value: Double, _ sums: PlaceSums) -> Double? {
    let count = sums.template.count
    let level = sums.template.sum / count
    let pattern = max(0, sums.template.squares - level * sums.template.sum)
    let t = templateMean + level
    let (_, other) = errors(sums, 1 / count)
    let distance = pattern + count * (value - t) * (value - t)
    let isCertain = 2 * other <= Self.nearTolerance * distance
    if metric == .ssd { return isCertain ? distance * factor : nil }
    // Of nothing there is no norm.
    if value == 0 { return flatScore }
    let templatePower = pattern + count * t * t
    guard templatePower > 0, other <= Self.tolerance * templatePower else { return nil }
    let norm = count.squareRoot() * abs(value) * templatePower.squareRoot()
    return isCertain ? distance / norm : nil
  }
}
