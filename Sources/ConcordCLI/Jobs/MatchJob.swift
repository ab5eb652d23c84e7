import Concord
import ConcordFiles
import ConcordPictures

/// A template looked for in a scene, both read.
struct MatchJob {
  let scene: FileArray
  let template: FileArray
  /// How many places are wanted at most.
  let top: Int
  /// The smallest score that counts.
  let threshold: Double
  /// Where the picture goes.
  let picture: String?
  let options: MatchingOptions
  let settings: JobSettings

  func run() throws(ConcordError) -> Report {
    try settings.checkOutput()
    if let picture { try ArrayFile.checkOutput(picture) }
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
      let template: Signal<S> = try template.array()
      return try search(try scene.array(), template).0
    case 2:
      let template: Image<S> = try template.array()
      let (report, matches, scores) = try search(try scene.array(), template)
      try draw(template.shape, matches, scores)
      return report
    default:
      if template.rank == 3 {
        let template: Volume<S> = try template.array()
        return try search(try scene.array(), template).0
      }
      let image: Image<S> = try template.array()
      let slice = try image.reshaped(
        to: Shape<3>(planes: 1, rows: image.rows, columns: image.columns))
      return try search(try scene.array(), slice).0
    }
  }

  /// Computes the scores, finds the places and writes the score map.
  private func search<let rank: Int, S: RealScalar & CommandElement>(
    _ scene: NDArray<rank, S>, _ template: NDArray<rank, S>
  ) throws(ConcordError) -> (Report, [Match<rank>], NDArray<rank, S>) {
    settings.progress.begin(steps: settings.applications)
    let measured = try settings.measure { () throws(ConcordError) in
      try TemplateMatcher(template: template, scene: scene.shape, options: options)
    } run: { (matcher) throws(ConcordError) in
      let scores = try matcher.scores(in: scene)
      settings.progress.step()
      return scores
    }
    let scores = measured.result
    let matches = try measured.prepared.matches(
      in: scene, scores: scores, count: top, threshold: threshold)
    var report = Report(
      title: "match \(self.template.summary) in \(self.scene.summary)",
      algorithm: measured.prepared.plan.choice.strategy.algorithm.rawValue,
      shape: scores.shape.components, timing: measured.timing)
    report.fields.append(("metric", .string("zncc")))
    report.fields.insert(("peaks", .array(matches.map(\.json))), at: 0)
    report.lines.append(
      (
        "found",
        matches.isEmpty ? "nothing" : "\(matches.count) place\(matches.count == 1 ? "" : "s")"
      ))
    report.details = matches.enumerated().map { "    \($0 + 1). \($1.text)\n" }.joined()
    if let samples = settings.samples {
      var verification = Verification(samples: samples)
      let definition = MatchDefinition(template: Grid(template), precision: S.precision)
      try verification.check(
        scores, by: definition.outputs(scene: Grid(scene)), samples: samples)
      try verification.finish(in: &report, precision: S.precision)
    }
    if let output = settings.output {
      try S.write([scores], to: output, range: settings.range)
      report.addOutput(output, shape: scores.shape.components, precision: S.precision)
    }
    if let picture { report.add("picture", picture, key: "picture", .string(picture)) }
    return (report, matches, scores)
  }

  private func draw<S: RealScalar>(
    _ template: Shape<2>, _ matches: [Match<2>], _ scores: Image<S>
  ) throws(ConcordError) {
    guard let picture else { return }
    let scene: ColorImage<S> = try scene.color()
    let drawing = MatchPicture(
      scene: scene, template: template,
      peaks: matches.map { MarkedPeak(position: $0.position, score: $0.score) }, scores: scores,
      title: "\(name(self.template.path)) in \(name(self.scene.path))")
    try AtomicFile.write(try drawing.png(), to: picture)
  }

  /// A file's name without its folder.
  private func name(_ path: String) -> String {
    path == "-" ? "standard input" : String(path.split(separator: "/").last ?? "")
  }
}

extension Match {
  /// The names of the axes, innermost last.
  private static var axes: [String] { Array(["plane", "row", "column"].suffix(rank)) }

  /// The place and the score as an object.
  fileprivate var json: JSONValue {
    let place = zip(Self.axes, position.components).map {
      (key: $0, value: JSONValue.integer($1))
    }
    return .object(place + [("score", .number(score))])
  }

  /// The place and the score for people.
  fileprivate var text: String {
    let place = zip(Self.axes, position.components).map { "\($0) \($1)" }
    return (place + ["score \(Format.significant(score, digits: 5))"]).joined(separator: ", ")
  }
}
