public import ConcordArrays
import ConcordBackends
public import ConcordFiltering

/// A template prepared for being looked for in scenes of one shape.
///
///     let matcher = try TemplateMatcher(template: template, scene: scene.shape)
///     let scores = try matcher.scores(in: scene)
///     let best = try matcher.bestMatch(in: scene)
///
/// ``MatchingOptions`` say by which metric, where, and what is beyond the scene's edges. The template's
/// spectrum and norm are computed once. A matcher is immutable, and many threads may use one.
public struct TemplateMatcher<let rank: Int, Scalar: RealScalar>: Sendable {
  /// The plans by which the products of scene and template are summed, one for each channel.
  private let plans: [ConvolutionPlan<rank, Scalar>]

  let contents: PreparedTemplate<Scalar>

  /// The windows, with the boundary rule.
  private let geometry: ConvolutionGeometry

  /// The plan by which the products of scene and template are summed.
  public var plan: ConvolutionPlan<rank, Scalar> { plans[0] }

  /// The shape of the template.
  public var templateShape: Shape<rank> { plan.kernelShape }

  /// The shape of the scenes.
  public var sceneShape: Shape<rank> { plan.imageShape }

  /// The shape of the scores.
  public var scoresShape: Shape<rank> { plan.outputShape }

  /// The number of channels of template and scenes.
  public var channelCount: Int { plans.count }

  /// What was asked for.
  public var options: MatchingOptions { contents.options }

  /// Where the template's first element lies in the scene for the first score: below 0 where windows
  /// reach outside.
  public var firstPosition: Position<rank> {
    let offset = geometry.offset
    return Position { offset[$0 + 3 - rank] }
  }

