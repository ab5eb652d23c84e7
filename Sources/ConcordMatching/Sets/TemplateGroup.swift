import ConcordArrays
import ConcordBackends
import ConcordFiltering

/// Scores of the templates of a group in a range of places, map after map.
struct GroupMaps<Scalar: RealScalar>: Sendable {
  let values: SharedBuffer<Scalar>
  /// The elements from one map to the next.
  let size: Int
  /// Where the range begins in each map.
  let start: Int
  /// The extents of the range.
  let extents: Extents
}

/// A part of a scene, and the same centred: what groups share that need the same one.
struct CentredPart<let rank: Int, Scalar: RealScalar> {
  let range: Range<Int>
  let channels: [NDArray<rank, Scalar>]
  let centred: [NDArray<rank, Scalar>]
  let shifts: [Scalar]

  init(_ channels: [NDArray<rank, Scalar>], _ range: Range<Int>, along axis: Int) {
    self.range = range
    self.channels = channels.map { $0.part(range, along: axis) }
    shifts = self.channels.map { Scalar($0.finiteMean) }
    // Beyond the edges of what is centred, zeros add nothing to the products.
    centred = zip(self.channels, shifts).map { $0 - $1 }
  }
}

/// Templates of one shape that are looked for together: tiles of a scene are transformed once for all
/// of them, and its windows are summed once.
struct TemplateGroup<let rank: Int, Scalar: RealScalar>: Sendable {
  /// The numbers of its templates in the set.
  let numbers: [Int]
  let templates: [PreparedTemplate<Scalar>]
  /// Templates and windows in the whole scene.
  let geometry: ConvolutionGeometry
  /// How scenes are cut.
  let parts: SceneParts
  /// The sums of products with a part of a scene, and the windows there.
  private let bank: FilterBank<rank, Scalar>
  private let partGeometry: ConvolutionGeometry
  private let options: MatchingOptions

  /// The most templates of a group: more would share a transform that hardly costs any more.
  static var largestSize: Int { 16 }

  init(
    numbers: [Int], templates: [[NDArray<rank, Scalar>]], scene: Shape<rank>, outputs: Int,
    options: MatchingOptions
  ) throws(ConcordError) {
    let shape = templates[0][0].shape
    var prepared: [PreparedTemplate<Scalar>] = []
    var kernels: [[NDArray<rank, Scalar>]] = []
    for channels in templates {
      let template = try PreparedTemplate(channels.map { $0.buffer }, options: options)
      kernels.append(template.centred.map { NDArray(shape: shape, buffer: $0) })
      prepared.append(template)
    }
    let geometry = try ConvolutionGeometry(
      image: scene.components, kernel: shape.components, operation: .correlation,
      options: options.windows)
    let parts = SceneParts(geometry, outputs: outputs)
    var extents = geometry.image
    extents[parts.axis] = parts.length
    let part = Shape<rank>(threeAxes: extents)
    bank = try FilterBank(
      image: part, kernels: kernels, .correlation, options: options.products)
    partGeometry = try ConvolutionGeometry(
      image: part.components, kernel: shape.components, operation: .correlation,
      options: options.windows)
    self.numbers = numbers
    self.templates = prepared
    self.geometry = geometry
    self.parts = parts
    self.options = options
  }

  /// The strategy of the sums of products.
  var choice: StrategyEstimate { bank.choice }

  /// The shape of the templates.
  var shape: Shape<rank> { Shape(threeAxes: geometry.kernel) }

  /// Where the centre of a template lies in the scene for its first score.
  var firstCentre: Extents {
    Extents { geometry.offset[$0] + (geometry.kernel[$0] - 1) / 2 }
  }

  /// The scores in a range of places along the axis, no longer than ``SceneParts/capacity``.
  ///
  /// `last` is the part of the scene that was looked at before, which may be the one that is needed.
  func maps(
    of outputs: Range<Int>, in channels: [NDArray<rank, Scalar>],
    _ last: inout CentredPart<rank, Scalar>?
  ) throws(ConcordError) -> GroupMaps<Scalar> {
    let (range, first) = parts.part(of: outputs)
    let scene: CentredPart<rank, Scalar>
    if let last, last.range == range {
      scene = last
    } else {
      last = nil
      scene = CentredPart(channels, range, along: parts.axis)
      last = scene
    }
    var values = try bank.run(scene.centred)
    try complete(&values, in: scene)
    var extents = geometry.output
    extents[parts.axis] = outputs.count
    return GroupMaps(
      values: values, size: partGeometry.output.count, start: first * parts.slice,
      extents: extents)
  }

  /// Scores of single places by the definition.
  func windows(
    _ template: Int, in channels: [NDArray<rank, Scalar>]
  ) -> WindowScores<Scalar> {
    WindowScores(scene: channels.map { $0.buffer }, templates[template], geometry)
  }

  /// Turns sums of products into scores.
  private func complete(
    _ maps: inout SharedBuffer<Scalar>, in scene: CentredPart<rank, Scalar>
  ) throws(ConcordError) {
    let buffers = scene.channels.map { $0.buffer }
    let shifts = scene.shifts.map { Double($0) }
    let sources =
      options.metric.isProduct
      ? .window
      : RoundingSources(
        bank.choice.strategy, geometry: partGeometry, channels: buffers, shifts: shifts,
        threads: options.threadCount)
    let rules = templates.map { ScoreRule($0, partGeometry, shifts: shifts, sources: sources) }
    let uncertain = templates.map { _ in UncertainWindows() }
    let size = partGeometry.output.count
    WindowSums(geometry: partGeometry, squares: !options.metric.isProduct).run(
      buffers, shifts: shifts, threads: options.threadCount, results: rules.count,
      into: &maps, derive: { rules[0].contrasts(of: $0) }
    ) { index, part, scores in
      uncertain[index].add(rules[index].finish(&scores, from: part))
    }
    for (index, windows) in uncertain.enumerated() {
      let indices = windows.indices
      if indices.isEmpty { continue }
      let start = index * size
      var map = NDArray(
        shape: Shape<rank>(threeAxes: partGeometry.output),
        buffer: maps.part(start..<start + size))
      let precise = PreciseScores(
        scene: scene.channels, template: templates[index], geometry: partGeometry)
      try precise.settle(indices, in: &map)
      maps.copyElements(0..<size, of: map.buffer, to: start)
    }
  }
}
