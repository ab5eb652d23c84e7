import Concord
import ConcordFiles

/// The best score of many templates, which lie one below the other in an image: together, or one after the
/// other.
func manyTemplates<Scalar: RealScalar>(
  _ job: PeerJob, in scene: Image<Scalar>, stacked: Image<Scalar>
) throws -> ServedProblem {
  let (rows, columns) = (job.problem.kernel[0], job.problem.kernel[1])
  let templates = try stride(from: 0, to: stacked.rows, by: rows).map {
    try stacked.view($0..<$0 + rows, 0..<columns).copied()
  }
  var options = MatchingOptions()
  options.threads = job.threads
  guard job.method == Server.oneByOne else {
    let set = try TemplateSet(templates: templates, scene: scene.shape, options: options)
    let last = LastScores<Scalar>()
    return ServedProblem(
      strategy: "\(set.choice.strategy)",
      run: { last.scores = try set.search(scene).scores },
      save: { path in
        if let scores = last.scores { try ArrayFile.write(scores, to: path) }
      })
  }
  let matchers = try templates.map {
    try TemplateMatcher(template: $0, scene: scene.shape, options: options)
  }
  // Each map is made where the last one was; only what is checked is put together.
  let kept = KeptScores(matchers[0])
  return ServedProblem(
    strategy: "\(matchers[0].plan.choice.strategy)",
    run: {
      for matcher in matchers {
        try matcher.scores(in: scene, into: &kept.scores, using: &kept.workspace)
      }
    },
    save: { path in
      let maps = try matchers.map { try $0.scores(in: scene).elements }
      let best = maps[0].indices.map { index in
        maps.reduce(-Scalar.infinity) { max($0, $1[index]) }
      }
      try ArrayFile.write(
        try Image(shape: matchers[0].scoresShape, elements: best), to: path)
    })
}

private final class LastScores<Scalar: RealScalar> {
  var scores: Image<Scalar>?
}

private final class KeptScores<Scalar: RealScalar> {
  var scores: Image<Scalar>
  var workspace: Workspace

  init(_ matcher: TemplateMatcher<2, Scalar>) {
    scores = Image(shape: matcher.scoresShape, repeating: 0)
    workspace = matcher.makeWorkspace()
  }
}
