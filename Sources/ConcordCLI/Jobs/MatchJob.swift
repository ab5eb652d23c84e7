import Concord
import ConcordFiles
import ConcordPictures

/// A template looked for in a scene, both read.
struct MatchJob {
  let scene: FileArray
  let template: FileArray
  let masks: MatchMasks
  /// What becomes of colour.
  let channels: MatchChannels
  /// Which places are wanted.
  let places: PeakSearch
  /// Where the picture goes.
  let picture: String?
  /// How often the scene is halved for a coarse search; nil for none.
  var coarse: Int?
  let options: MatchingOptions
  let settings: JobSettings

  func run() throws(ConcordError) -> Report {
    try settings.checkOutput()
    for path in [picture, places.table].compactMap(\.self) { try ArrayFile.checkOutput(path) }
    guard template.rank == scene.rank || (scene.rank == 3 && template.rank == 2) else {
      throw .file(
        path: template.path,
        problem: "expected a template of \(scene.rank) dimension\(scene.rank == 1 ? "" : "s")"
          + (scene.rank == 3 ? " (or of 2, for every image of the stack)" : "")
          + " as \(scene.summary) has, found \(template.rank)")
    }
    if picture != nil && scene.rank != 2 {
      throw .file(
        path: scene.path,
        problem: "expected an image of 2 dimensions for --picture, found \(scene.rank)")
    }
    let precision = Precision(settings.precision, for: [scene, template])
    return precision == .float ? try run(Float.self) : try run(Double.self)
  }

  private func run<S: RealScalar & CommandElement>(
    _ type: S.Type
  ) throws(ConcordError) -> Report {
    switch scene.rank {
    case 1:
      return try search(
        channels.arrays(of: scene), try channels.arrays(of: template) as [Signal<S>]
      ).report
    case 2:
      let sought: [Image<S>] = try channels.arrays(of: template)
      let found = try search(channels.arrays(of: scene), sought)
      try draw(sought[0].shape, found)
      return found.report
    default:
      if template.rank == 3 {
        return try search(
          channels.arrays(of: scene), try channels.arrays(of: template) as [Volume<S>]
        ).report
      }
      let images: [Image<S>] = try channels.arrays(of: template)
      var slices: [Volume<S>] = []
      for image in images {
        let shape = Shape<3>(planes: 1, rows: image.rows, columns: image.columns)
        slices.append(try image.reshaped(to: shape))
      }
      return try search(channels.arrays(of: scene), slices).report
    }
  }

  /// Channels that are matched together.
  private struct Group<let rank: Int, S: RealScalar> {
    let scene: [NDArray<rank, S>]
    let template: [NDArray<rank, S>]
  }

  private struct Found<let rank: Int, S: RealScalar> {
    let report: Report
    var matches: [Match<rank>] = []
    /// What a picture is drawn of; nil if the map was never held.
    var scores: NDArray<rank, S>?
    var origin = Position<rank> { _ in 0 }
  }

  /// The colours of both, together or each for itself; a grey template is looked for in each.
  private func groups<let rank: Int, S: RealScalar>(
    _ scene: [NDArray<rank, S>], _ template: [NDArray<rank, S>]
  ) throws(ConcordError) -> [Group<rank, S>] {
    guard template.count == scene.count || (channels == .each && template.count == 1) else {
      throw .file(
        path: self.template.path,
        problem: "expected as many colours as \(self.scene.path) has, \(scene.count), found "
          + "\(template.count)")
    }
    guard channels == .each else { return [Group(scene: scene, template: template)] }
    return scene.indices.map {
      Group(scene: [scene[$0]], template: [template[min($0, template.count - 1)]])
    }
  }

