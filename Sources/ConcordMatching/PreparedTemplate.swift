import ConcordArrays
import ConcordBackends
import ConcordFiltering

/// A template with its channels minus their means, brought near 1, and what scores need to know of it.
///
/// A reference: matchers are cheap to copy, and no layout depends on the rank.
final class PreparedTemplate<Scalar: RealScalar>: Sendable {
  /// The channels as they were given, for scores to the last digit.
  let given: [SharedBuffer<Scalar>]
  /// (t - t̄) · 2ⁿ of each channel, rounded.
  let centred: [SharedBuffer<Scalar>]
  /// The mean of each channel, and the one that rounding left in its centred values, in score units.
  let means: [(mean: Double, residue: Double)]
  /// Σ (t - t̄)² of all channels, in score units; 0 if there is no contrast.
  let energy: Double
  /// What turns sums of products with centred values into score units.
  let unit: Double
  let options: MatchingOptions

  init(
    _ channels: [SharedBuffer<Scalar>], options: MatchingOptions
  ) throws(ConcordError) {
    guard let first = channels.first, first.count > 0 else { throw .empty(what: "the template") }
    for channel in channels where !Scalar.allFinite(channel.span) { throw .templateNotFinite }
    let n = Double(first.count)
    let averages = channels.map { Scalar.moments(of: $0.span, shift: 0).sum / n }
    var largest = 0.0
    for (channel, mean) in zip(channels, averages) {
      largest = max(largest, largestDistance(channel.span, from: mean))
    }
    // A power of two changes no digit, and keeps products of tiny values above the smallest number.
    let exponent = largest > 0 ? max(-1000, min(1000, -Int(largest.exponent))) : 0
    let scale = Double(sign: .plus, exponent: exponent, significand: 1)
    let unit = options.metric.isScaleFree ? 1 : 1 / scale
    var centred: [SharedBuffer<Scalar>] = []
    var means: [(mean: Double, residue: Double)] = []
    var (energy, floor) = (0.0, 0.0)
    for (channel, mean) in zip(channels, averages) {
      var values = SharedBuffer<Scalar>(uninitializedCount: channel.count)
      var out = values.mutableSpan
      centre(channel.span, about: mean, scale: scale, into: &out)
      let moments = Scalar.moments(of: values.span, shift: 0)
      energy += moments.sumOfSquares - moments.sum * moments.sum / n
      floor += FlatWindows<Scalar>.floor(mean: mean * scale, count: n)
      centred.append(values)
      means.append((mean * scale * unit, moments.sum / n * unit))
    }
    let hasContrast = energy > floor
    guard hasContrast || !options.metric.isCentred else { throw .flatTemplate }
    let isNothing = !hasContrast && averages.allSatisfy { $0 == 0 }
    guard !isNothing || !options.metric.isNormalized else {
      throw .outOfRange(what: "the template's norm", found: 0, allowed: "above 0")
    }
    given = channels
    // What rounding left of a template without contrast is nothing to look for.
    self.centred =
      hasContrast ? centred : centred.map { SharedBuffer(repeating: 0, count: $0.count) }
    self.means = hasContrast ? means : averages.map { ($0 * scale * unit, 0) }
    self.energy = hasContrast ? energy * unit * unit : 0
    self.unit = unit
    self.options = options
  }

  /// Whether there is anything that products with a scene could tell.
  var hasContrast: Bool { energy > 0 }

  /// What scores need to know of the whole template, in a scene whose channels were centred.
  func terms(shifts: [Double]) -> TemplateTerms {
    TemplateTerms(
      count: Double(given[0].count),
      channels: zip(means, shifts).map { part, shift in
        TemplateTerms.Channel(
          shift: shift, mean: part.mean + part.residue, residue: part.residue, added: 0)
      }, energy: energy)
  }
}

/// What scores need to know of a template, or of the part of it that covers a window.
struct TemplateTerms: Sendable {
  struct Channel: Sendable {
    /// What was subtracted from the scene.
    var shift: Double
    /// The template's mean.
    var mean: Double
    /// The mean of its centred values.
    var residue: Double
    /// What the sums of products lack.
    var added: Double
  }

  /// Elements of a channel of a window.
  let count: Double
  let inverseCount: Double
  let channels: [Channel]
  /// What all sums of products lack.
  let added: Double
  /// Σ (t - t̄)², and its root.
  let energy: Double
  let norm: Double
  /// Σ t², and its root.
  let power: Double
  let magnitude: Double
  /// Below this a window's n f̄² is but rounding of what was subtracted.
  let nothing: Double

  init(count: Double, channels: [Channel], energy: Double) {
    self.count = count
    inverseCount = 1 / count
    self.channels = channels
    added = channels.reduce(0) { $0 + $1.added }
    self.energy = energy
    norm = energy.squareRoot()
    power = channels.reduce(energy) { $0 + count * $1.mean * $1.mean }
    magnitude = power.squareRoot()
    let rounding = 8 * Double.ulpOfOne
    nothing = channels.reduce(0) { $0 + count * $1.shift * $1.shift } * rounding * rounding
  }
}

/// The largest |a - mean|.
@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func largestDistance<Scalar: RealScalar>(
  _ source: Span<Scalar>, from mean: Double
) -> Double {
  var largest = 0.0
  for index in source.indices { largest = max(largest, abs(Double(source[index]) - mean)) }
  return largest
}

/// Writes `(a - mean) · scale`.
@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func centre<Scalar: RealScalar>(
  _ source: Span<Scalar>, about mean: Double, scale: Double, into out: inout MutableSpan<Scalar>
) {
  for index in source.indices { out[index] = Scalar((Double(source[index]) - mean) * scale) }
}
