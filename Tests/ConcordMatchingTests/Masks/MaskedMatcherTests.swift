import ConcordArrays
import ConcordFiltering
import ConcordMatching
import ConcordTestSupport
import Testing

@Suite("Masked template matcher")
struct MaskedMatcherTests {
  @Test("One matcher serves many frames, with masks of their own or none")
  func frames() throws {
    var random = SplitMix64(seed: 0xf4a)
    let sought: Image<Float> = random.array([9, 8], in: 0...1)
    let disc = Mask<2>(shape: [9, 8]) {
      ($0.row - 4) * ($0.row - 4) + ($0.column - 4) * ($0.column - 4) <= 16
    }
    let matcher = try MaskedTemplateMatcher(template: sought, mask: disc, scene: [40, 44])
    for frame in 0..<3 {
      var scene: Image<Float> = random.array([40, 44], in: 0...1)
      for row in 0..<9 {
        for column in 0..<8 where disc[row, column] {
          // Whatever brightness and contrast are.
          scene[5 + row + frame, 11 + column] = 3 * sought[row, column] - 7
        }
      }
      let before = scene
      let best = try #require(try matcher.bestMatch(in: scene))
      #expect(best.position == [5 + frame, 11] && abs(best.score - 1) < 1e-6)
      // Without its place it is not found there.
      let mask = Mask<2>(shape: [40, 44]) { $0.row > 10 + frame }
      let scores = try matcher.scores(in: scene, mask: mask)
      let again = try scene.matchScores(of: sought, mask: disc, sceneMask: mask)
      #expect(zip(scores.elements, again.elements).allSatisfy { abs($0 - $1) < 1e-6 })
      #expect(scene.elements == before.elements)
    }
  }

  @Test("Peaks are fitted between elements, and scored by the definition")
  func peaks() throws {
    var random = SplitMix64(seed: 0x9ea)
    let scene: Image<Double> = random.array([30, 34], in: 0...1)
    let sought = Image<Double>(shape: [6, 7]) { scene[$0.row + 12, $0.column + 9] }
    var weights = Image<Double>(shape: [6, 7], repeating: 0.5)
    weights[2, 3] = 1
    weights[5, 6] = 0
    let all = Image<Double>(shape: scene.shape, repeating: 1)
    let matcher = try MaskedTemplateMatcher(
      template: sought, weights: weights, scene: scene.shape,
      options: MatchingOptions(metric: .nssd, extent: .same))
    let scores = try matcher.scores(in: scene, weights: all)
    #expect(scores.shape == scene.shape && matcher.firstPosition == [-2, -3])
    var wanted = PeakOptions(count: 3)
    wanted.subpixel = .newton
    let found = try matcher.matches(in: scene, weights: all, scores: scores, wanted)
    #expect(found[0].position == [12, 9] && found[0].score == 0 && found.count == 3)
    let fit = try #require(found[0].fit)
    #expect((0..<2).allSatisfy { abs(fit.offset[$0]) < 0.5 })
    for match in found {
      let score = try matcher.score(in: scene, at: match.position)
      #expect(abs(score - match.score) < 1e-12)
    }
    let best = try matcher.bestMatch(in: scene, weights: all)
    #expect(best?.position == [12, 9])
  }

