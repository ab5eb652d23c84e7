public import ConcordArrays
import ConcordBackends
public import ConcordFiltering

/// Many templates, prepared for being looked for together in scenes of one shape.
///
///     let set = try TemplateSet(templates: letters, scene: page.shape)
///     let found = try set.search(page)
///     print(found.matches[0].score)           // the best place of the first template
///     print(found.templates[row, column])     // which template fits best there
///
/// Templates of one shape share the work on the scene: its tiles are transformed once for up to 16 of them,
/// where each costs a transform back, and its windows are summed once. Scores are those of a
/// ``TemplateMatcher`` for each template, but for the last digits.
///
/// Maps of templates are laid over each other by their centres, the element (M - 1) / 2 along each axis, so that
/// templates of different shapes may be in one set: an object is found in one place, whatever the
/// size of the template that shows it. The common map covers all places that any of them has.
///
/// Large scenes are searched in strips, of which up to 192 MB are held at a time, or ``MatchingOptions/memoryLimit``: more
/// only if a strip of twice the largest template's height takes more.
///
/// - SeeAlso: opencv/opencv#4507, which asks for this.
public struct TemplateSet<let rank: Int, Scalar: RealScalar>: Sendable {
  let groups: [TemplateGroup<rank, Scalar>]
  let grid: SetGrid

  /// What was asked for.
  public let options: MatchingOptions
  /// The shape of each template.
  public let templateShapes: [Shape<rank>]
  /// What each template is made of.
  public let variants: [TemplateVariant]
  /// The shape of the scenes.
  public let sceneShape: Shape<rank>
  /// The number of channels of templates and scenes.
  public let channelCount: Int

  /// The number of templates.
  public var count: Int { templateShapes.count }

  /// What may be held of a strip of the scene, and of the maps there.
  private static var stripBytes: Int { 192 << 20 }

