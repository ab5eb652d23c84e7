import ConcordArrays
import ConcordBackends
import ConcordFiltering
import ConcordMatching
import ConcordTestSupport
import Testing

@Suite("Maps in strips")
struct StripTests {
  @Test("Strips hold the scores of the whole map, and its places")
  func agreement() throws {
    var random = SplitMix64(seed: 0x57)
    var scene: Image<Float> = random.array([61, 40], in: 1...2)
    scene[30, 20] = .nan
    for row in 3..<20 {
      for column in 4..<12 { scene[row, column] = 1.5 }
    }
    let template = try scene.view(33..<40, 21..<30).copied()
    for metric in MatchingMetric.allCases {
      for (extent, boundary) in [
        (ConvolutionMode.valid, Boundary.zero), (.same, .constant(3)), (.same, .replicate),
        (.full, .renormalize), (.full, .reflect), (.full, .symmetric), (.same, .wrap),
        (.full, .wrap),
      ] {
        var options = MatchingOptions(metric: metric, extent: extent, boundary: boundary)
        options.minimumOverlap = 0.3
        options.effort = .estimate
        try check(scene, template, options)
      }
    }
  }

  private func check<let rank: Int>(
    _ scene: NDArray<rank, Float>, _ template: NDArray<rank, Float>, _ options: MatchingOptions,
    bytes: Int = 1200, margin: Int = 1
  ) throws {
    let matcher = try TemplateMatcher(template: template, scene: scene.shape, options: options)
    let whole = try matcher.scores(in: scene)
    let strips = try StripMatcher(
      channels: [template], scene: scene.shape, options: options, bytes: bytes)
    #expect(strips.scoresShape == whole.shape && strips.stripCount > 2)
    #expect(strips.firstPosition == matcher.firstPosition)
    var peaks = PeakOptions(count: 6)
    peaks.subpixel = .newton
    peaks.neighborhood = (0..<rank).map { _ in margin }
    var queries = [try strips.query(peaks)]
    var elements: [Float] = []
    try strips.search([scene], &queries, willRead: { _ in }) { (strip) throws(ConcordError) in
      let own = strip.strip
      for index in own { elements.append(strip.values[index]) }
    }
    #expect(elements.count == whole.count)
    let largest = whole.elements.filter(\.isFinite).map { abs($0) }.max() ?? 0
    for (found, expected) in zip(elements, whole.elements) {
      #expect(
        abs(found - expected) <= 1e-5 * max(1, largest) || (found.isNaN && expected.isNaN),
        "\(options)")
    }
    let places = strips.matches(of: queries[0], in: [scene])
    let expected = try matcher.matches(in: scene, scores: whole, peaks)
    #expect(places.map(\.position) == expected.map(\.position), "\(options)")
    #expect(places.map(\.score) == expected.map(\.score), "\(options)")
    for (one, other) in zip(places, expected) {
      #expect((one.fit == nil) == (other.fit == nil))
      guard let one = one.fit, let other = other.fit else { continue }
      for axis in 0..<rank { #expect(abs(one.offset[axis] - other.offset[axis]) < 0.02) }
    }
  }

  @Test("Signals, volumes, and neighbourhoods that reach further than a strip")
  func otherShapes() throws {
    var random = SplitMix64(seed: 0x58)
    var options = MatchingOptions()
    options.effort = .estimate
    let signal: Signal<Float> = random.array([400])
    let part = try signal.view(117..<133).copied()
    try check(signal, part, options, bytes: 100)
    try check(signal, part, options, bytes: 100, margin: 90)
    let volume: Volume<Float> = random.array([24, 9, 10])
    let cube = try volume.view(15..<18, 2..<6, 3..<8).copied()
    try check(volume, cube, options, bytes: 500)
    options.extent = .same
    options.boundary = .wrap
    try check(volume, cube, options, bytes: 500, margin: 2)
    let image: Image<Float> = random.array([50, 30])
    let patch = try image.view(40..<46, 20..<27).copied()
    try check(image, patch, options, bytes: 700, margin: 17)
  }

  @Test("Several channels, borders, spacing, plateaus and more candidates than there is room for")
  func peaks() throws {
    let scene = Image<Float>(shape: [64, 30]) {
      Float(($0.row * 7 + $0.column * 5 + $0.row * $0.column) % 11)
    }
    let other = try scene * scene
    let template = [
      try scene.view(10..<14, 3..<8).copied(), try other.view(10..<14, 3..<8).copied(),
    ]
    let matcher = try TemplateMatcher(channels: template, scene: scene.shape)
    let strips = try StripMatcher(
      channels: template, scene: scene.shape, options: MatchingOptions(), bytes: 800)
    var peaks = PeakOptions(count: 20, threshold: 0, minimumDistance: [5, 4])
    for plateaus in PlateauRule.allCases {
      for border in [0, 3] {
        peaks.plateaus = plateaus
        peaks.border = [border, border]
        let expected = try matcher.matches(
          in: [scene, other], scores: matcher.scores(in: [scene, other]), peaks)
        #expect(try strips.matches(in: [scene, other], peaks) == expected)
        #expect(expected.count > 3)
        let query = try strips.query(peaks)
        var few = [
          try PeakQuery(
            query.options, map: Extents(1, 61, 26), axes: 2, axis: 1, capacity: 3)
        ]
        try strips.search([scene, other], &few)
        #expect(strips.matches(of: few[0], in: [scene, other]) == expected)
      }
    }
    #expect(throws: ConcordError.elementCount(expected: 2, found: 1)) {
      try strips.matches(in: [scene], peaks)
    }
    #expect(throws: ConcordError.shapesDiffer(expected: [64, 30], found: [4, 5])) {
      try strips.matches(in: template, peaks)
    }
  }

  @Test("Large maps go by strips of their own accord")
  func limits() throws {
    var random = SplitMix64(seed: 0x59)
    let scene: Image<Float> = random.array([300, 200])
    let template = try scene.view(111..<120, 40..<49).copied()
    var options = MatchingOptions()
    #expect(!StripMatcher<2, Float>.suits(1 << 24, memoryLimit: nil))
    #expect(StripMatcher<2, Float>.suits(1 << 24 + 1, memoryLimit: nil))
    #expect(StripMatcher<2, Double>.suits(1 << 23 + 1, memoryLimit: nil))
    options.memoryLimit = 200_000
    options.algorithm = .direct
    #expect(StripMatcher<2, Float>.suits(292 * 192, memoryLimit: options.memoryLimit))
    #expect(try scene.bestMatch(for: template, options: options)?.position == [111, 40])
    #expect(try scene.bestMatch(for: template, options: options)?.score ?? 0 > 1 - 1e-12)
    let matcher = try TemplateMatcher(template: template, scene: scene.shape)
    #expect(try matcher.bestMatch(in: scene)?.position == [111, 40])
    let places = try matcher.matches(in: scene, PeakOptions(count: 4))
    #expect(
      try places == matcher.matches(in: scene, scores: matcher.scores(in: scene), count: 4))
  }
}