  /// Prepares a template.
  ///
  /// - Throws: ``ConcordError/flatTemplate`` for a template without contrast where the metric takes
  ///   its mean away, ``ConcordError/outOfRange(what:found:allowed:)`` for one of zeros where the
  ///   metric divides by its norm, or a minimum overlap outside 0...1,
  ///   ``ConcordError/templateNotFinite`` for NaN or infinity in it, and
  ///   ``ConcordError/exceeds(what:extents:limit:)`` if none of its places is inside the scene and
  ///   those alone are wanted.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public init(
    template: NDArray<rank, Scalar>, scene: Shape<rank>,
    options: MatchingOptions = MatchingOptions()
  ) throws(ConcordError) {
    try self.init(channels: [template], scene: scene, options: options)
  }

  /// Prepares a template of several channels, which are matched together.
  ///
  /// The sums of every metric go over all channels, each of which has means of its own, as in OpenCV.
  ///
  /// - Throws: ``ConcordError/empty(what:)`` without channels, ``ConcordError/shapesDiffer(expected:found:)``
  ///   if their shapes differ, and the errors of ``init(template:scene:options:)``.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public init(
    channels: [NDArray<rank, Scalar>], scene: Shape<rank>,
    options: MatchingOptions = MatchingOptions()
  ) throws(ConcordError) {
    guard let first = channels.first else { throw .empty(what: "the list of channels") }
    for channel in channels where channel.shape != first.shape {
      throw .shapesDiffer(expected: first.shape.components, found: channel.shape.components)
    }
    try options.check(template: first.shape, scene: scene)
    let contents = try PreparedTemplate(channels.map { $0.buffer }, options: options)
    geometry = try ConvolutionGeometry(
      image: scene.components, kernel: first.shape.components, operation: .correlation,
      options: options.windows)
    var plans: [ConvolutionPlan<rank, Scalar>] = []
    for channel in contents.centred {
      plans.append(
        try ConvolutionPlan(
          image: scene, kernel: NDArray(shape: first.shape, buffer: channel), .correlation,
          options: options.products))
    }
    self.plans = plans
    self.contents = contents
  }

  /// The score of the template at every place of the options' extent.
  ///
  /// ``MatchingMetric`` has the formulas. Scene and template are centred before anything is summed,
  /// windows are summed in Double, and what centring took away is put back where the metric wants it:
  /// brightness takes no digits away. Scores of `zncc` and `ncc` lie in -1...1, and distances are
  /// never below 0. Scores that rounding may have spoilt, because of much larger values beside a
  /// window or because a distance is nearly 0, are computed anew in Double.
  ///
  /// A window counts as flat, and scores ``MatchingOptions/flatWindows``, if its standard deviation is
  /// below a quarter of the rounding error of its own mean. A window that holds NaN or infinity
  /// scores NaN.
  ///
  /// - Complexity: O(*n* log *n*), or O(*n m*) for small templates; beside the scores, tiles of
  ///   working memory.
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` for a scene of another shape, and
  ///   ``ConcordError/elementCount(expected:found:)`` if the template has several channels.
  /// - SeeAlso: J. P. Lewis, *Fast Normalized Cross-Correlation* (1995); `cv2.matchTemplate` and
  ///   `skimage.feature.match_template`.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func scores(in scene: NDArray<rank, Scalar>) throws(ConcordError) -> NDArray<rank, Scalar>
  {
    try scores(in: [scene])
  }

  /// The scores in a scene of several channels.
  ///
  /// - Throws: ``ConcordError/elementCount(expected:found:)`` for another number of channels than the
  ///   template has, and ``ConcordError/shapesDiffer(expected:found:)`` for another shape.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func scores(
    in channels: [NDArray<rank, Scalar>]
  ) throws(ConcordError) -> NDArray<rank, Scalar> {
    try check(channels)
    let shifts = channels.map { Scalar($0.finiteMean) }
    var scores: NDArray<rank, Scalar>
    if contents.hasContrast {
      scores = try plans[0](channels[0], minus: shifts[0])
      for index in channels.indices.dropFirst() {
        let products = try plans[index](channels[index], minus: shifts[index])
        add(products.span, to: &scores.buffer)
      }
    } else {
      scores = NDArray(shape: scoresShape, repeating: 0)
    }
    try complete(&scores, in: channels, shifts: shifts)
    return scores
  }

  /// The scores of ``scores(in:)-(NDArray<rank,Scalar>)`` in an array that is there, with scratch
  /// memory that is there.
  ///
  /// The bits are the same. From the second call on nothing is allocated that grows with the scene,
  /// but for windows with so little contrast that they are settled one by one.
  ///
  /// - Parameters:
  ///   - scene: The scene.
  ///   - scores: An array of ``scoresShape``, all of it overwritten.
  ///   - workspace: Scratch memory, which this call has for itself: see ``Workspace``.
  /// - Complexity: As ``scores(in:)-(NDArray<rank,Scalar>)``.
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` for a scene or scores of another shape,
  ///   and ``ConcordError/elementCount(expected:found:)`` if the template has several channels.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func scores(
    in scene: NDArray<rank, Scalar>, into scores: inout NDArray<rank, Scalar>,
    using workspace: inout Workspace
  ) throws(ConcordError) {
    try check([scene])
    let shift = Scalar(scene.finiteMean)
    if contents.hasContrast {
      try plan(scene, minus: shift, into: &scores, using: &workspace)
    } else {
      guard scores.shape == scoresShape else {
        throw .shapesDiffer(expected: scoresShape.components, found: scores.shape.components)
      }
      scores = NDArray(shape: scoresShape, repeating: 0)
    }
    try workspace.lend { () throws(ConcordError) in
      try complete(&scores, in: [scene], shifts: [shift])
    }
  }

  /// Memory for calls that allocate none: one for each thread that uses the matcher.
  public func makeWorkspace() -> Workspace { Workspace() }

  /// The score at one place by the definition in Double, with the means taken first.
  ///
  /// - Throws: ``ConcordError/outside(region:shape:)`` if the options' extent doesn't have the place.
  public func score(
    in scene: NDArray<rank, Scalar>, at position: Position<rank>
  ) throws(ConcordError) -> Double {
    try score(in: [scene], at: position)
  }

  /// The score at one place of a scene of several channels.
  ///
  /// - Throws: The errors of ``score(in:at:)-(NDArray<rank,Scalar>,_)``, and
  ///   ``ConcordError/elementCount(expected:found:)`` for another number of channels.
  public func score(
    in channels: [NDArray<rank, Scalar>], at position: Position<rank>
  ) throws(ConcordError) -> Double {
    try check(channels)
    let first = firstPosition
    for axis in 0..<rank where !(0..<scoresShape[axis]).contains(position[axis] - first[axis]) {
      throw .outside(
        region: (0..<rank).map { position[$0]..<(position[$0] + templateShape[$0]) },
        shape: sceneShape.components)
    }
    let windows = WindowScores(scene: channels.map { $0.buffer }, contents, geometry)
    return windows.score(
      at: Extents { $0 < 3 - rank ? 0 : position[$0 - (3 - rank)] - first[$0 - (3 - rank)] })
  }

  private func check(_ channels: [NDArray<rank, Scalar>]) throws(ConcordError) {
    guard channels.count == channelCount else {
      throw .elementCount(expected: channelCount, found: channels.count)
    }
    for channel in channels where channel.shape != sceneShape {
      throw .shapesDiffer(expected: sceneShape.components, found: channel.shape.components)
    }
  }

  /// Turns sums of products into scores.
  private func complete(
    _ scores: inout NDArray<rank, Scalar>, in channels: [NDArray<rank, Scalar>],
    shifts: [Scalar]
  ) throws(ConcordError) {
    let shifts = shifts.map { Double($0) }
    let buffers = channels.map { $0.buffer }
    let sources =
      options.metric.isProduct
      ? .window
      : RoundingSources(
        plan.choice.strategy, geometry: plan.geometry, channels: buffers, shifts: shifts,
        threads: options.threadCount)
    let rule = ScoreRule(contents, geometry, shifts: shifts, sources: sources)
    let uncertain = UncertainWindows()
    WindowSums(geometry: geometry, squares: !options.metric.isProduct).run(
      buffers, shifts: shifts, threads: options.threadCount, into: &scores.buffer
    ) { part, scores in
      uncertain.add(rule.finish(&scores, from: part))
    }
    let precise = PreciseScores(scene: channels, template: contents, geometry: geometry)
    try precise.settle(uncertain.indices, in: &scores)
  }
}

/// Adds the sums of a further channel.
@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func add<Scalar: RealScalar>(
  _ products: Span<Scalar>, to scores: inout SharedBuffer<Scalar>
) {
  var out = scores.mutableSpan
  Scalar.add(products, times: 1, to: &out)
}
