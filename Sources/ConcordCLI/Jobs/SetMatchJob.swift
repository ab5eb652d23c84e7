import Concord
import ConcordBackends
import ConcordFiles
import ConcordPictures

/// Several templates, or one turned and enlarged, looked for in a scene together.
struct SetMatchJob {
  let scene: FileArray
  let templates: [FileArray]
  /// What becomes of colour.
  let channels: MatchChannels
  let rotations: [Double]
  let scales: [Double]
  let sampling: TemplateSampling
  /// Which places are wanted.
  let places: PeakSearch
  /// Where the picture and the map of the best templates' numbers go.
  let picture: String?
  let indexMap: String?
  let options: MatchingOptions
  let settings: JobSettings

  /// Whether templates are looked for as they are.
  private var isPlain: Bool { rotations == [0] && scales == [1] }

  func run() throws(ConcordError) -> Report {
    try settings.checkOutput()
    for path in [picture, indexMap, places.table].compactMap(\.self) {
      try ArrayFile.checkOutput(path)
    }
    for template in templates { try check(template) }
    if picture != nil && scene.rank != 2 {
      throw .file(
        path: scene.path,
        problem: "expected an image of 2 dimensions for --picture, found \(scene.rank)")
    }
    let precision = Precision(settings.precision, for: [scene] + templates)
    return precision == .float ? try run(Float.self) : try run(Double.self)
  }

  private func check(_ template: FileArray) throws(ConcordError) {
    let rank = templates[0].rank
    guard template.rank == rank, rank == scene.rank || (scene.rank == 3 && rank == 2) else {
      throw .file(
        path: template.path,
        problem: "expected templates of \(scene.rank) dimension\(scene.rank == 1 ? "" : "s")"
          + (scene.rank == 3 ? " (or all of 2, for every image of the stack)" : "")
          + " as \(scene.summary) has, found \(template.rank)")
    }
    guard isPlain || template.rank == 2 else {
      throw .file(
        path: template.path,
        problem: "expected a template of 2 dimensions for --rotations and --scales, found "
          + "\(template.rank)")
    }
    let (own, other) = channels == .joint ? (template.colors, scene.colors) : (1, 1)
    guard own == other else {
      throw .file(
        path: template.path,
        problem: "expected as many colours as \(scene.path) has, \(other), found \(own)")
    }
  }

  private func run<S: RealScalar & CommandElement>(
    _ type: S.Type
  ) throws(ConcordError) -> Report {
    let variants = try TemplateVariant.all(
      of: templates.count, rotations: rotations, scales: scales)
    switch (scene.rank, templates[0].rank) {
    case (1, _):
      return try search(try sources() as [[Signal<S>]], variants).report
    case (2, _):
      let sought: [[Image<S>]] = try images(variants)
      let found = try search(sought, variants)
      try draw(sought, found)
      return found.report
    case (_, 3):
      return try search(try sources() as [[Volume<S>]], variants).report
    default:
      var slices: [[Volume<S>]] = []
      for channels in try images(variants) as [[Image<S>]] {
        var volumes: [Volume<S>] = []
        for image in channels {
          volumes.append(
            try image.reshaped(to: [1, image.rows, image.columns]))
        }
        slices.append(volumes)
      }
      return try search(slices, variants).report
    }
  }

  /// The templates turned and enlarged.
  private func images<S: RealScalar & CommandElement>(
    _ variants: [TemplateVariant]
  ) throws(ConcordError) -> [[Image<S>]] {
    let sources: [[Image<S>]] = try sources()
    var result: [[Image<S>]] = []
    for variant in variants {
      try result.append(
        naming([templates[variant.source].path]) { () throws(ConcordError) in
          var channels: [Image<S>] = []
          for channel in sources[variant.source] {
            channels.append(
              try channel.resampled(angle: variant.angle, scale: variant.scale, by: sampling))
          }
          return channels
        })
    }
    return result
  }

  /// The templates as they are.
  private func sources<let rank: Int, S: RealScalar>() throws(ConcordError) -> [[NDArray<rank, S>]]
  {
    var sources: [[NDArray<rank, S>]] = []
    for template in templates { sources.append(try channels.arrays(of: template)) }
    return sources
  }

  /// What was found, and what a picture is drawn of.
  private struct Found<let rank: Int, S: RealScalar> {
    let report: Report
    let matches: [TemplateMatch<rank>]
    let scores: NDArray<rank, S>?
    let origin: Position<rank>
  }