  /// Computes the scores, finds the places and writes the score map.
  private func search<let rank: Int, S: RealScalar & CommandElement>(
    _ scene: [NDArray<rank, S>], _ template: [NDArray<rank, S>]
  ) throws(ConcordError) -> Found<rank, S> {
    let groups = try groups(scene, template)
    if let coarse {
      return Found(report: try searchCoarsely(scene, template, levels: coarse))
    }
    if let report = try searchInStrips(scene, template) { return Found(report: report) }
    self.scene.loadMemory()
    settings.progress.begin(steps: groups.count * settings.applications)
    let measured = try settings.measure { () throws(ConcordError) in
      var matchers: [SceneMatcher<rank, S>] = []
      for group in groups {
        matchers.append(
          try SceneMatcher(
            template: group.template, scene: scene[0].shape, masks: masks, options: options))
      }
      return matchers
    } run: { (matchers) throws(ConcordError) in
      var maps: [NDArray<rank, S>] = []
      for (matcher, group) in zip(matchers, groups) {
        maps.append(try matcher.scores(in: group.scene))
        settings.progress.step()
      }
      return maps
    }
    let (matchers, maps) = (measured.prepared, measured.result)
    let isStack = self.template.rank < self.scene.rank
    var found: [FoundPlace<rank>] = []
    for (index, group) in groups.enumerated() {
      found += try places.run(
        matchers[index], scene: group.scene, template: group.template, scores: maps[index],
        isStack: isStack, channel: groups.count > 1 ? index : nil)
    }
    var report = Report(
      title: "match \(self.template.summary) in \(self.scene.summary)",
      algorithm: matchers[0].algorithm.rawValue,
      shape: maps[0].shape.components, timing: measured.timing)
    describe(found, in: &report)
    if maps.count == 1, let ratio = try places.ratio(maps[0], by: matchers[0], isStack: isStack) {
      report.add("peak ratio", Format.significant(ratio), key: "peak_ratio", .number(ratio))
    }
    try verify(maps, by: matchers, of: groups, in: &report)
    if let output = settings.output {
      try S.write(maps, to: output, range: settings.range)
      report.addOutput(output, shape: maps[0].shape.components, precision: S.precision)
      if maps.count > 1 { report.fields.append(("channels", .integer(maps.count))) }
    }
    try writeTable(found, in: &report)
    if let picture { report.add("picture", picture, key: "picture", .string(picture)) }
    return Found(
      report: report, matches: found.map { $0.match }, scores: maps[0],
      origin: matchers[0].firstPosition)
  }

  /// Writes the table of places, where one is wanted.
  func writeTable<let rank: Int>(
    _ found: [FoundPlace<rank>], in report: inout Report
  ) throws(ConcordError) {
    guard let table = places.table else { return }
    try AtomicFile.write(FoundPlace.table(found), to: table)
    report.add("places", table, key: "peaks_file", .string(table))
  }

  /// Tells the places, and how they were scored.
  func describe<let rank: Int>(_ found: [FoundPlace<rank>], in report: inout Report) {
    report.fields.append(("metric", .string(options.metric.rawValue)))
    report.fields.append(("extent", .string(options.extent.rawValue)))
    for (key, mask) in [("mask", masks.template), ("scene_mask", masks.scene)] {
      if let mask { report.add(key, mask.path, key: key, .string(mask.path)) }
    }
    report.fields.insert(("peaks", .array(found.map { $0.json })), at: 0)
    report.lines.append(
      (
        "found",
        found.isEmpty ? "nothing" : "\(found.count) place\(found.count == 1 ? "" : "s")"
      ))
    report.details = found.enumerated().map { "    \($0 + 1). \($1.text)\n" }.joined()
  }

  /// Compares random scores with their definition.
  private func verify<let rank: Int, S: RealScalar & CommandElement>(
    _ maps: [NDArray<rank, S>], by matchers: [SceneMatcher<rank, S>],
    of groups: [Group<rank, S>], in report: inout Report
  ) throws(ConcordError) {
    guard let samples = settings.samples else { return }
    var verification = Verification(samples: samples)
    for (index, group) in groups.enumerated() {
      try verification.check(
        maps[index], by: definition(of: group, by: matchers[index]),
        samples: (samples + index) / groups.count)
    }
    try verification.finish(in: &report, precision: S.precision)
  }

  private func definition<let rank: Int, S: RealScalar & CommandElement>(
    of group: Group<rank, S>, by matcher: SceneMatcher<rank, S>
  ) throws(ConcordError) -> OutputDefinition {
    guard masks.isUsed else {
      let definition = MatchDefinition(
        template: group.template.map { Grid($0) }, options: options, precision: S.precision)
      return definition.outputs(scene: group.scene.map { Grid($0) })
    }
    let (scene, template) = (group.scene[0], group.template[0])
    let weights: NDArray<rank, S>? = try masks.templateWeights(template.shape)
    let sceneWeights: NDArray<rank, S>? = try masks.sceneWeights(scene.shape)
    return MaskedMatchDefinition(
      template: Grid(template), weights: weights.map { Grid($0) },
      sceneWeights: sceneWeights.map { Grid($0) }, options: options, nan: masks.nan,
      precision: S.precision, minimum: try matcher.leastOverlap(in: group.scene)
    ).outputs(scene: Grid(scene))
  }

  private func draw<S: RealScalar>(
    _ template: Shape<2>, _ found: Found<2, S>
  ) throws(ConcordError) {
    guard let picture, let scores = found.scores else { return }
    let scene: ColorImage<S> = try scene.color()
    var drawing = MatchPicture(
      scene: scene, template: template,
      peaks: found.matches.map { MarkedPeak(position: $0.position, score: $0.score) },
      scores: scores, title: "\(name(self.template.path)) in \(name(self.scene.path))")
    drawing.scoreOrigin = found.origin
    if options.metric != .zncc { drawing.scoreLabel = options.metric.rawValue }
    try AtomicFile.write(try drawing.png(), to: picture)
  }

  /// A file's name without its folder.
  private func name(_ path: String) -> String {
    path == "-" ? "standard input" : String(path.split(separator: "/").last ?? "")
  }
}
