import Concord
import ConcordFiles

// Places looked for in a coarse copy of the scene first.
extension MatchJob {
  /// Finds places from coarse to fine, by so many halvings of the scene.
  func searchCoarsely<let rank: Int, S: RealScalar & CommandElement>(
    _ scene: [NDArray<rank, S>], _ template: [NDArray<rank, S>], levels: Int
  ) throws(ConcordError) -> Report {
    guard scene.count == 1, template.count == 1 else {
      throw .elementCount(expected: 1, found: max(scene.count, template.count))
    }
    var pyramid = PyramidOptions()
    pyramid.factor = 1 << levels
    pyramid.matching = options
    pyramid.peaks = try places.options(axes: rank, isStack: false)
    settings.progress.begin(steps: settings.applications)
    let chosen = pyramid
    let measured = try settings.measure { () throws(ConcordError) in
    } run: { (_) throws(ConcordError) in
      defer { settings.progress.step() }
      return try scene[0].coarseToFineMatches(of: template[0], chosen)
    }
    let found = measured.result
    let shape = zip(scene[0].shape.components, template[0].shape.components).map { $0 - $1 + 1 }
    var report = Report(
      title: "match \(self.template.summary) in \(self.scene.summary)",
      algorithm: found.isExact ? "full search" : "coarse-to-fine", shape: shape,
      timing: measured.timing)
    let listed = try places.found(found.matches, scene: scene, template: template)
    describe(listed, in: &report)
    report.add(
      "exact", found.isExact ? "yes" : "no: places without coarse structure may be missing",
      key: "exact", .boolean(found.isExact))
    report.fields.append(("factor", .integer(found.factor)))
    report.fields.append(("candidates", .integer(found.candidates)))
    try verify(found.matches, scene: Grid(scene[0]), template: Grid(template[0]), in: &report)
    try writeTable(listed, in: &report)
    return report
  }

  /// Compares the scores of some places with their definition.
  private func verify<let rank: Int>(
    _ matches: [Match<rank>], scene: Grid, template: Grid, in report: inout Report
  ) throws(ConcordError) {
    guard let samples = settings.samples else { return }
    var verification = Verification(samples: samples)
    let definition = MatchDefinition(template: [template], options: options, precision: .double)
    let outputs = definition.outputs(scene: [scene])
    for match in matches.prefix(samples) {
      verification.add(
        Complex(match.score, 0), expected: try outputs.value(match.position.components), largest: 1)
    }
    try verification.finish(in: &report, precision: .double)
  }
}
