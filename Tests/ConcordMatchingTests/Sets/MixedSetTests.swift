import ConcordArrays
import ConcordFiltering
import ConcordMatching
import ConcordTestSupport
import NaiveReference
import Testing

@Suite("Templates of different shapes")
struct MixedSetTests {
  /// Where maps lie over each other, told another way than the engine does.
  private func check<let rank: Int>(
    _ scene: [NDArray<rank, Double>], _ templates: [[NDArray<rank, Double>]],
    _ options: MatchingOptions, bytes: Int?
  ) throws {
    let set = try TemplateSet(
      channels: templates, variants: templates.indices.map { TemplateVariant(source: $0) },
      scene: scene[0].shape, options: options, bytes: bytes)
    let found = try set.search(scene)
    var best: [Position<rank>: (score: Double, template: Int)] = [:]
    for (number, template) in templates.enumerated() {
      let matcher = try TemplateMatcher(
        channels: template, scene: scene[0].shape, options: options)
      let map = try matcher.scores(in: scene)
      #expect(found.matches[number] == (try matcher.bestMatch(in: scene)), "\(options)")
      for (index, score) in map.elements.enumerated() where !score.isNaN {
        let place = map.shape.position(ofIndex: index)
        let centre = Position<rank> {
          place[$0] + matcher.firstPosition[$0] + (template[0].shape[$0] - 1) / 2
        }
        let other = best[centre]?.score ?? (options.metric.isDistance ? .infinity : -.infinity)
        if options.metric.isDistance ? score < other : score > other {
          best[centre] = (score, number)
        }
      }
    }
    var known = 0
    for index in 0..<found.scores.count {
      let place = found.scores.shape.position(ofIndex: index)
      let (score, template) = (found.scores[place], found.templates[place])
      let centre = Position<rank> { place[$0] + set.firstCentre[$0] }
      guard let expected = best[centre] else {
        #expect(score.isNaN && template == -1)
        continue
      }
      known += 1
      #expect(abs(score - expected.score) < 1e-9 * max(1, abs(score)), "\(options) \(centre)")
      #expect(template >= 0)
    }
    #expect(known == best.count)
    var peaks = PeakOptions(count: 5)
    peaks.subpixel = .newton
    let matches = try set.matches(in: scene, peaks)
    #expect(matches.count == 5)
    for match in matches {
      let matcher = try TemplateMatcher(
        channels: templates[match.template], scene: scene[0].shape, options: options)
      #expect(match.match.score == (try matcher.score(in: scene, at: match.match.position)))
    }
    let scores = best.values.map(\.score)
    let top = options.metric.isDistance ? scores.min() : scores.max()
    #expect(abs((matches.first?.match.score ?? .nan) - (top ?? 0)) < 1e-9 * max(1, abs(top ?? 0)))
  }

  @Test("Common maps are those of single matchers, laid over each other by their centres")
  func images() throws {
    var random = SplitMix64(seed: 0x91)
    var scene: Image<Double> = random.array([40, 37], in: 0...1)
    scene[33, 5] = .nan
    var templates: [[Image<Double>]] = []
    for shape: Shape<2> in [[5, 5], [4, 9], [8, 3], [5, 5], [1, 7], [5, 5]] {
      templates.append([random.array(shape, in: 0...1)])
    }
    for (metric, extent, boundary) in [
      (MatchingMetric.zncc, ConvolutionMode.valid, Boundary.zero), (.ssd, .same, .reflect),
      (.ncc, .full, .renormalize), (.cross, .full, .wrap), (.nssd, .valid, .zero),
    ] {
      var options = MatchingOptions(metric: metric, extent: extent, boundary: boundary)
      options.effort = .estimate
      for bytes in [nil, 16_000] { try check([scene], templates, options, bytes: bytes) }
    }
  }

  @Test("Several channels together, signals and volumes")
  func others() throws {
    var random = SplitMix64(seed: 0x92)
    var options = MatchingOptions()
    options.effort = .estimate
    let scene: [Image<Double>] = [random.array([30, 31]), random.array([30, 31])]
    var templates: [[Image<Double>]] = []
    for shape: Shape<2> in [[5, 4], [3, 6], [5, 4]] {
      templates.append([random.array(shape), random.array(shape)])
    }
    for bytes in [nil, 8000] { try check(scene, templates, options, bytes: bytes) }
    let signal: Signal<Double> = random.array([200])
    let volume: Volume<Double> = random.array([14, 9, 10])
    for bytes in [nil, 2000] {
      try check(
        [signal], [[random.array([9])], [random.array([16])]], options, bytes: bytes)
      try check(
        [volume], [[random.array([3, 2, 4])], [random.array([2, 5, 3])]], options, bytes: bytes)
    }
  }

  @Test("A set scores as the loops of the definition do")
  func definition() throws {
    var random = SplitMix64(seed: 0x93)
    let scene: Image<Double> = random.array([20, 18])
    let templates: [Image<Double>] = [random.array([4, 4]), random.array([3, 6])]
    let maps = try TemplateSet(templates: templates, scene: scene.shape).scores(in: scene)
    for (map, template) in zip(maps, templates) {
      let expected = try NaiveArray(scene).zeroMeanNormalizedCorrelation(with: NaiveArray(template))
      #expect(map.shape.components == expected.shape)
      for (found, truth) in zip(map.elements, expected.values) {
        #expect(abs(found - truth) < 1e-11)
      }
    }
  }

  @Test("Channels have to fit each other")
  func refusals() throws {
    let a = Image<Double>(shape: [3, 3]) { Double($0.row * $0.column) }
    let b = Image<Double>(shape: [3, 4]) { Double($0.row * $0.column) }
    #expect(throws: ConcordError.elementCount(expected: 1, found: 2)) {
      _ = try TemplateSet(channels: [[a], [a, a]], scene: [9, 9])
    }
    #expect(throws: ConcordError.shapesDiffer(expected: [3, 3], found: [3, 4])) {
      _ = try TemplateSet(channels: [[a, b]], scene: [9, 9])
    }
    let set = try TemplateSet(channels: [[a, a]], scene: [9, 9])
    #expect(throws: ConcordError.elementCount(expected: 2, found: 1)) {
      _ = try set.search(Image<Double>(shape: [9, 9], repeating: 1))
    }
    #expect(throws: ConcordError.elementCount(expected: 2, found: 3)) {
      _ = try set.matches(
        in: [a, a], PeakOptions(count: 1, minimumDistance: [1, 2, 3]))
    }
  }
}
