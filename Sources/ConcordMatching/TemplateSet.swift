public import ConcordArrays
import ConcordBackends
public import ConcordFiltering

/// Many templates of one shape, prepared for being looked for together in scenes of one shape.
///
///     let set = try TemplateSet(templates: letters, scene: page.shape)
///     let found = try set.search(page)
///     print(found.matches[0].score)           // the best place of the first template
///     print(found.templates[row, column])     // which template fits best there
///
/// Tiles of the scene are transformed once for a group of templates, and its windows are summed once;
/// scores are those of a ``TemplateMatcher`` for each template, but for the last digits. No more maps
/// are kept at a time than a group has templates.
///
/// - SeeAlso: opencv/opencv#4507, which asks for this.
public struct TemplateSet<let rank: Int, Scalar: RealScalar>: Sendable {
  /// The templates of a group, and the sums of their products with a scene.
  private struct Group: Sendable {
    let first: Int
    let templates: [PreparedTemplate<Scalar>]
    let bank: FilterBank<rank, Scalar>
  }

  private let groups: [Group]
  private let geometry: ConvolutionGeometry

  /// What was asked for.
  public let options: MatchingOptions
  /// The shape of the templates.
  public let templateShape: Shape<rank>
  /// The shape of the scenes.
  public let sceneShape: Shape<rank>
  /// The number of templates.
  public let count: Int

  /// The most templates of a group: more would share a transform that hardly costs any more.
  private static var groupSize: Int { 16 }

