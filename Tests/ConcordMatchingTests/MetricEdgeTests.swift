import ConcordArrays
import ConcordFiltering
import ConcordMatching
import ConcordTestSupport
import NaiveReference
import Testing

@Suite("Metrics where contrast or finite values are missing")
struct MetricEdgeTests {
  static let algorithms = TemplateMatcherTests.algorithms

  @Test("Windows that a quotient is not defined for score by rule", arguments: algorithms)
  func undefined(algorithm: ConvolutionAlgorithm) throws {
    let template = Image<Float>(shape: [2, 3]) { Float($0.row * 3 + $0.column) }
    let scene = Image<Float>(shape: [8, 12]) {
      $0.column < 8 ? 0 : Float(1 + ($0.row * 7 + $0.column * 5) % 11)
    }
    for (metric, none) in [(MatchingMetric.ncc, Float(0)), (.nssd, 1)] {
      var options = MatchingOptions(metric: metric)
      options.algorithm = algorithm
      let scores = try scene.matchScores(of: template, options: options)
      options.flatWindows = .nan
      let marked = try scene.matchScores(of: template, options: options)
      for row in 0..<7 {
        for column in 0..<10 {
          let isNothing = column <= 5
          #expect((scores[row, column] == none) == isNothing)
          #expect(marked[row, column].isNaN == isNothing)
        }
      }
    }
  }

  @Test("Templates without contrast serve where means stay")
  func flatTemplates() throws {
    let scene = Image<Float>(shape: [6, 7]) { Float(1 + $0.row + $0.column) }
    let flat = Image<Float>(shape: [2, 3], repeating: 4)
    for metric in MatchingMetric.allCases {
      let options = MatchingOptions(metric: metric)
      if metric.isCentred {
        #expect(throws: ConcordError.flatTemplate) {
          try scene.matchScores(of: flat, options: options)
        }
        continue
      }
      let expected = try NaiveArray.matchScores(
        of: [NaiveArray(flat)], in: [NaiveArray(scene)], metric: NaiveMetric(metric))
      let scores = try scene.matchScores(of: flat, options: options)
      #expect(greatestDifference(scores, expected) < 1e-5 * (metric.isNormalized ? 1 : 500))
      let nothing = Image<Float>(shape: [2, 3], repeating: 0)
      if metric.isNormalized {
        #expect(throws: ConcordError.self) {
          try scene.matchScores(of: nothing, options: options)
        }
      } else {
        #expect(throws: Never.self) { try scene.matchScores(of: nothing, options: options) }
      }
    }
  }

  @Test("A pixel that outshines all spoils no score beside it", arguments: algorithms)
  func brightPixel(algorithm: ConvolutionAlgorithm) throws {
    var random = SplitMix64(seed: 0xb12)
    var scene: Image<Float> = random.array([40, 300], in: 0...1)
    scene[3, 4] = 1e8
    let sought = Image<Float>(shape: [8, 8]) { scene[$0.row + 20, $0.column + 60] }
    for metric in [MatchingMetric.zncc, .ncc, .nssd] {
      var options = MatchingOptions(metric: metric, extent: .same, boundary: .reflect)
      options.algorithm = algorithm
      let expected = try NaiveArray.matchScores(
        of: [NaiveArray(sought)], in: [NaiveArray(scene)], metric: NaiveMetric(metric),
        mode: .same, boundary: .reflect)
      let scores = try scene.matchScores(of: sought, options: options)
      // Values of `nssd` beside the pixel are in the millions.
      let worst = zip(scores.elements, expected.values).map {
        abs(Double($0) - $1) / max(1, abs($1))
      }.max()
      #expect(worst.map { $0 < 1e-5 } == true, "\(metric): \(worst ?? .nan)")
    }
  }

  @Test("NaN and infinity take the scores of the windows that hold them")
  func nonFinite() throws {
    var random = SplitMix64(seed: 0xbad2)
    var scene: Image<Float> = random.array([10, 12], in: 0...1)
    let template: Image<Float> = random.array([3, 4], in: 0...1)
    for metric in MatchingMetric.allCases {
      for algorithm in Self.algorithms {
        var options = MatchingOptions(metric: metric)
        options.algorithm = algorithm
        let clean = try scene.matchScores(of: template, options: options)
        let kept = scene
        scene[2, 5] = .nan
        scene[8, 9] = -.infinity
        let scores = try scene.matchScores(of: template, options: options)
        scene = kept
        for row in 0..<8 {
          for column in 0..<9 {
            let touches =
              (row...(row + 2)).contains(2) && (column...(column + 3)).contains(5)
              || (row...(row + 2)).contains(8) && (column...(column + 3)).contains(9)
            let score = scores[row, column]
            #expect(score.isNaN == touches, "\(metric) \(row), \(column)")
            #expect(touches || abs(score - clean[row, column]) < 1e-5, "\(metric)")
          }
        }
      }
    }
  }

  @Test("Scale and offset take no digits away", arguments: algorithms)
  func torture(algorithm: ConvolutionAlgorithm) throws {
    var random = SplitMix64(seed: 0x7043)
    let pixels: Image<Double> = random.array([40, 50], in: 0...1)
    let sought: Image<Double> = random.array([7, 9], in: 0...1)
    for metric in [MatchingMetric.zncc, .ncc] {
      var options = MatchingOptions(metric: metric, extent: .same, boundary: .replicate)
      options.algorithm = algorithm
      for (scale, offset) in [(1e-12, 0.0), (1e12, 0), (1, 1e3), (1, 1e4), (1, 1e5), (1, 1e6)] {
        if metric == .ncc && offset > 0 { continue }
        let wide = (pixels * scale + offset, sought * scale + offset)
        let truth = try NaiveArray.matchScores(
          of: [NaiveArray(wide.1)], in: [NaiveArray(wide.0)], metric: NaiveMetric(metric),
          mode: .same, boundary: .replicate)
        let double = try wide.0.matchScores(of: wide.1, options: options)
        #expect(greatestDifference(double, truth) < 1e-9, "\(metric) \(scale) \(offset)")
        let narrow = (wide.0.converted(to: Float.self), wide.1.converted(to: Float.self))
        let held = try NaiveArray.matchScores(
          of: [NaiveArray(narrow.1)], in: [NaiveArray(narrow.0)], metric: NaiveMetric(metric),
          mode: .same, boundary: .replicate)
        let float = try narrow.0.matchScores(of: narrow.1, options: options)
        #expect(greatestDifference(float, held) < 1e-5, "\(metric) \(scale) \(offset)")
        // What Float does not hold of the offset scene is no error of the scores.
        if offset <= 1e4, metric == .zncc {
          #expect(greatestDifference(float, truth) < 1e-3 * max(1, offset / 1e3))
        }
      }
    }
  }
}
