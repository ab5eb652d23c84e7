public import ConcordArrays
import ConcordBackends
public import ConcordFiltering

/// A template, or the part of it that a mask leaves, prepared for being looked for in scenes of one
/// shape, which may have masks of their own.
///
///     let matcher = try MaskedTemplateMatcher(template: leaf, mask: outline, scene: photo.shape)
///     let scores = try matcher.scores(in: photo)                     // all of the photo counts
///     let others = try matcher.scores(in: photo, mask: inFocus)      // only what is in focus
///     let best = try matcher.bestMatch(in: photo, mask: inFocus)
///
/// At each place, what counts are the elements valid in both. With their weights w = (M S)², the scores
/// are those of ``MatchingMetric`` with Σ w … in place of Σ …, and means f̄ = Σ M S f / Σ M S taken over
/// the same elements: for masks of 0 and 1, Padfield's masked normalized cross-correlation, and for any
/// weights M of the template alone, that of OpenCV's `matchTemplate` with a mask, whose sums have M²
/// as well. Weights S of a scene mean the same as those of a template.
///
/// Beyond a scene's edges nothing counts under the boundary rules `zero` and `renormalize`; under others
/// elements stand there as always, and weights go on as the scene does (1 beside a constant).
///
/// All sums are made in Double, of what is centred: offsets take no digits away, and no score is beyond
/// ±1, infinite, or of another window. Sums whose rounding could be seen are made anew by the
/// definition. The scene is worked on in bands, whose sums are all that is kept of it.
///
/// Real transforms of the size of a band (see ``choice``): for each scene, with a mask of its own, 3
/// there and 6 back; without one, 2 there and 3 back; 3 more, or 2, of the template are kept. Masks of
/// other weights than 0 and 1 take up to 3 and 4 more. scikit-image's takes 12 complex transforms, which
/// are as much work as 24 real ones.
///
/// - SeeAlso: D. Padfield, *Masked Object Registration in the Fourier Domain* (2012);
///   `skimage.registration.phase_cross_correlation` with masks; `cv2.matchTemplate` with a mask.
public struct MaskedTemplateMatcher<let rank: Int, Scalar: RealScalar>: Sendable {
  let engine: MaskedEngine<Scalar>

  /// The shape of the template.
  public var templateShape: Shape<rank> { Shape(threeAxes: engine.geometry.kernel) }
  /// The shape of the scenes.
  public var sceneShape: Shape<rank> { Shape(threeAxes: engine.geometry.image) }
  /// The shape of the scores.
  public var scoresShape: Shape<rank> { Shape(threeAxes: engine.geometry.output) }
  /// What was asked for.
  public var options: MatchingOptions { engine.options }
  /// What NaN means.
  public var nan: NaNTreatment { engine.nan }
  /// The strategy of the sums, with the predicted cost of two of them over a band.
  public var choice: StrategyEstimate { engine.bands.choice }

  /// Where the template's first element lies in the scene for the first score: below 0 where windows
  /// reach outside.
  public var firstPosition: Position<rank> {
    let offset = engine.geometry.offset
    return Position { offset[$0 + 3 - rank] }
  }