  /// Prepares templates.
  ///
  /// ``MatchingOptions/algorithm`` may be automatic, direct, matrix or overlap-save.
  ///
  /// - Throws: ``ConcordError/empty(what:)`` without templates, ``ConcordError/shapesDiffer(expected:found:)``
  ///   if their shapes differ, and the errors of ``TemplateMatcher/init(template:scene:options:)``.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public init(
    templates: [NDArray<rank, Scalar>], scene: Shape<rank>,
    options: MatchingOptions = MatchingOptions()
  ) throws(ConcordError) {
    guard let first = templates.first else { throw .empty(what: "the list of templates") }
    for template in templates where template.shape != first.shape {
      throw .shapesDiffer(expected: first.shape.components, found: template.shape.components)
    }
    try options.check(template: first.shape, scene: scene)
    geometry = try ConvolutionGeometry(
      image: scene.components, kernel: first.shape.components, operation: .correlation,
      options: options.windows)
    // Groups of about one size.
    let parts = templates.count.parts(of: Self.groupSize)
    let size = templates.count.parts(of: parts)
    var groups: [Group] = []
    for start in stride(from: 0, to: templates.count, by: size) {
      var prepared: [PreparedTemplate<Scalar>] = []
      for template in templates[start..<min(start + size, templates.count)] {
        prepared.append(try PreparedTemplate([template.buffer], options: options))
      }
      let kernels = prepared.map { NDArray(shape: first.shape, buffer: $0.centred[0]) }
      let bank = try FilterBank(
        image: scene, kernels: kernels, .correlation, options: options.products)
      groups.append(Group(first: start, templates: prepared, bank: bank))
    }
    self.groups = groups
    self.options = options
    templateShape = first.shape
    sceneShape = scene
    count = templates.count
  }

  /// The shape of a map of scores.
  public var scoresShape: Shape<rank> { Shape(threeAxes: geometry.output) }

  /// The strategy of the sums of products.
  public var choice: StrategyEstimate { groups[0].bank.choice }

  /// The best template at each place of a scene, and the best place of each template.
  ///
  /// - Complexity: O(*k n* log *m*) for *k* templates; beside the results, a centred copy of the scene
  ///   and the maps of up to 16 templates.
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` for a scene of another shape.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func search(
    _ scene: NDArray<rank, Scalar>
  ) throws(ConcordError) -> TemplateSetScores<rank, Scalar> {
    var best = BestScores<Scalar>(
      count: scoresShape.count, isDistance: options.metric.isDistance)
    var places: [Int?] = []
    try forEachGroup(in: scene) { group, maps in
      places += best.add(
        maps, of: group.templates.count, first: group.first, threads: options.threadCount)
    }
    var matches: [Match<rank>?] = []
    let windows = groups.flatMap { group in
      group.templates.map { WindowScores(scene: [scene.buffer], $0, geometry) }
    }
    for (index, place) in places.enumerated() {
      matches.append(place.map { match(at: $0, by: windows[index]) })
    }
    let (scores, templates) = best.split()
    return TemplateSetScores(
      scores: NDArray(shape: scoresShape, buffer: scores),
      templates: NDArray(shape: scoresShape, buffer: templates), matches: matches)
  }

  /// Every template's map of scores, one after the other: for few templates, or small scenes.
  ///
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` for a scene of another shape.
  public func scores(
    in scene: NDArray<rank, Scalar>
  ) throws(ConcordError) -> [NDArray<rank, Scalar>] {
    var results: [NDArray<rank, Scalar>] = []
    let size = scoresShape.count
    try forEachGroup(in: scene) { group, maps in
      for index in group.templates.indices {
        results.append(
          NDArray(shape: scoresShape, buffer: maps.part(index * size..<(index + 1) * size)))
      }
    }
    return results
  }

  private func match(at index: Int, by windows: WindowScores<Scalar>) -> Match<rank> {
    let place = scoresShape.position(ofIndex: index)
    let score = windows.score(
      at: Extents { $0 < 3 - rank ? 0 : place[$0 - (3 - rank)] })
    let offset = geometry.offset
    return Match(
      position: Position { place[$0] + offset[$0 + 3 - rank] }, score: score)
  }

  /// Visits the maps of scores of each group, which follow each other.
  private func forEachGroup(
    in scene: NDArray<rank, Scalar>, _ visit: (Group, SharedBuffer<Scalar>) -> Void
  ) throws(ConcordError) {
    guard scene.shape == sceneShape else {
      throw .shapesDiffer(expected: sceneShape.components, found: scene.shape.components)
    }
    let shift = Scalar(scene.finiteMean)
    // Beyond the edges of what is centred, zeros add nothing to the products.
    let centred = scene - shift
    for group in groups {
      var maps = try group.bank.run([centred])
      try complete(&maps, of: group, in: scene, shift: Double(shift))
      visit(group, maps)
    }
  }

  /// Turns sums of products into scores.
  private func complete(
    _ maps: inout SharedBuffer<Scalar>, of group: Group, in scene: NDArray<rank, Scalar>,
    shift: Double
  ) throws(ConcordError) {
    let sources =
      options.metric.isProduct
      ? .window
      : RoundingSources(
        group.bank.choice.strategy, geometry: geometry, channels: [scene.buffer],
        shifts: [shift], threads: options.threadCount)
    let rules = group.templates.map {
      ScoreRule($0, geometry, shifts: [shift], sources: sources)
    }
    let uncertain = group.templates.map { _ in UncertainWindows() }
    let size = scoresShape.count
    WindowSums(geometry: geometry, squares: !options.metric.isProduct).run(
      [scene.buffer], shifts: [shift], threads: options.threadCount, results: rules.count,
      into: &maps, derive: { rules[0].contrasts(of: $0) }
    ) { index, part, scores in
      uncertain[index].add(rules[index].finish(&scores, from: part))
    }
    for (index, windows) in uncertain.enumerated() {
      let indices = windows.indices
      if indices.isEmpty { continue }
      let range = index * size..<(index + 1) * size
      var map = NDArray(shape: scoresShape, buffer: maps.part(range))
      let precise = PreciseScores(
        scene: [scene], template: group.templates[index], geometry: geometry)
      try precise.settle(indices, in: &map)
      maps.copyElements(0..<size, of: map.buffer, to: range.lowerBound)
    }
  }
}

/// What a ``TemplateSet`` finds in a scene.
public struct TemplateSetScores<let rank: Int, Scalar: RealScalar>: Sendable {
  /// The best score of any template at each place; NaN where none has a score.
  public let scores: NDArray<rank, Scalar>
  /// The template that scores best at each place, the first of several; -1 where none has a score.
  public let templates: NDArray<rank, Int32>
  /// The best place of each template, scored to the last digit, the first in row-major order of
  /// several; nil where it has no score.
  public let matches: [Match<rank>?]
}