  private func search<let rank: Int, S: RealScalar & CommandElement>(
    _ sought: [[NDArray<rank, S>]], _ variants: [TemplateVariant]
  ) throws(ConcordError) -> Found<rank, S> {
    let scene: [NDArray<rank, S>] = try channels.arrays(of: self.scene)
    var queries: [PeakQuery] = []
    let measured = try settings.measure { () throws(ConcordError) in
      let set = try TemplateSet(
        channels: sought, variants: variants, scene: scene[0].shape, options: options)
      settings.progress.begin(steps: set.stripCount * settings.applications)
      return set
    } run: { (set) throws(ConcordError) in
      queries = try self.queries(of: set)
      return try run(set, in: scene, &queries)
    }
    let (set, result) = (measured.prepared, measured.result)
    let matches = set.matches(of: queries[0], in: scene)
    let names = names(of: variants, sought.map { $0[0].shape.components })
    var found: [FoundPlace<rank>] = []
    for match in matches {
      var place = try places.found(
        [match.match], scene: scene, template: sought[match.template])[0]
      place.template = names[match.template]
      found.append(place)
    }
    var report = Report(
      title: "match \(sought.count) templates in \(self.scene.summary)",
      algorithm: set.choice.strategy.algorithm.rawValue, shape: set.scoresShape.components,
      timing: measured.timing)
    describe(found, in: &report)
    describe(result.matches, names, in: &report)
    if queries.count > 1, let ratio = PeakSearch.ratio(queries[1].found.map(\.value)) {
      report.add("peak ratio", Format.significant(ratio), key: "peak_ratio", .number(ratio))
    }
    report.fields.append(("first_center", .integers(set.firstCentre.components)))
    if let scores = result.scores {
      try verify(scores, sought, set, scene, in: &report)
      try write(scores, result.templates, in: &report)
    }
    if let table = places.table {
      try AtomicFile.write(FoundPlace.table(found), to: table)
      report.add("places", table, key: "peaks_file", .string(table))
    }
    if let picture { report.add("picture", picture, key: "picture", .string(picture)) }
    return Found(
      report: report, matches: matches, scores: result.scores, origin: set.firstCentre)
  }

  /// What is looked for: the places, and for scores the best two.
  private func queries<let rank: Int, S: RealScalar>(
    of set: TemplateSet<rank, S>
  ) throws(ConcordError) -> [PeakQuery] {
    let isStack = templates[0].rank < scene.rank
    let wanted = try places.options(axes: rank, isStack: isStack)
    var queries = [try set.query(wanted)]
    let smallest = Shape<rank> { 2 * set.defaultPeakDistance[$0] - 1 }
    if let distance = try places.ratioDistance(of: set.options, smallest, isStack) {
      queries.append(try set.query(PeakOptions(count: 2, minimumDistance: distance)))
    }
    return queries
  }

  /// Searches the scene, and keeps maps only where they are of use.
  private func run<let rank: Int, S: RealScalar>(
    _ set: TemplateSet<rank, S>, in scene: [NDArray<rank, S>], _ queries: inout [PeakQuery]
  ) throws(ConcordError) -> SetResult<rank, S> {
    let keepsMaps =
      settings.output != nil || indexMap != nil || picture != nil || settings.samples != nil
    guard !keepsMaps else {
      let found = try set.search(scene, &queries) { settings.progress.step() }
      return SetResult(found.matches, found.scores, found.templates)
    }
    let best = try set.run(scene, &queries) { (_) throws(ConcordError) in
      settings.progress.step()
    }
    return SetResult(set.bestMatches(best, in: scene), nil, nil)
  }

  private func names(of variants: [TemplateVariant], _ shapes: [[Int]]) -> [NamedTemplate] {
    variants.indices.map { number in
      NamedTemplate(
        number: number, file: templates[variants[number].source].path, variant: variants[number],
        shape: shapes[number])
    }
  }

  private func draw<S: RealScalar>(
    _ sought: [[Image<S>]], _ found: Found<2, S>
  ) throws(ConcordError) {
    guard let picture, let scores = found.scores else { return }
    let scene: ColorImage<S> = try scene.color()
    var drawing = MatchPicture(
      scene: scene, template: sought[0][0].shape,
      peaks: found.matches.map {
        MarkedPeak(
          position: $0.match.position, score: $0.match.score,
          centreOf: sought[$0.template][0].shape)
      }, scores: scores, title: "\(sought.count) templates in \(self.scene.path.fileName)")
    drawing.scoreOrigin = found.origin
    if options.metric != .zncc { drawing.scoreLabel = options.metric.rawValue }
    try AtomicFile.write(try drawing.png(), to: picture)
  }
}

/// What a run finds: the maps only where they are wanted.
private struct SetResult<let rank: Int, S: RealScalar> {
  let matches: [Match<rank>?]
  let scores: NDArray<rank, S>?
  let templates: NDArray<rank, Int32>?

  init(
    _ matches: [Match<rank>?], _ scores: NDArray<rank, S>?, _ templates: NDArray<rank, Int32>?
  ) {
    self.matches = matches
    self.scores = scores
    self.templates = templates
  }
}
