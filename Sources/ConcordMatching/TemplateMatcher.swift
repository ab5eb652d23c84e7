public import ConcordArrays
import ConcordBackends
public import ConcordFiltering

/// What a window without contrast scores: no correlation is defined there.
public enum FlatWindowScore: String, Hashable, Sendable, CaseIterable {
  /// 0: no agreement.
  case zero
  /// NaN: unknown.
  case nan
}

/// How a template is looked for.
public struct MatchingOptions: Hashable, Sendable {
  /// What a window without contrast scores.
  public var flatWindows = FlatWindowScore.zero
  /// The way the products of scene and template are summed.
  public var algorithm = ConvolutionAlgorithm.automatic
  /// How thoroughly transforms are planned; nil to measure for a matcher, which is made to be used
  /// again, and to take what is known for a single call.
  public var effort: Effort?
  /// How many threads may work; nil for all processors.
  ///
  /// Scores don't depend on it.
  public var threads: Int?
  /// The bytes that working memory may take; nil for half of the machine's.
  public var memoryLimit: Int?

  /// The default options.
  public init() {}

  /// The same, for a matcher that serves one call only.
  var forSingleCall: MatchingOptions {
    var options = self
    options.effort = effort ?? .known
    return options
  }
}

/// A template prepared for being looked for in scenes of one shape.
///
///     let matcher = try TemplateMatcher(template: template, scene: scene.shape)
///     let scores = try matcher.scores(in: scene)
///     let best = try matcher.bestMatch(in: scene)
///
/// The template's spectrum and norm are computed once. A matcher is immutable, and many threads may
/// use one.
public struct TemplateMatcher<let rank: Int, Scalar: RealScalar>: Sendable {
  /// The plan by which the products of scene and template are summed.
  public let plan: ConvolutionPlan<rank, Scalar>

  /// One reference: matchers are cheap to copy, and no layout depends on the rank.
  private let contents: MatcherContents<Scalar>

  /// The shape of the template.
  public var templateShape: Shape<rank> { plan.kernelShape }

  /// What was asked for.
  public var options: MatchingOptions { contents.options }

