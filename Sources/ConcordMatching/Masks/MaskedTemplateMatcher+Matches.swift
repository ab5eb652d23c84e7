public import ConcordArrays
import ConcordFiltering

extension MaskedTemplateMatcher {
  /// The peaks of a map of scores, best first, scored to the last digit.
  ///
  /// - Parameters:
  ///   - scene: The scene.
  ///   - mask: Which of its elements count; nil for all.
  ///   - scores: What ``scores(in:mask:)`` says of it.
  ///   - peaks: Which ones are wanted, as for ``TemplateMatcher``.
  /// - Returns: The places of the template's first element, and the scores.
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` if `scores` are not of this template
  ///   in a scene of this shape, and what ``ConcordArrays/NDArray/peaks(_:)`` throws.
  public func matches(
    in scene: NDArray<rank, Scalar>, mask: NDArray<rank, Bool>? = nil,
    scores: NDArray<rank, Scalar>, _ peaks: PeakOptions
  ) throws(ConcordError) -> [Match<rank>] {
    try matches(scene, Self.weights(mask, of: sceneShape), scores, peaks)
  }

  /// The peaks of a map of scores in a scene whose elements have weights.
  ///
  /// - Throws: The errors of ``matches(in:mask:scores:_:)`` and ``scores(in:weights:)``.
  public func matches(
    in scene: NDArray<rank, Scalar>, weights: NDArray<rank, Scalar>,
    scores: NDArray<rank, Scalar>, _ peaks: PeakOptions
  ) throws(ConcordError) -> [Match<rank>] {
    try matches(
      scene, Self.weights(weights, of: sceneShape, "the scene's mask"), scores, peaks)
  }

  /// The best place in a scene; nil where no window has a score.
  ///
  /// - Throws: The errors of ``scores(in:mask:)``.
  public func bestMatch(
    in scene: NDArray<rank, Scalar>, mask: NDArray<rank, Bool>? = nil
  ) throws(ConcordError) -> Match<rank>? {
    try matches(
      in: scene, mask: mask, scores: scores(in: scene, mask: mask), PeakOptions(count: 1)
    ).first
  }

  /// The best place in a scene whose elements have weights; nil where no window has a score.
  ///
  /// - Throws: The errors of ``scores(in:weights:)``.
  public func bestMatch(
    in scene: NDArray<rank, Scalar>, weights: NDArray<rank, Scalar>
  ) throws(ConcordError) -> Match<rank>? {
    try matches(
      in: scene, weights: weights, scores: scores(in: scene, weights: weights),
      PeakOptions(count: 1)
    ).first
  }

  private func matches(
    _ scene: NDArray<rank, Scalar>, _ weights: MaskWeights<Scalar>?,
    _ scores: NDArray<rank, Scalar>, _ peaks: PeakOptions
  ) throws(ConcordError) -> [Match<rank>] {
    try check(scene)
    guard scores.shape == scoresShape else {
      throw .shapesDiffer(expected: scoresShape.components, found: scores.shape.components)
    }
    let found = FoundPeaks(
      options: options, template: templateShape, firstPosition: firstPosition)
    // What the map has a score of overlaps enough.
    return try found.matches(in: scores, peaks) { (position) throws(ConcordError) in
      try score(scene, weights, at: position, heedsOverlap: false)
    }
  }
}

extension NDArray where Scalar: RealScalar {
  /// The scores of a template in this array, of which only what masks leave counts.
  ///
  ///     let scores = try photo.matchScores(of: leaf, mask: outline, sceneMask: inFocus)
  ///
  /// - Throws: ``ConcordError`` for the reasons that ``MaskedTemplateMatcher`` gives.
  /// - SeeAlso: ``MaskedTemplateMatcher/scores(in:mask:)``
  public func matchScores(
    of template: NDArray, mask: NDArray<rank, Bool>?, sceneMask: NDArray<rank, Bool>? = nil,
    options: MatchingOptions = MatchingOptions(), nan: NaNTreatment = .spread
  ) throws(ConcordError) -> NDArray {
    let matcher = try MaskedTemplateMatcher(
      template: template, mask: mask, scene: shape, options: options.forSingleCall, nan: nan)
    return try matcher.scores(in: self, mask: sceneMask)
  }

  /// The best place of a template in this array, of which only what masks leave counts; nil where no
  /// window has a score.
  ///
  /// - Throws: ``ConcordError`` for the reasons that ``MaskedTemplateMatcher`` gives.
  public func bestMatch(
    for template: NDArray, mask: NDArray<rank, Bool>?, sceneMask: NDArray<rank, Bool>? = nil,
    options: MatchingOptions = MatchingOptions(), nan: NaNTreatment = .spread
  ) throws(ConcordError) -> Match<rank>? {
    let matcher = try MaskedTemplateMatcher(
      template: template, mask: mask, scene: shape, options: options.forSingleCall, nan: nan)
    return try matcher.bestMatch(in: self, mask: sceneMask)
  }
}
