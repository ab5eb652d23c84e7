import ConcordArrays
import ConcordBackends
import ConcordFiltering

/// Where contrast is too small to mean anything.
struct FlatWindows<Scalar: RealScalar> {
  /// The least deviation that is contrast, relative to the mean: a quarter of its precision.
  private static var resolution: Double { 0.25 * Double(Scalar.ulpOfOne) }

  /// The energy below which contrast is but rounding.
  static func floor(mean: Double, count: Double) -> Double {
    floor(power: count * mean * mean)
  }

  /// The same for n f̄², of all channels together.
  @inline(__always)
  static func floor(power: Double) -> Double { resolution * resolution * power }

  /// Whether a window has contrast: `squares` are those its energy is a difference of.
  @inline(__always)
  static func hasContrast(energy: Double, power: Double, squares: Double) -> Bool {
    // The second floor is what rounding leaves of the difference of two equal sums.
    energy > floor(power: power) && energy > 32 * Double.ulpOfOne * squares
  }
}

/// Sums over the elements of a window that every metric is made of.
struct WindowMoments {
  /// Σ (f - f̄)(t - t̄).
  var product: Double
  /// Σ (f - f̄)².
  var energy = 0.0
  /// The sum of squares that the energy is a difference of.
  var squares = 0.0
  /// n f̄².
  var power = 0.0
  /// n f̄ t̄.
  var levels = 0.0
  /// n (f̄ - t̄)².
  var distance = 0.0

  /// Adds a channel's sums of f - shift and of (f - shift)².
  @inline(__always)
  mutating func add(
    sum: Double, squares: Double, _ channel: TemplateTerms.Channel, _ count: Double,
    _ inverse: Double
  ) {
    let mean = sum * inverse
    product -= channel.residue * sum
    energy += squares - sum * mean
    self.squares += squares
    let level = channel.shift + mean
    power += count * level * level
    levels += count * level * channel.mean
    distance += count * (level - channel.mean) * (level - channel.mean)
  }
}

/// Turns the sums of windows into scores, and says which of them rounding may have spoilt.
struct ScoreRule<Scalar: RealScalar>: Sendable {
  let metric: MatchingMetric
  /// What windows score that the metric is not defined for.
  let flatScore: Double
  /// What they score with too little of the template inside.
  let missingScore: Double
  /// What turns sums of products into score units.
  let unit: Double
  /// The template wherever windows hold all of it.
  let whole: TemplateTerms
  /// Its parts at the edges; nil if every window holds all of it, and no constant is missing.
  let edges: TemplateEdges?
  /// The mean squares that the errors of products come from.
  let sources: RoundingSources

  init(
    _ template: PreparedTemplate<Scalar>, _ geometry: ConvolutionGeometry, shifts: [Double],
    sources: RoundingSources
  ) {
    metric = template.options.metric
    flatScore = template.options.flatScore
    missingScore = template.options.missingScore
    unit = template.unit
    whole = template.terms(shifts: shifts)
    edges = TemplateEdges(template, geometry, whole: whole)
    self.sources = sources
  }

  /// Errors are a few units in the last place of what was summed: the square of so many, at the most.
  static var squaredErrorFactor: Double { 64 * Double(Scalar.ulpOfOne) * Double(Scalar.ulpOfOne) }

  /// The error that a score may have: 10⁻⁵ in Float, 10⁻⁹ in Double.
  static var coefficientTolerance: Double { Scalar.self == Double.self ? 1e-9 : 1e-5 }

  /// The error that a distance may have, relative to itself: nothing but near matches is affected.
  private static var nearTolerance: Double { Scalar.self == Double.self ? 1e-7 : 1e-3 }

