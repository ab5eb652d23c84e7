import Concord
import ConcordBackends
import ConcordFiles

// What is told and written of several templates.
extension SetMatchJob {
  /// Tells the places, and how they were scored.
  func describe<let rank: Int>(_ found: [FoundPlace<rank>], in report: inout Report) {
    report.fields.append(("metric", .string(options.metric.rawValue)))
    report.fields.append(("extent", .string(options.extent.rawValue)))
    report.fields.insert(("peaks", .array(found.map { $0.json })), at: 0)
    report.lines.append(
      ("found", found.isEmpty ? "nothing" : "\(found.count) place\(found.count == 1 ? "" : "s")"))
    report.details = found.enumerated().map { "    \($0 + 1). \($1.text)\n" }.joined()
  }

  /// Tells the best place of each template.
  func describe<let rank: Int>(
    _ matches: [Match<rank>?], _ names: [NamedTemplate], in report: inout Report
  ) {
    let axes = Array(["plane", "row", "column"].suffix(rank))
    let entries = zip(names, matches).map { name, match in
      var fields = name.fields
      fields.append(("file", .string(name.file)))
      for (axis, label) in axes.enumerated() {
        let value = match.map { JSONValue.integer($0.position[axis]) }
        fields.append((label, value ?? .number(.nan)))
      }
      fields.append(("score", .number(match?.score ?? .nan)))
      return JSONValue.object(fields)
    }
    report.fields.append(("templates", .array(entries)))
    report.lines.append(("templates", "\(names.count)"))
  }

  /// Writes the maps that are wanted.
  func write<let rank: Int, S: RealScalar & CommandElement>(
    _ scores: NDArray<rank, S>, _ templates: NDArray<rank, Int32>?, in report: inout Report
  ) throws(ConcordError) {
    if let output = settings.output {
      try S.write([scores], to: output, range: settings.range)
      report.addOutput(output, shape: scores.shape.components, precision: S.precision)
    }
    if let indexMap, let templates {
      let numbers: NDArray<rank, S> = templates.map { S($0) }
      try S.write([numbers], to: indexMap, range: nil)
      report.add("index map", indexMap, key: "index_map", .string(indexMap))
    }
  }

  /// Compares random scores of the common map with the best of all definitions.
  func verify<let rank: Int, S: RealScalar & CommandElement>(
    _ scores: NDArray<rank, S>, _ sought: [[NDArray<rank, S>]], _ set: TemplateSet<rank, S>,
    _ scene: [NDArray<rank, S>], in report: inout Report
  ) throws(ConcordError) {
    guard let samples = settings.samples else { return }
    var verification = Verification(samples: samples)
    let grids = scene.map { Grid($0) }
    let definitions = sought.map { template in
      MatchDefinition(
        template: template.map { Grid($0) }, options: options, precision: S.precision
      ).outputs(scene: grids)
    }
    let ranges = (0..<sought.count).map { set.commonRanges(of: $0) }
    let isDistance = options.metric.isDistance
    let best = OutputDefinition(real: { (position) throws(ConcordError) in
      var best = Double.nan
      for (definition, ranges) in zip(definitions, ranges) {
        guard zip(position, ranges).allSatisfy({ $1.contains($0) }) else { continue }
        let own = zip(position, ranges).map { $0 - $1.lowerBound }
        let score = try definition.value(own).rawStorage.x
        if best.isNaN || (isDistance ? score < best : score > best) { best = score }
      }
      return best
    })
    try verification.check(scores, by: best, samples: samples)
    try verification.finish(in: &report, precision: S.precision)
  }
}

extension String {
  /// A file's name without its folder.
  var fileName: String {
    self == "-" ? "standard input" : String(split(separator: "/").last ?? "")
  }
}
