import ConcordArrays
import ConcordFiltering
import ConcordMatching
import ConcordTestSupport
import NaiveReference
import Testing

@Suite("Matches and peaks")
struct MatchTests {
  @Test("The highest maxima, best first, some distance apart")
  func peaks() throws {
    let scores = try Image<Double>(rows: [
      [0, 1, 0, 0, 5, 5],
      [1, 9, 1, 0, 0, 0],
      [0, 8.5, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 7],
    ])
    let close = try scores.peaks(count: 10, threshold: 1, minimumDistance: [1, 1])
    #expect(close.map(\.position) == [[1, 1], [3, 5], [0, 4], [0, 5]])
    #expect(close.map(\.score) == [9, 7, 5, 5])
    let apart = try scores.peaks(count: 10, threshold: 1, minimumDistance: [2, 2])
    #expect(apart.map(\.position) == [[1, 1], [3, 5], [0, 4]])
    #expect(try scores.peaks(count: 2, minimumDistance: [2, 2]).map(\.score) == [9, 7])
    #expect(try scores.peaks(count: 10, threshold: 7.5, minimumDistance: [1, 1]).count == 1)
    #expect(try scores.peaks(count: 0, minimumDistance: [1, 1]).isEmpty)
  }

  @Test("A distance is needed for each axis")
  func distances() throws {
    let scores = Image<Float>(shape: [3, 3], repeating: 1)
    #expect(throws: ConcordError.elementCount(expected: 2, found: 1)) {
      try scores.peaks(count: 1, minimumDistance: [1])
    }
  }

  @Test("NaN is no maximum and hides none")
  func peaksBesideNaN() throws {
    let scores = try Image<Double>(rows: [[.nan, 2, .nan], [.nan, .nan, .nan]])
    #expect(
      try scores.peaks(count: 5, minimumDistance: [1, 1]) == [Match(position: [0, 1], score: 2)])
    let none = Signal<Float>([.nan, .nan])
    #expect(try none.peaks(count: 5, minimumDistance: [1]).isEmpty)
  }

  @Test("Peaks of signals and volumes")
  func otherRanks() throws {
    let signal = Signal<Float>([0, 3, 1, 4, 0])
    #expect(
      try signal.peaks(count: 5, threshold: 1, minimumDistance: [1]).map(\.position) == [[3], [1]])
    var volume = Volume<Double>(shape: [4, 4, 4], repeating: 0)
    volume[1, 2, 3] = 2
    volume[3, 0, 0] = 1
    volume[2, 2, 2] = 1.5
    let found = try volume.peaks(count: 5, threshold: 0.5, minimumDistance: [1, 1, 1])
    #expect(found.map(\.position) == [[1, 2, 3], [3, 0, 0]])
  }

  @Test("Templates are found where they were put, in signals, images and volumes")
  func bestMatches() throws {
    try find(in: Shape(count: 60), Shape(count: 9), at: [17])
    try find(in: Shape(rows: 30, columns: 25), Shape(rows: 6, columns: 5), at: [21, 3])
    try find(
      in: Shape(planes: 7, rows: 9, columns: 11), Shape(planes: 3, rows: 2, columns: 4),
      at: [4, 0, 7])
  }

  private func find<let rank: Int>(
    in scene: Shape<rank>, _ template: Shape<rank>, at place: Position<rank>
  ) throws {
    var random = SplitMix64(seed: 0xf1)
    let pixels: NDArray<rank, Float> = random.array(scene, in: 0...100)
    // Other brightness and contrast.
    let sought = NDArray<rank, Float>(shape: template) { position in
      3 * pixels[Position { position[$0] + place[$0] }] + 50
    }
    guard let match = try pixels.bestMatch(for: sought) else {
      Issue.record("no match: \(random)")
      return
    }
    #expect(match.position.components == place.components, "\(random)")
    #expect(abs(match.score - 1) < 1e-12)
  }

  @Test("Several matches are apart by half the template, and scored to the last digit")
  func severalMatches() throws {
    var random = SplitMix64(seed: 0x5e)
    let template: Image<Float> = random.array([6, 6], in: 0...1)
    let places: [Position<2>] = [[2, 3], [20, 4], [11, 22]]
    var scene: Image<Float> = random.array([32, 34], in: 0...1)
    for place in places {
      for row in 0..<6 {
        for column in 0..<6 {
          scene[place.row + row, place.column + column] = template[row, column]
        }
      }
    }
    let matcher = try TemplateMatcher(template: template, scene: scene.shape)
    let scores = try matcher.scores(in: scene)
    let found = try matcher.matches(in: scene, scores: scores, count: 10, threshold: 0.9)
    #expect(Set(found.map(\.position)) == Set(places))
    #expect(found.allSatisfy { $0.score > 1 - 1e-14 && $0.score <= 1 })
    let all = try matcher.matches(in: scene, scores: scores, count: 50)
    #expect(all.map(\.score) == all.map(\.score).sorted(by: >))
    for (index, match) in all.enumerated() {
      for other in all[..<index] {
        let distance = (0..<2).map { abs(other.position[$0] - match.position[$0]) }
        #expect(distance[0] >= 3 || distance[1] >= 3)
      }
    }
    let naive = try NaiveArray(scene).zeroMeanNormalizedCorrelation(with: NaiveArray(template))
    for match in all {
      let expected = naive[match.position.row, match.position.column]
      #expect(abs(match.score - expected) < 1e-6)
    }
  }

  @Test("A scene without any contrast has no match where flat windows score NaN")
  func noMatch() throws {
    let scene = Image<Float>(shape: [8, 8], repeating: 3)
    let template = Image<Float>(shape: [2, 2]) { Float($0.row) }
    var options = MatchingOptions()
    options.flatWindows = .nan
    #expect(try scene.bestMatch(for: template, options: options) == nil)
    #expect(try scene.bestMatch(for: template)?.score == 0)
  }

  @Test("Templates without contrast, with NaN, empty or larger than the scene are refused")
  func refusals() throws {
    let scene = Image<Float>(shape: [6, 7], repeating: 1)
    func match(_ template: Image<Float>) throws { _ = try scene.bestMatch(for: template) }
    for level: Float in [0, 1, 0.1, 1e6 / 3, 1e30] {
      #expect(throws: ConcordError.flatTemplate) {
        try match(Image(shape: [3, 5], repeating: level))
      }
    }
    #expect(throws: ConcordError.flatTemplate) { try match(Image(shape: [1, 1], repeating: 2)) }
    for value in [Float.nan, .infinity] {
      #expect(throws: ConcordError.templateNotFinite) {
        try match(Image(shape: [2, 2]) { $0.row + $0.column == 0 ? value : 1 })
      }
    }
    #expect(throws: ConcordError.empty(what: "the template")) {
      try match(Image(shape: [0, 3], repeating: 1))
    }
    #expect(
      throws: ConcordError.exceeds(what: "the template", extents: [7, 2], limit: [6, 7])
    ) { try match(Image(shape: [7, 2], repeating: 1)) }
  }

  @Test("Scenes and scores of another shape, and windows outside, are refused")
  func otherShapes() throws {
    let template = Image<Float>(shape: [2, 3]) { Float($0.row + $0.column) }
    let matcher = try TemplateMatcher(template: template, scene: [6, 7])
    let scene = Image<Float>(shape: [6, 7]) { Float($0.row * $0.column) }
    let other = Image<Float>(shape: [7, 6], repeating: 0)
    #expect(throws: ConcordError.shapesDiffer(expected: [6, 7], found: [7, 6])) {
      try matcher.scores(in: other)
    }
    #expect(throws: ConcordError.self) { try matcher.bestMatch(in: other) }
    #expect(throws: ConcordError.shapesDiffer(expected: [5, 5], found: [7, 6])) {
      try matcher.matches(in: scene, scores: other, count: 1)
    }
    #expect(throws: ConcordError.outside(region: [5..<7, 0..<3], shape: [6, 7])) {
      try matcher.score(in: scene, at: [5, 0])
    }
    #expect(throws: ConcordError.self) { try matcher.score(in: scene, at: [-1, 0]) }
  }

  @Test("A forced algorithm and a memory limit reach the plan")
  func options() throws {
    let template = Image<Float>(shape: [2, 3]) { Float($0.row + $0.column) }
    var options = MatchingOptions()
    options.memoryLimit = 1
    #expect {
      try TemplateMatcher(template: template, scene: [60, 70], options: options)
    } throws: {
      if case .memoryLimit(_, 1)? = $0 as? ConcordError { true } else { false }
    }
  }
}
