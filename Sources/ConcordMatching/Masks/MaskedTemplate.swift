import ConcordArrays
import ConcordBackends
import ConcordFiltering

/// A template with weights, minus its mean and brought near 1, as the sums of masked scores want it.
///
/// Elements weigh M² in sums and M in means, as in OpenCV; for masks of 0 and 1 both are the same.
final class MaskedTemplate<Scalar: RealScalar>: Sendable {
  /// The elements as they were given, for scores to the last digit.
  let given: SharedBuffer<Scalar>
  /// M, 0 where an element does not count.
  let weights: SharedBuffer<Double>
  /// M², M² u and M² u², with u = (t - t̄) · 2ⁿ.
  let kernels: [SharedBuffer<Double>]
  /// M and M u; empty for masks of 0 and 1, and where no means are taken.
  let roots: [SharedBuffer<Double>]
  /// t̄ · 2ⁿ; 0 where nothing is subtracted.
  let mean: Double
  /// 2ⁿ: a power of two changes no digit, and keeps squares inside the range of Double.
  let scale: Double
  /// The sums over the whole template.
  let whole: TemplateSums
  /// Whether weights are 0 and 1 only.
  let isBinary: Bool
  let extents: Extents
  let options: MatchingOptions

  init(
    _ elements: SharedBuffer<Scalar>, weights mask: MaskWeights<Scalar>?, nan: NaNTreatment,
    extents: Extents, options: MatchingOptions
  ) throws(ConcordError) {
    guard elements.count > 0 else { throw .empty(what: "the template") }
    let valid = MaskWeights.valid(elements, weights: mask, nan: nan)
    if let valid, valid.summary.isEmpty { throw .empty(what: "the template's mask") }
    let weights = wide(valid?.values, count: elements.count)
    let isBinary = valid?.summary.isBinary ?? true
    let (pivot, largest) = weightedRange(elements.span, weights.span)
    guard largest.isFinite else { throw .templateNotFinite }
    let isCentred = Self.isCentred(options.metric)
    let scale = unitScale(of: isCentred ? largest : abs(pivot) + largest)
    let centred = centre(
      elements.span, weights.span, pivot: isCentred ? pivot : 0, scale: scale,
      byMean: isCentred)
    let kernels = (0..<3).map { product(weights, squared: true, centred.values, $0) }
    let roots =
      isBinary || !options.metric.isCentred
      ? [] : (0..<2).map { product(weights, squared: false, centred.values, $0) }
    let (sums, rootSums) = (kernels.map { total($0) }, roots.map { total($0) })
    whole = TemplateSums(
      count: sums[0], sum: sums[1], squares: sums[2], rootCount: rootSums.first ?? sums[0],
      rootSum: rootSums.last ?? sums[1])
    mean = isCentred ? pivot * scale + centred.mean : 0
    self.scale = scale
    self.weights = weights
    self.kernels = kernels
    self.roots = roots
    self.isBinary = isBinary
    given = elements
    self.extents = extents
    self.options = options
    try check()
  }

  /// Whether scene and template are centred: sums that are not made of differences lose nothing without,
  /// and there are fewer of them.
  var isCentred: Bool { Self.isCentred(options.metric) }

  private static func isCentred(_ metric: MatchingMetric) -> Bool {
    metric != .ncc && metric != .cross
  }

  /// Refuses what no score of the metric is defined for.
  private func check() throws(ConcordError) {
    let metric = options.metric
    let energy = whole.energy
    let level = mean + whole.sum / whole.count
    let hasContrast = FlatWindows<Scalar>.hasContrast(
      energy: energy, power: whole.count * level * level, squares: whole.squares)
    guard hasContrast || !metric.isCentred else { throw .flatTemplate }
    guard hasContrast || level != 0 || !metric.isNormalized else {
      throw .outOfRange(what: "the template's norm", found: 0, allowed: "above 0")
    }
  }
}

/// The power of two that brings a number near 1.
func unitScale(of largest: Double) -> Double {
  let exponent = largest > 0 ? max(-1000, min(1000, -Int(largest.exponent))) : 0
  return Double(sign: .plus, exponent: exponent, significand: 1)
}

/// Sums over the part of a template that lies over valid elements, each with what it weighs.
struct TemplateSums: Sendable {
  /// Σ (M S)².
  var count = 0.0
  /// Σ (M S)² u.
  var sum = 0.0
  /// Σ (M S)² u².
  var squares = 0.0
  /// Σ M S.
  var rootCount = 0.0
  /// Σ M S u.
  var rootSum = 0.0

  /// Σ (M S)² (u - ū)².
  var energy: Double {
    let mean = rootSum / rootCount
    return squares - 2 * mean * sum + mean * mean * count
  }
}

@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func wide<Scalar: RealScalar>(
  _ weights: SharedBuffer<Scalar>?, count: Int
) -> SharedBuffer<Double> {
  guard let weights else { return SharedBuffer(repeating: 1, count: count) }
  var result = SharedBuffer<Double>(uninitializedCount: count)
  var out = result.mutableSpan
  let source = weights.span
  for index in source.indices { out[index] = Double(source[index]) }
  return result
}

/// The first element that counts, and the largest distance of another from it.
@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func weightedRange<Scalar: RealScalar>(
  _ elements: Span<Scalar>, _ weights: Span<Double>
) -> (pivot: Double, largest: Double) {
  var pivot: Double?
  var largest = 0.0
  for index in elements.indices where weights[index] > 0 {
    let x = Double(elements[index])
    guard x.isFinite else { return (0, .infinity) }
    let first = pivot ?? x
    pivot = first
    largest = max(largest, abs(x - first))
  }
  return (pivot ?? 0, largest)
}

/// (t - pivot) · scale minus its weighted mean, 0 where nothing counts, and that mean.
@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func centre<Scalar: RealScalar>(
  _ elements: Span<Scalar>, _ weights: Span<Double>, pivot: Double, scale: Double, byMean: Bool
) -> (values: SharedBuffer<Double>, mean: Double) {
  var values = SharedBuffer<Double>(repeating: 0, count: elements.count)
  var out = values.mutableSpan
  var (sum, count) = (0.0, 0.0)
  for index in elements.indices where weights[index] > 0 {
    out[index] = (Double(elements[index]) - pivot) * scale
    sum += weights[index] * out[index]
    count += weights[index]
  }
  guard byMean else { return (values, 0) }
  let mean = sum / count
  for index in elements.indices where weights[index] > 0 { out[index] -= mean }
  return (values, mean)
}

/// M or M², times a power of the values.
private func product(
  _ given: SharedBuffer<Double>, squared: Bool, _ centred: SharedBuffer<Double>, _ power: Int
) -> SharedBuffer<Double> {
  var result = SharedBuffer<Double>(uninitializedCount: given.count)
  var out = result.mutableSpan
  let (weights, values) = (given.span, centred.span)
  for index in weights.indices {
    let weight = squared ? weights[index] * weights[index] : weights[index]
    let value = values[index]
    out[index] = power == 0 ? weight : power == 1 ? weight * value : weight * value * value
  }
  return result
}

private func total(_ values: SharedBuffer<Double>) -> Double {
  Double.moments(of: values.span, shift: 0).sum
}
