public import ConcordArrays
import ConcordBackends
public import ConcordFiltering

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
    var scores = try plan(scene, minus: shift)
    try complete(&scores, in: scene, shift: shift)
    return scores
  }

  /// The scores of ``scores(in:)`` in an array that is there, with scratch memory that is there.
  ///
  /// The bits are the same. From the second call on nothing is allocated that grows with the scene,
  /// but for windows with so little contrast that they are settled one by one.
  ///
  /// - Parameters:
  ///   - scene: The scene.
  ///   - scores: An array of the plan's ``ConvolutionPlan/outputShape``, all of it overwritten.
  ///   - workspace: Scratch memory, which this call has for itself: see ``Workspace``.
  /// - Complexity: As ``scores(in:)``.
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` for a scene or scores of another shape.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func scores(
    in scene: NDArray<rank, Scalar>, into scores: inout NDArray<rank, Scalar>,
    using workspace: inout Workspace
  ) throws(ConcordError) {
    let shift = Scalar(scene.finiteMean)
    try plan(scene, minus: shift, into: &scores, using: &workspace)
    try workspace.lend { () throws(ConcordError) in
      try complete(&scores, in: scene, shift: shift)
    }
  }

  /// Memory for calls that allocate none: one for each thread that uses the matcher.
  public func makeWorkspace() -> Workspace { Workspace() }

  /// Turns sums of products into scores.
  private func complete(
    _ scores: inout NDArray<rank, Scalar>, in scene: NDArray<rank, Scalar>, shift: Scalar
  ) throws(ConcordError) {
    let rule = scoreRule(for: scene, shift: shift)
    let uncertain = UncertainWindows()
    let geometry = try WindowOptions(boundary: .zero, mode: .valid).geometry(
      image: scene.shape, window: templateShape)
    WindowSums(geometry: geometry, shift: Double(shift), squares: true).run(
      scene.buffer, threads: options.threads ?? availableProcessors, into: &scores.buffer
    ) { part, scores in
      uncertain.add(rule.finish(&scores, from: part))
    }
    try settle(uncertain.indices, in: scene, &scores)
  }

  /// How sums become scores, and how far rounding can be trusted.
  private func scoreRule(for scene: NDArray<rank, Scalar>, shift: Scalar) -> ScoreRule<Scalar> {
    let isTransformed = plan.choice.strategy.algorithm == .fft
    return ScoreRule(
      flat: FlatWindowRule(
        count: Double(templateShape.count), offset: Double(shift), score: options.flatWindows),
      norm: contents.centred.norm, residue: contents.centred.residue,
      spread: isTransformed ? scene.finiteDeviation(from: Double(shift)) : nil)
  }

  /// Computes scores in Double whose windows have little contrast beside what rounding errors come
  /// from: one by one, or all of them where that is quicker.
  private func settle(
    _ uncertain: [Int], in scene: NDArray<rank, Scalar>, _ scores: inout NDArray<rank, Scalar>
  ) throws(ConcordError) {
    guard !uncertain.isEmpty else { return }
    let template = NDArray<rank, Scalar>(shape: templateShape, buffer: contents.template)
    // Two passes over each window at about a nanosecond an element.
    let secondsOneByOne = Double(uncertain.count) * Double(templateShape.count) * 1e-9
    if Scalar.self != Double.self, secondsOneByOne > 4 * plan.choice.seconds {
      let precise = try? TemplateMatcher<rank, Double>(
        template: template.converted(to: Double.self), scene: scene.shape,
        options: options.forSingleCall)
      if let precise {
        let all = try precise.scores(in: scene.converted(to: Double.self))
        copyScores(uncertain, from: all.span, to: &scores.buffer)
        return
      }
    }
    let windows = WindowScores(
      scene: scene.buffer, extents: scene.shape.threeAxes, template: contents.template,
      window: templateShape.threeAxes, flatWindows: options.flatWindows)
    windows.run(
      at: uncertain, output: scores.shape.threeAxes,
      threads: options.threads ?? availableProcessors, into: &scores.buffer)
  }

  /// The score of one window by the two-pass definition in Double.
  ///
  /// - Throws: ``ConcordError/outside(region:shape:)`` if the window reaches outside the scene.
  public func score(
    in scene: NDArray<rank, Scalar>, at position: Position<rank>
  ) throws(ConcordError) -> Double {
    let ranges = (0..<rank).map { position[$0]..<(position[$0] + templateShape[$0]) }
    for axis in 0..<rank where position[axis] < 0 || ranges[axis].upperBound > scene.shape[axis] {
      throw .outside(region: ranges, shape: scene.shape.components)
    }
    let windows = WindowScores(
      scene: scene.buffer, extents: scene.shape.threeAxes, template: contents.template,
      window: templateShape.threeAxes, flatWindows: options.flatWindows)
    return windows.score(at: Extents { $0 < 3 - rank ? 0 : position[$0 - (3 - rank)] })
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