  /// Prepares a template, of which the elements count where the mask is true.
  ///
  /// - Parameters:
  ///   - template: The template; what does not count may be anything.
  ///   - mask: Which of its elements count; nil for all.
  ///   - scene: The shape of the scenes.
  ///   - options: The metric, the places, and the least overlap: ``MatchingOptions/minimumOverlap`` is a
  ///     fraction of the largest Σ w of any place, as `overlap_ratio` of scikit-image.
  ///   - nan: What NaN means in template and scenes.
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` for a mask of another shape than the
  ///   template, ``ConcordError/empty(what:)`` if nothing counts, and the errors of
  ///   ``TemplateMatcher/init(template:scene:options:)`` for what counts.
  public init(
    template: NDArray<rank, Scalar>, mask: NDArray<rank, Bool>? = nil, scene: Shape<rank>,
    options: MatchingOptions = MatchingOptions(), nan: NaNTreatment = .spread
  ) throws(ConcordError) {
    try self.init(
      template, try Self.weights(mask, of: template.shape), scene, options, nan)
  }

  /// Prepares a template of which each element counts as much as its weight says, 0...1.
  ///
  /// - Throws: ``ConcordError/outOfRange(what:found:allowed:)`` for other weights, and the errors of
  ///   ``init(template:mask:scene:options:nan:)``.
  public init(
    template: NDArray<rank, Scalar>, weights: NDArray<rank, Scalar>, scene: Shape<rank>,
    options: MatchingOptions = MatchingOptions(), nan: NaNTreatment = .spread
  ) throws(ConcordError) {
    let weights = try Self.weights(weights, of: template.shape, "the template's mask")
    try self.init(template, weights, scene, options, nan)
  }

  private init(
    _ template: NDArray<rank, Scalar>, _ weights: MaskWeights<Scalar>?, _ scene: Shape<rank>,
    _ options: MatchingOptions, _ nan: NaNTreatment
  ) throws(ConcordError) {
    try options.check(template: template.shape, scene: scene)
    let geometry = try ConvolutionGeometry(
      image: scene.components, kernel: template.shape.components, operation: .correlation,
      options: options.windows)
    engine = try MaskedEngine(
      template.buffer, weights: weights, nan: nan, geometry: geometry, options: options)
  }

  /// The score of the template at every place of the options' extent.
  ///
  /// Where too little counts, the score is that of an overlap below ``MatchingOptions/minimumOverlap``; a
  /// window of which all that counts has one value scores ``MatchingOptions/flatWindows``; so does one
  /// where the part of the template that counts is flat. A window scores NaN if an element that counts
  /// is infinite, or NaN unless that is a mask.
  ///
  /// - Parameters:
  ///   - scene: The scene.
  ///   - mask: Which of its elements count; nil for all.
  /// - Returns: A score for each place, of ``scoresShape``.
  /// - Complexity: O(*n* log *n*), or O(*n m*) for small templates; beside the scores, and weights of the
  ///   size of the scene where it has a mask, up to ten numbers in Double for each place of a band,
  ///   which has about a million or a row of tiles; four million where all is transformed at once, as a
  ///   template is that is half as large as the scene. ``MatchingOptions/memoryLimit`` makes bands smaller.
  ///   Windows with too little contrast for sums of transforms cost O(*m*) each.
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` for a scene or a mask of another shape.
  public func scores(
    in scene: NDArray<rank, Scalar>, mask: NDArray<rank, Bool>? = nil
  ) throws(ConcordError) -> NDArray<rank, Scalar> {
    try scores(scene, Self.weights(mask, of: sceneShape))
  }

  /// The scores in a scene whose elements count as much as their weights say, 0...1.
  ///
  /// - Throws: ``ConcordError/outOfRange(what:found:allowed:)`` for other weights, and the errors of
  ///   ``scores(in:mask:)``.
  public func scores(
    in scene: NDArray<rank, Scalar>, weights: NDArray<rank, Scalar>
  ) throws(ConcordError) -> NDArray<rank, Scalar> {
    try scores(scene, Self.weights(weights, of: sceneShape, "the scene's mask"))
  }

  private func scores(
    _ scene: NDArray<rank, Scalar>, _ weights: MaskWeights<Scalar>?
  ) throws(ConcordError) -> NDArray<rank, Scalar> {
    try check(scene)
    var scores = NDArray<rank, Scalar>(
      shape: scoresShape, buffer: SharedBuffer(uninitializedCount: scoresShape.count))
    try engine.score(scene.buffer, weights: weights, into: &scores.buffer)
    return scores
  }