  /// Prepares a template.
  ///
  /// - Throws: ``ConcordError/flatTemplate`` for a template without contrast,
  ///   ``ConcordError/templateNotFinite`` for NaN or infinity in it, and
  ///   ``ConcordError/exceeds(what:extents:limit:)`` if it is larger than the scene.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public init(
    template: NDArray<rank, Scalar>, scene: Shape<rank>,
    options: MatchingOptions = MatchingOptions()
  ) throws(ConcordError) {
    for axis in 0..<rank where template.shape[axis] > scene[axis] {
      throw .exceeds(
        what: "the template", extents: template.shape.components, limit: scene.components)
    }
    let centred = try CentredTemplate(template.buffer)
    contents = MatcherContents(template: template.buffer, centred: centred, options: options)
    var convolution = ConvolutionOptions(mode: .valid)
    convolution.algorithm = options.algorithm
    convolution.effort = options.effort
    convolution.threads = options.threads
    convolution.memoryLimit = options.memoryLimit
    plan = try ConvolutionPlan(
      image: scene, kernel: NDArray(shape: template.shape, buffer: centred.values), .correlation,
      options: convolution)
  }

  /// The correlation coefficient of the template with every window of a scene.
  ///
  ///     score(p) = Σ (f(p+k) - f̄ₚ) (t(k) - t̄) / √(Σ (f(p+k) - f̄ₚ)² Σ (t(k) - t̄)²)
  ///
  /// Scores lie in -1...1 and don't change with the brightness or contrast of scene or template:
  /// scene and template are centred before anything is summed, and windows are summed in Double. A
  /// window counts as flat, and scores ``MatchingOptions/flatWindows``, if its standard deviation is
  /// below a quarter of the rounding error of its own mean. A window that holds NaN or infinity
  /// scores NaN.
  ///
  /// - Complexity: O(*n* log *n*), or O(*n m*) for small templates.
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` for a scene of another shape.
  /// - SeeAlso: J. P. Lewis, *Fast Normalized Cross-Correlation* (1995); `cv2.matchTemplate` with
  ///   `TM_CCOEFF_NORMED` and `skimage.feature.match_template`.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func scores(in scene: NDArray<rank, Scalar>) throws(ConcordError) -> NDArray<rank, Scalar>
  {
    let shift = Scalar(scene.finiteMean)
    var centredScene = NDArray<rank, Scalar>(uninitialized: scene.shape)
    var difference = centredScene.mutableSpan
    subtract(shift, from: scene.span, into: &difference)
    var scores = try plan(centredScene)
    let geometry = try WindowOptions(boundary: .zero, mode: .valid).geometry(
      image: scene.shape, window: templateShape)
    let rule = FlatWindowRule<Scalar>(
      count: Double(templateShape.count), offset: Double(shift), score: options.flatWindows)
    let (norm, residue) = (contents.centred.norm, contents.centred.residue)
    WindowSums(geometry: geometry, squares: true).run(
      centredScene.buffer, threads: options.threads ?? availableProcessors, into: &scores.buffer
    ) { part, scores in
      rule.finish(&scores, from: part, norm: norm, residue: residue)
    }
    return scores
  }

  /// The score of one window by the two-pass definition in Double.
  ///
  /// - Throws: ``ConcordError/outside(region:shape:)`` if the window reaches outside the scene.
  public func score(
    in scene: NDArray<rank, Scalar>, at position: Position<rank>
  ) throws(ConcordError) -> Double {
    let ranges = (0..<rank).map { position[$0]..<(position[$0] + templateShape[$0]) }
    let window = try scene.view.view(ranges).elements.map(Double.init)
    let values = NDArray(shape: templateShape, buffer: contents.template).elements.map(Double.init)
    let n = Double(window.count)
    let windowMean = window.reduce(0, +) / n
    let templateMean = values.reduce(0, +) / n
    var product = 0.0
    var squares = 0.0
    var norm = 0.0
    for (x, t) in zip(window, values) {
      product += (x - windowMean) * (t - templateMean)
      squares += (x - windowMean) * (x - windowMean)
      norm += (t - templateMean) * (t - templateMean)
    }
    let rule = FlatWindowRule<Scalar>(count: n, offset: windowMean, score: options.flatWindows)
    return Double(rule.score(product, sum: 0, squares: squares, norm: norm.squareRoot()))
  }
}

/// What a matcher refers to.
private final class MatcherContents<Scalar: RealScalar>: Sendable {
  /// The template as it was given, for scores to the last digit.
  let template: SharedBuffer<Scalar>
  let centred: CentredTemplate<Scalar>
  let options: MatchingOptions

  init(
    template: SharedBuffer<Scalar>, centred: CentredTemplate<Scalar>, options: MatchingOptions
  ) {
    self.template = template
    self.centred = centred
    self.options = options
  }
}

/// A template minus its mean, brought near 1, with what its scores need to know of it.
private struct CentredTemplate<Scalar: RealScalar>: Sendable {
  let values: SharedBuffer<Scalar>
  /// √Σ (t - t̄)² of the rounded values.
  let norm: Double
  /// The mean that rounding left in them.
  let residue: Double

  init(_ template: SharedBuffer<Scalar>) throws(ConcordError) {
    guard template.count > 0 else { throw .empty(what: "the template") }
    guard Scalar.allFinite(template.span) else { throw .templateNotFinite }
    let n = Double(template.count)
    let mean = Scalar.moments(of: template.span, shift: 0).sum / n
    var values = SharedBuffer<Scalar>(uninitializedCount: template.count)
    var out = values.mutableSpan
    let scale = centre(template.span, about: mean, into: &out)
    let moments = Scalar.moments(of: values.span, shift: 0)
    let energy = moments.sumOfSquares - moments.sum * moments.sum / n
    let floor = FlatWindowRule<Scalar>.floor(mean: mean * scale, count: n)
    guard energy > floor else { throw .flatTemplate }
    self.values = values
    norm = energy.squareRoot()
    residue = moments.sum / n
  }
}

/// Turns a window's sums into its score, by rule where the score means nothing.
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

  /// Turns sums of products into scores, for the windows of one tile.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  func finish(
    _ scores: inout MutableSpan<Scalar>, from part: borrowing WindowSums.Part, norm: Double,
    residue: Double
  ) {
    let sums = part.sums.span
    let squares = part.squares.span
    for index in scores.indices {
      // What rounding left of the template's mean meets the window's sum.
      let product = Double(scores[index]) - residue * sums[index]
      scores[index] = score(product, sum: sums[index], squares: squares[index], norm: norm)
    }
  }

  func score(_ product: Double, sum: Double, squares: Double, norm: Double) -> Scalar {
    guard product.isFinite, squares.isFinite else { return .nan }
    let energy = squares - sum * sum / count
    let floor = Self.floor(mean: offset + sum / count, count: count)
    // The second floor is what rounding leaves of the difference of two equal sums.
    guard energy > floor, energy > 32 * Double.ulpOfOne * squares else {
      return score == .zero ? 0 : .nan
    }
    let value = product / (energy.squareRoot() * norm)
    return Scalar(min(1, max(-1, value)))
  }
}

/// `a - shift` element by element; generic over the scalar alone, so that it is specialised.
@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func subtract<Scalar: RealScalar>(
  _ shift: Scalar, from source: Span<Scalar>, into out: inout MutableSpan<Scalar>
) {
  for index in source.indices { out[index] = source[index] - shift }
}

/// Writes `(a - mean) · 2ⁿ` with the largest near 1, and returns the power of two.
///
/// A power of two changes no digit, and keeps products of tiny values above the smallest number.
/// Generic over the scalar alone, so that it is specialised.
@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func centre<Scalar: RealScalar>(
  _ source: Span<Scalar>, about mean: Double, into out: inout MutableSpan<Scalar>
) -> Double {
  var largest = 0.0
  for index in source.indices { largest = max(largest, abs(Double(source[index]) - mean)) }
  let scale = largest > 0 ? Double(sign: .plus, exponent: -largest.exponent, significand: 1) : 1
  for index in source.indices { out[index] = Scalar((Double(source[index]) - mean) * scale) }
  return scale
}
