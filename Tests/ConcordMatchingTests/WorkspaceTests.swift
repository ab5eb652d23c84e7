import ConcordArrays
import ConcordBackends
import ConcordFiltering
import ConcordMatching
import ConcordTestSupport
import Testing

@Suite("Matching with a workspace")
struct MatchingWorkspaceTests {
  @Test(
    "Scores the same bits, and allocates once",
    arguments: [ConvolutionAlgorithm.direct, .fft, .overlapSave])
  func scores(algorithm: ConvolutionAlgorithm) throws {
    var random = SplitMix64(seed: 3)
    let scene: Image<Float> = random.array([150, 160])
    let template: Image<Float> = random.array([9, 11])
    var options = MatchingOptions()
    options.algorithm = algorithm
    options.effort = .estimate
    options.threads = 1
    let matcher = try TemplateMatcher(template: template, scene: scene.shape, options: options)
    let expected = try matcher.scores(in: scene)
    var workspace = matcher.makeWorkspace()
    var scores = Image<Float>(shape: expected.shape, repeating: .nan)
    try matcher.scores(in: scene, into: &scores, using: &workspace)
    #expect(scores == expected)
    let allocations = workspace.arena.allocations
    workspace.arena.spoil()
    scores = Image<Float>(shape: expected.shape, repeating: .nan)
    try matcher.scores(in: scene, into: &scores, using: &workspace)
    #expect(scores == expected)
    #expect(workspace.arena.allocations == allocations)
    var wrong = scene
    #expect(throws: ConcordError.shapesDiffer(expected: [142, 150], found: [150, 160])) {
      try matcher.scores(in: scene, into: &wrong, using: &workspace)
    }
  }
}