  /// The scores of ``scores(in:mask:)`` in an array that is there, with scratch memory that is there.
  ///
  /// The bits are the same. From the second call on nothing is allocated that grows with the scene, but
  /// for windows with so little contrast that they are settled one by one.
  ///
  /// - Parameters:
  ///   - scene: The scene.
  ///   - mask: Which of its elements count; nil for all.
  ///   - scores: An array of ``scoresShape``, all of it overwritten.
  ///   - workspace: Scratch memory, which this call has for itself: see ``Workspace``.
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` for a scene, a mask or scores of another
  ///   shape.
  public func scores(
    in scene: NDArray<rank, Scalar>, mask: NDArray<rank, Bool>? = nil,
    into scores: inout NDArray<rank, Scalar>, using workspace: inout Workspace
  ) throws(ConcordError) {
    try check(scene)
    guard scores.shape == scoresShape else {
      throw .shapesDiffer(expected: scoresShape.components, found: scores.shape.components)
    }
    scores.buffer.prepareForOverwriting()
    let shape = sceneShape
    try workspace.lend { () throws(ConcordError) in
      let weights = try Self.weights(mask, of: shape)
      try engine.score(scene.buffer, weights: weights, into: &scores.buffer)
    }
  }

  /// Memory for calls that allocate none: one for each thread that uses the matcher.
  public func makeWorkspace() -> Workspace { Workspace() }

  /// The largest Σ w of any place, with w = (M S)²: what ``MatchingOptions/minimumOverlap`` is a fraction
  /// of.
  ///
  /// - Throws: The errors of ``scores(in:mask:)``.
  public func largestOverlap(
    in scene: NDArray<rank, Scalar>, mask: NDArray<rank, Bool>? = nil
  ) throws(ConcordError) -> Double {
    try check(scene)
    let weights = try Self.weights(mask, of: sceneShape)
    return try MaskedPass(engine, scene.buffer, weights).largestCount()
  }

  /// The largest Σ w of any place in a scene whose elements have weights.
  ///
  /// - Throws: The errors of ``scores(in:weights:)``.
  public func largestOverlap(
    in scene: NDArray<rank, Scalar>, weights: NDArray<rank, Scalar>
  ) throws(ConcordError) -> Double {
    try check(scene)
    let weights = try Self.weights(weights, of: sceneShape, "the scene's mask")
    return try MaskedPass(engine, scene.buffer, weights).largestCount()
  }

  /// The score at one place by the definition in Double, with the means taken first.
  ///
  /// - Throws: ``ConcordError/outside(region:shape:)`` if the options' extent doesn't have the place, and
  ///   the errors of ``scores(in:mask:)``.
  public func score(
    in scene: NDArray<rank, Scalar>, mask: NDArray<rank, Bool>? = nil, at position: Position<rank>
  ) throws(ConcordError) -> Double {
    try score(scene, Self.weights(mask, of: sceneShape), at: position)
  }

  /// The score at one place of a scene whose elements have weights.
  ///
  /// - Throws: The errors of ``score(in:mask:at:)`` and ``scores(in:weights:)``.
  public func score(
    in scene: NDArray<rank, Scalar>, weights: NDArray<rank, Scalar>, at position: Position<rank>
  ) throws(ConcordError) -> Double {
    try score(scene, Self.weights(weights, of: sceneShape, "the scene's mask"), at: position)
  }

  func score(
    _ scene: NDArray<rank, Scalar>, _ weights: MaskWeights<Scalar>?, at position: Position<rank>,
    heedsOverlap: Bool = true
  ) throws(ConcordError) -> Double {
    try check(scene)
    let first = firstPosition
    for axis in 0..<rank where !(0..<scoresShape[axis]).contains(position[axis] - first[axis]) {
      throw .outside(
        region: (0..<rank).map { position[$0]..<(position[$0] + templateShape[$0]) },
        shape: sceneShape.components)
    }
    return try engine.score(
      in: scene.buffer, weights: weights,
      at: Extents { $0 < 3 - rank ? 0 : position[$0 - (3 - rank)] - first[$0 - (3 - rank)] },
      heedsOverlap: heedsOverlap)
  }

  func check(_ scene: NDArray<rank, Scalar>) throws(ConcordError) {
    guard scene.shape == sceneShape else {
      throw .shapesDiffer(expected: sceneShape.components, found: scene.shape.components)
    }
  }

  static func weights(
    _ mask: NDArray<rank, Bool>?, of shape: Shape<rank>
  ) throws(ConcordError) -> MaskWeights<Scalar>? {
    guard let mask else { return nil }
    guard mask.shape == shape else {
      throw .shapesDiffer(expected: shape.components, found: mask.shape.components)
    }
    return MaskWeights(mask.buffer)
  }

  static func weights(
    _ weights: NDArray<rank, Scalar>, of shape: Shape<rank>, _ what: String
  ) throws(ConcordError) -> MaskWeights<Scalar> {
    guard weights.shape == shape else {
      throw .shapesDiffer(expected: shape.components, found: weights.shape.components)
    }
    return try MaskWeights(weights.buffer, of: what)
  }
}
