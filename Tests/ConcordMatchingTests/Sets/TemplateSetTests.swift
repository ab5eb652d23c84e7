import ConcordArrays
import ConcordFiltering
import ConcordMatching
import ConcordTestSupport
import Testing

@Suite("Many templates in one scene")
struct TemplateSetTests {
  @Test("Scores, places and the best template are those of single matches")
  func agreement() throws {
    var random = SplitMix64(seed: 0x5e7)
    var scene: Image<Float> = random.array([50, 60], in: 1...2)
    scene[40, 50] = .nan
    // Windows without contrast.
    for row in 20..<34 {
      for column in 2..<16 { scene[row, column] = 0 }
    }
    var templates: [Image<Float>] = []
    for _ in 0..<20 { templates.append(random.array([7, 6], in: 1...2)) }
    templates[17] = Image(shape: [7, 6]) { scene[$0.row + 12, $0.column + 31] }
    for metric in MatchingMetric.allCases {
      for (extent, boundary) in [
        (ConvolutionMode.valid, Boundary.zero), (.same, .constant(3)), (.full, .renormalize),
        (.full, .reflect),
      ] {
        for algorithm in [ConvolutionAlgorithm.direct, .overlapSave] {
          var options = MatchingOptions(metric: metric, extent: extent, boundary: boundary)
          options.algorithm = algorithm
          options.minimumOverlap = 0.5
          options.effort = .estimate
          try check(scene, templates, options)
        }
      }
    }
  }

  private func check(
    _ scene: Image<Float>, _ templates: [Image<Float>], _ options: MatchingOptions
  ) throws {
    let set = try TemplateSet(templates: templates, scene: scene.shape, options: options)
    let found = try set.search(scene)
    let maps = try set.scores(in: scene)
    #expect(maps.count == 20 && found.matches.count == 20)
    var best = Image<Float>(shape: set.scoresShape, repeating: .nan)
    for (index, template) in templates.enumerated() {
      let matcher = try TemplateMatcher(template: template, scene: scene.shape, options: options)
      let single = try matcher.scores(in: scene)
      #expect(try agree(maps[index], single), "\(options)")
      #expect(found.matches[index] == (try matcher.bestMatch(in: scene)), "\(options)")
      for (place, score) in maps[index].elements.enumerated() {
        let position = best.shape.position(ofIndex: place)
        let other = best[position]
        if other.isNaN || (options.metric.isDistance ? score < other : score > other) {
          best[position] = score
        }
      }
    }
    for index in 0..<best.count {
      let position = best.shape.position(ofIndex: index)
      let (score, template) = (found.scores[position], found.templates[position])
      #expect(score == best[position] || (score.isNaN && best[position].isNaN))
      #expect(score.isNaN ? template == -1 : maps[Int(template)][position] == score)
    }
    if options.metric.isNormalized || options.metric == .ssd {
      #expect(found.matches[17]?.position == [12, 31])
    }
  }

  /// Whether maps are equal but for rounding, relative to their largest score.
  private func agree(_ first: Image<Float>, _ second: Image<Float>) throws -> Bool {
    guard first.shape == second.shape else { return false }
    let largest = second.elements.filter(\.isFinite).map { abs($0) }.max() ?? 0
    return zip(first.elements, second.elements).allSatisfy { a, b in
      (a.isNaN && b.isNaN) || abs(a - b) <= 1e-5 * max(1, largest)
    }
  }

  @Test("Sets must have templates that can be matched")
  func refusals() throws {
    let template = Image<Float>(shape: [2, 3]) { Float($0.row + $0.column) }
    #expect(throws: ConcordError.empty(what: "the list of templates")) {
      _ = try TemplateSet(templates: [Image<Float>](), scene: [8, 8])
    }
    #expect(throws: ConcordError.flatTemplate) {
      _ = try TemplateSet(
        templates: [template, Image(shape: [2, 3], repeating: 1)], scene: [8, 8])
    }
    #expect(throws: ConcordError.exceeds(what: "the template", extents: [2, 3], limit: [8, 2])) {
      _ = try TemplateSet(templates: [template], scene: [8, 2])
    }
    let set = try TemplateSet(templates: [template], scene: [8, 8])
    #expect(throws: ConcordError.shapesDiffer(expected: [8, 8], found: [2, 3])) {
      _ = try set.search(template)
    }
  }

  @Test("Results don't depend on threads")
  func threads() throws {
    var random = SplitMix64(seed: 0x5e8)
    let scene: Image<Float> = random.array([90, 800], in: 0...1)
    var templates: [Image<Float>] = []
    for _ in 0..<5 { templates.append(random.array([9, 9], in: 0...1)) }
    // Equal templates have equal scores: the first one counts.
    templates.append(templates[0])
    func run(_ threads: Int) throws -> TemplateSetScores<2, Float> {
      var options = MatchingOptions()
      options.threads = threads
      options.effort = .estimate
      return try TemplateSet(templates: templates, scene: scene.shape, options: options)
        .search(scene)
    }
    let one = try run(1)
    #expect(!one.templates.elements.contains(5))
    for threads in [2, 5] {
      let other = try run(threads)
      #expect(other.scores == one.scores && other.templates == one.templates)
      #expect(other.matches == one.matches)
    }
  }
}