  @Test(
    "A workspace changes no bit, and makes further calls allocate nothing large",
    arguments: [ConvolutionAlgorithm.direct, .fft, .overlapSave])
  func workspace(algorithm: ConvolutionAlgorithm) throws {
    var random = SplitMix64(seed: 0x5ace)
    let scene: Image<Float> = random.array([90, 80])
    let template: Image<Float> = random.array([9, 11])
    let mask = Mask<2>(shape: [9, 11]) { $0.row + $0.column > 3 }
    let holes = Mask<2>(shape: [90, 80]) { ($0.row / 3 + $0.column / 3) % 3 != 0 }
    var options = MatchingOptions(metric: .zncc, extent: .same)
    options.algorithm = algorithm
    options.effort = .estimate
    options.threads = 1
    let matcher = try MaskedTemplateMatcher(
      template: template, mask: mask, scene: scene.shape, options: options)
    let expected = try matcher.scores(in: scene, mask: holes)
    var workspace = matcher.makeWorkspace()
    var found = Image<Float>(shape: matcher.scoresShape, repeating: .nan)
    var held: [Int] = []
    for _ in 0..<3 {
      try matcher.scores(in: scene, mask: holes, into: &found, using: &workspace)
      #expect(found.elements == expected.elements)
      held.append(workspace.byteCount)
    }
    #expect(held[0] > 0 && held[1] == held[2])
    var wrong = Image<Float>(shape: [3, 3], repeating: 0)
    #expect(throws: ConcordError.shapesDiffer(expected: [90, 80], found: [3, 3])) {
      try matcher.scores(in: scene, mask: holes, into: &wrong, using: &workspace)
    }
    #expect(try matcher.largestOverlap(in: scene) == Double(mask.trueCount))
    let overlap = try matcher.largestOverlap(in: scene, mask: holes)
    #expect(overlap == overlap.rounded() && overlap < Double(mask.trueCount) && overlap > 50)
  }

  @Test("Refuses what makes no sense, and says what it expected")
  func refusals() throws {
    let scene = Image<Float>(shape: [8, 9]) { Float($0.row * $0.column) }
    let sought = Image<Float>(shape: [3, 4]) { Float($0.row + $0.column) }
    func matcher(_ mask: Mask<2>) throws -> MaskedTemplateMatcher<2, Float> {
      try MaskedTemplateMatcher(template: sought, mask: mask, scene: scene.shape)
    }
    #expect(throws: ConcordError.shapesDiffer(expected: [3, 4], found: [4, 3])) {
      try matcher(Mask(shape: [4, 3], repeating: true))
    }
    #expect(throws: ConcordError.empty(what: "the template's mask")) {
      try matcher(Mask(shape: [3, 4], repeating: false))
    }
    let one = Mask<2>(shape: [3, 4]) { $0.row + $0.column == 3 }
    #expect(throws: ConcordError.flatTemplate) { try matcher(one) }
    for (weight, found) in [(Float(1.5), 1.5), (-0.25, -0.25)] {
      let weights = Image<Float>(shape: [3, 4], repeating: weight)
      #expect(
        throws: ConcordError.outOfRange(
          what: "the weights of the template's mask", found: found, allowed: "0 to 1")
      ) {
        try MaskedTemplateMatcher(template: sought, weights: weights, scene: scene.shape)
      }
    }
    let fine = try matcher(Mask(shape: [3, 4], repeating: true))
    #expect(throws: ConcordError.shapesDiffer(expected: [8, 9], found: [9, 8])) {
      try fine.scores(in: scene, mask: Mask(shape: [9, 8], repeating: true))
    }
    #expect(throws: ConcordError.shapesDiffer(expected: [8, 9], found: [3, 4])) {
      try fine.scores(in: sought)
    }
    #expect(throws: ConcordError.self) {
      try fine.scores(in: scene, weights: Image(shape: [8, 9], repeating: .nan))
    }
    #expect(throws: ConcordError.self) { try fine.score(in: scene, at: [6, 0]) }
    var options = MatchingOptions()
    options.algorithm = .box
    #expect(throws: ConcordError.self) {
      try scene.matchScores(of: sought, mask: one, options: options)
    }
    options.algorithm = .fft
    options.memoryLimit = 100
    let limited = options
    let error = #expect(throws: ConcordError.self) {
      try scene.matchScores(of: sought, mask: nil, options: limited)
    }
    #expect(error?.description.contains("expected at most 100 bytes") ?? false)
    #expect(throws: ConcordError.exceeds(what: "the template", extents: [8, 9], limit: [3, 4])) {
      try sought.matchScores(of: scene, mask: nil)
    }
    // A scene of which nothing counts has no matches.
    let scores = try fine.scores(in: scene, mask: Mask(shape: [8, 9], repeating: false))
    #expect(scores.elements.allSatisfy { $0 == 0 })
  }
}