  /// Prepares templates, whose shapes may differ.
  ///
  /// ``MatchingOptions/algorithm`` may be automatic, direct, matrix or overlap-save.
  ///
  /// - Throws: ``ConcordError/empty(what:)`` without templates, and the errors of
  ///   ``TemplateMatcher/init(template:scene:options:)``.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public init(
    templates: [NDArray<rank, Scalar>], scene: Shape<rank>,
    options: MatchingOptions = MatchingOptions()
  ) throws(ConcordError) {
    try self.init(channels: templates.map { [$0] }, scene: scene, options: options)
  }

  /// Prepares templates of several channels, which are matched together: `channels[t][c]` is channel
  /// `c` of template `t`.
  ///
  /// - Throws: The errors of ``init(templates:scene:options:)``,
  ///   ``ConcordError/elementCount(expected:found:)`` if numbers of channels differ, and
  ///   ``ConcordError/shapesDiffer(expected:found:)`` if shapes of a template's channels do.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public init(
    channels: [[NDArray<rank, Scalar>]], scene: Shape<rank>,
    options: MatchingOptions = MatchingOptions()
  ) throws(ConcordError) {
    try self.init(
      channels: channels, variants: channels.indices.map { TemplateVariant(source: $0) },
      scene: scene, options: options)
  }

  /// Prepares templates, and says what each of them is made of, and how many bytes their maps may take.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  package init(
    channels: [[NDArray<rank, Scalar>]], variants: [TemplateVariant], scene: Shape<rank>,
    options: MatchingOptions, bytes: Int? = nil
  ) throws(ConcordError) {
    guard let first = channels.first else { throw .empty(what: "the list of templates") }
    guard !first.isEmpty else { throw .empty(what: "the list of channels") }
    for template in channels {
      guard template.count == first.count else {
        throw .elementCount(expected: first.count, found: template.count)
      }
      for channel in template where channel.shape != template[0].shape {
        throw .shapesDiffer(
          expected: template[0].shape.components, found: channel.shape.components)
      }
      try options.check(template: template[0].shape, scene: scene)
    }
    let shapes = channels.map { $0[0].shape }
    let budget = SetBudget(
      shapes.map { $0.threeAxes }, scene: scene.threeAxes,
      bytes: bytes ?? min(Self.stripBytes, options.memoryLimit ?? .max),
      stride: MemoryLayout<Scalar>.stride, options.extent)
    var groups: [TemplateGroup<rank, Scalar>] = []
    for numbers in budget.groups {
      groups.append(
        try TemplateGroup(
          numbers: numbers, templates: numbers.map { channels[$0] }, scene: scene,
          outputs: budget.length + 2, options: options))
    }
    self.groups = groups
    grid = SetGrid(groups, length: budget.length)
    self.options = options
    self.variants = variants
    templateShapes = shapes
    sceneShape = scene
    channelCount = first.count
  }

  /// The shape of the common map of scores.
  public var scoresShape: Shape<rank> { Shape(threeAxes: grid.extents) }

  /// Where in the scene the centre of a template lies, its element (M - 1) / 2, for the first element of the common
  /// map.
  public var firstCentre: Position<rank> {
    let origin = grid.origin
    return Position { origin[$0 + 3 - rank] }
  }

  /// The strategy of the sums of products of the first templates.
  public var choice: StrategyEstimate { groups[0].choice }

  /// The best template at each place of a scene, and the best place of each template.
  ///
  /// - Complexity: O(*k n* log *m*) for *k* templates; beside the results, a centred copy of a strip of the scene
  ///   and the maps of up to 16 templates there.
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` for a scene of another shape, and
  ///   ``ConcordError/elementCount(expected:found:)`` if templates have several channels.
  public func search(
    _ scene: NDArray<rank, Scalar>
  ) throws(ConcordError) -> TemplateSetScores<rank, Scalar> {
    try search([scene])
  }

  /// The best template at each place of a scene of several channels, and the best place of each template.
  ///
  /// - Throws: The errors of ``search(_:)-(NDArray<rank,Scalar>)``.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func search(
    _ channels: [NDArray<rank, Scalar>]
  ) throws(ConcordError) -> TemplateSetScores<rank, Scalar> {
    var queries: [PeakQuery] = []
    return try search(channels, &queries)
  }

  /// Every template's map of scores, one after the other: for few templates, or small scenes.
  ///
  /// Maps are those of ``TemplateMatcher``: the first element is that of the template's own first place.
  ///
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` for a scene of another shape, and
  ///   ``ConcordError/elementCount(expected:found:)`` if templates have several channels.
  public func scores(
    in scene: NDArray<rank, Scalar>
  ) throws(ConcordError) -> [NDArray<rank, Scalar>] {
    try check([scene])
    var results = groups.flatMap { group in
      group.numbers.map { _ in SharedBuffer<Scalar>(uninitializedCount: group.geometry.output.count)
      }
    }
    var last: CentredPart<rank, Scalar>?
    for group in groups {
      let slice = group.parts.slice
      let count = group.geometry.output[group.parts.axis]
      for range in [Range<Int>].strips(of: count, length: group.parts.capacity) {
        let maps = try group.maps(of: range, in: [scene], &last)
        for (index, number) in group.numbers.enumerated() {
          let start = maps.start + index * maps.size
          results[number].copyElements(
            start..<start + maps.extents.count, of: maps.values, to: range.lowerBound * slice)
        }
      }
    }
    var arrays: [NDArray<rank, Scalar>?] = Array(repeating: nil, count: count)
    for group in groups {
      for number in group.numbers {
        arrays[number] = NDArray(
          shape: Shape(threeAxes: group.geometry.output), buffer: results[number])
      }
    }
    return arrays.compactMap { $0 }
  }

  func check(_ channels: [NDArray<rank, Scalar>]) throws(ConcordError) {
    guard channels.count == channelCount else {
      throw .elementCount(expected: channelCount, found: channels.count)
    }
    for channel in channels where channel.shape != sceneShape {
      throw .shapesDiffer(expected: sceneShape.components, found: channel.shape.components)
    }
  }
}

/// What a ``TemplateSet`` finds in a scene.
public struct TemplateSetScores<let rank: Int, Scalar: RealScalar>: Sendable {
  /// The best score of any template at each place of the common map; NaN where none has a score.
  public let scores: NDArray<rank, Scalar>
  /// The template that scores best at each place, the first of several; -1 where none has a score.
  public let templates: NDArray<rank, Int32>
  /// The best place of each template, scored to the last digit, the first in row-major order of
  /// several; nil where it has no score.
  public let matches: [Match<rank>?]
}