  /// Turns sums of products into scores, for the windows of one tile.
  ///
  /// Returns the indices in the output of scores that rounding may have spoilt.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  func finish(
    _ scores: inout MutableSpan<Scalar>, from part: borrowing WindowSums.Part
  ) -> [Int] {
    var uncertain: [Int] = []
    let isCoefficient = metric == .zncc && edges == nil
    for row in 0..<part.count.rows {
      let line = row + part.start.rows
      let columns = part.start.columns..<(part.start.columns + part.count.columns)
      let first = row * part.count.columns - columns.lowerBound
      if scoreByContrast(row, part, &scores) { continue }
      let table = edges?.table(plane: part.start.planes, row: line)
      var column = columns.lowerBound
      while column < columns.upperBound {
        var end = columns.upperBound
        var terms = whole
        if let edges, let table {
          terms = table[edges.columns.index[column]]
          end = edges.end(ofRangeAt: column, within: columns)
        }
        let source = sources.source(part.start.planes, line, column, end: &end)
        if isCoefficient { end = min(end, column + Self.run) }
        let range = (first + column)..<(first + end)
        if !scoreTogether(range, &scores, part, source: source) {
          score(range, &scores, part, terms, source: source, &uncertain)
        }
        column = end
      }
    }
    return uncertain
  }

  /// Scores windows that have the same part of the template, and the same source of errors: nil for
  /// the window itself.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  private func score(
    _ range: Range<Int>, _ scores: inout MutableSpan<Scalar>,
    _ part: borrowing WindowSums.Part, _ terms: TemplateTerms, source: Double?,
    _ uncertain: inout [Int]
  ) {
    guard terms.count > 0 else {
      for index in range { scores[index] = Scalar(missingScore) }
      return
    }
    let sums = part.all
    let stride = part.range.count
    let (count, inverse) = (terms.count, terms.inverseCount)
    let first = terms.channels[0]
    let (step, others) = (metric.isProduct ? stride : 2 * stride, terms.channels.count - 1)
    let share = inverse / Double(terms.channels.count)
    // Sums without squares are not about the shifts.
    let bias = metric.isProduct ? count : 0
    for index in range {
      var window = WindowMoments(product: Double(scores[index]) * unit + terms.added)
      // Products have no use for squares, but to be finite.
      let square = metric.isProduct ? sums[index] : sums[index + stride]
      let sum = sums[index] - bias * first.shift
      window.add(sum: sum, squares: square, first, count, inverse)
      for other in 0..<max(0, others) {
        let place = (other + 1) * step + index
        let square = metric.isProduct ? sums[place] : sums[place + stride]
        let channel = terms.channels[other + 1]
        let sum = sums[place] - bias * channel.shift
        window.add(sum: sum, squares: square, channel, count, inverse)
      }
      let (value, isCertain) = score(window, terms, source ?? window.squares * share)
      if !isCertain { uncertain.append(part.range.lowerBound + index) }
      scores[index] = Scalar(value)
    }
  }

  /// The score of a window, and whether rounding can't have spoilt it.
  @inline(__always)
  private func score(
    _ window: WindowMoments, _ terms: TemplateTerms, _ source: Double
  ) -> (Double, Bool) {
    guard window.squares.isFinite else { return (.nan, true) }
    // A product beyond the largest number is not finite, and so neither certain.
    let isFinite = window.product.isFinite
    if metric == .cross { return (window.product + window.levels, isFinite) }
    if metric == .zeroMeanCross { return (window.product, isFinite) }
    let hasContrast = FlatWindows<Scalar>.hasContrast(
      energy: window.energy, power: window.power, squares: window.squares)
    // All of the template takes part in rounding, whatever part of it counts.
    let error = Self.squaredErrorFactor * source * whole.energy
    let goal = Self.coefficientTolerance
    if metric == .zncc {
      guard hasContrast, terms.energy > 0 else { return (flatScore, true) }
      let value = window.product / (window.energy.squareRoot() * terms.norm)
      return (min(1, max(-1, value)), isFinite && isCertain(window, error: error / terms.energy))
    }
    let energy = hasContrast ? window.energy : 0
    let power = energy + window.power
    let isNothing = !hasContrast && window.power <= terms.nothing
    if metric != .ssd, isNothing { return (flatScore, true) }
    if metric == .ncc {
      let value = (window.product + window.levels) / (power.squareRoot() * terms.magnitude)
      let isCertain = isFinite && error <= goal * goal * power * terms.power
      return (min(1, max(-1, value)), isCertain)
    }
    let distance = max(0, energy + terms.energy - 2 * window.product + window.distance)
    let near = Self.nearTolerance * distance
    let isCertain =
      terms.energy == 0
      || (isFinite && 4 * error <= near * near
        && 8 * Double.ulpOfOne * window.squares <= near)
    if metric == .ssd { return (distance, isCertain) }
    return (distance / (power.squareRoot() * terms.magnitude), isCertain)
  }

  /// Whether rounding can't have spoilt a coefficient: `error` is that of products, squared and
  /// relative to the template's energy.
  @inline(__always)
  func isCertain(_ window: WindowMoments, error: Double) -> Bool {
    // The energy is what is left of two sums that may be much larger.
    let isEnergyCertain =
      8 * Double.ulpOfOne * window.squares <= Self.coefficientTolerance * window.energy
    return isEnergyCertain
      && error <= Self.coefficientTolerance * Self.coefficientTolerance * window.energy
  }
}
