public import ConcordArrays
import ConcordBackends
import ConcordFiltering

extension TemplateMatcher {
  /// The places where the template is found, best first, in bounded memory.
  ///
  ///     let places = try matcher.matches(in: scene, PeakOptions(count: 10, threshold: 0.8))
  ///
  /// A map of scores of up to 64 MB, or as much as ``MatchingOptions/memoryLimit`` says, is made as a whole. A
  /// larger one comes in strips of up to 24 MB, or of the template's extent if that is more, and
  /// the best candidates are all that is kept of them. Pages of a scene that is mapped from a file are let go of behind each
  /// strip. Scores are those of the definition; so are, where a map comes in strips, the scores that places
  /// between elements are fitted to.
  ///
  /// - Parameters:
  ///   - scene: The scene.
  ///   - peaks: Which places are wanted, as for ``matches(in:scores:_:)-(NDArray<rank,Scalar>,_,_)``.
  /// - Returns: Where the template's first element lies in the scene, and the scores.
  /// - Complexity: As ``scores(in:)-(NDArray<rank,Scalar>)``; where more than 65536 candidates, or four for
  ///   each place that is wanted, come before the last one that counts, the strips are made again.
  /// - Throws: The errors of ``scores(in:)-(NDArray<rank,Scalar>)``, and what
  ///   ``ConcordArrays/NDArray/peaks(_:)`` throws.
  public func matches(
    in scene: NDArray<rank, Scalar>, _ peaks: PeakOptions
  ) throws(ConcordError) -> [Match<rank>] {
    try matches(in: [scene], peaks)
  }

  /// The places where the template is found in a scene of several channels, in bounded memory.
  ///
  /// - Throws: The errors of ``scores(in:)-([NDArray<rank,Scalar>])``, and what
  ///   ``ConcordArrays/NDArray/peaks(_:)`` throws.
  public func matches(
    in channels: [NDArray<rank, Scalar>], _ peaks: PeakOptions
  ) throws(ConcordError) -> [Match<rank>] {
    guard StripMatcher<rank, Scalar>.suits(scoresShape.count, memoryLimit: options.memoryLimit)
    else {
      return try matches(in: channels, scores: scores(in: channels), peaks)
    }
    let template = contents.given.map { NDArray(shape: templateShape, buffer: $0) }
    let strips = try StripMatcher(channels: template, scene: sceneShape, options: options)
    return try strips.matches(in: channels, peaks)
  }

  /// The best place in a scene; nil where no window has a score.
  ///
  /// Memory is bounded as that of ``matches(in:_:)-(NDArray<rank,Scalar>,_)``.
  ///
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` for a scene of another shape, and
  ///   ``ConcordError/elementCount(expected:found:)`` if the template has several channels.
  public func bestMatch(in scene: NDArray<rank, Scalar>) throws(ConcordError) -> Match<rank>? {
    try bestMatch(in: [scene])
  }

  /// The best place in a scene of several channels; nil where no window has a score.
  ///
  /// - Throws: The errors of ``scores(in:)-([NDArray<rank,Scalar>])``.
  public func bestMatch(
    in channels: [NDArray<rank, Scalar>]
  ) throws(ConcordError) -> Match<rank>? {
    try matches(in: channels, PeakOptions(count: 1)).first
  }
}

extension StripMatcher {
  /// The places where the template is found, best first.
  package func matches(
    in channels: [NDArray<rank, Scalar>], _ peaks: PeakOptions
  ) throws(ConcordError) -> [Match<rank>] {
    var queries = [try query(peaks)]
    try search(channels, &queries)
    return matches(of: queries[0], in: channels)
  }
}

extension MatchingOptions {
  /// How many scores a template has in a scene.
  package func scoresCount<let rank: Int>(
    of template: Shape<rank>, in scene: Shape<rank>
  ) throws(ConcordError) -> Int {
    try check(template: template, scene: scene)
    guard template.count > 0 else { throw .empty(what: "the template") }
    return try ConvolutionGeometry(
      image: scene.components, kernel: template.components, operation: .correlation,
      options: windows
    ).output.count
  }
}
