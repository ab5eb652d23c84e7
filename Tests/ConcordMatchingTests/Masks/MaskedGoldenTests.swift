import ConcordArrays
import ConcordFiltering
import ConcordMatching
import Testing

/// What OpenCV 5.0.0 and scikit-image 0.26.0 give for small arrays.
@Suite("Masked matching beside OpenCV and scikit-image")
struct MaskedGoldenTests {
  private let scene = Image<Double>(shape: [5, 6]) {
    let (r, c) = ($0.row, $0.column)
    return Double((r * r * 3 + c * 7 + r * c * 5) % 11)
  }

  private func template() throws -> Image<Double> { try Image(rows: [[1, 4, 2], [6, 3, 9]]) }

  /// cv2.matchTemplate(f, t, method, mask=M), the first two rows, in float32.
  private static let openCV: [(MatchingMetric, [[Double]])] = [
    (.ssd, [[13.8125, 45.5625, 24.3125, 98.5625], [49.125, 10.875, 63.25, 27.5]]),
    (
      .nssd,
      [
        [0.26830706, 0.58690405, 0.31059885, 0.89488804],
        [0.7791422, 0.17115632, 0.7914909, 0.33844143],
      ]
    ),
    (.cross, [[45.4375, 56.875, 68.3125, 79.75], [38.5, 58.125, 50.9375, 70.5625]]),
    (
      .ncc,
      [
        [0.88262093, 0.7326237, 0.8727109, 0.72408193],
        [0.61062545, 0.91480106, 0.6374161, 0.86840993],
      ]
    ),
    (
      .zeroMeanCross,
      [
        [14.159439, -2.9119897, 11.613521, -5.4579086],
        [-6.139669, 14.390944, -8.685587, 11.845026],
      ]
    ),
    (
      .zncc,
      [
        [0.7009223, -0.2793583, 0.6447273, -0.4355163],
        [-0.3451651, 0.77415174, -0.5282192, 0.62419057],
      ]
    ),
  ]

  @Test("Weights of a template mean what they mean in OpenCV", arguments: openCV)
  func weights(metric: MatchingMetric, expected: [[Double]]) throws {
    let weights = try Image<Double>(rows: [[1, 0.5, 0], [0.25, 1, 0.75]])
    let matcher = try MaskedTemplateMatcher(
      template: template(), weights: weights, scene: scene.shape,
      options: MatchingOptions(metric: metric))
    let scores = try matcher.scores(in: scene)
    #expect(scores.shape == [4, 4])
    for (row, values) in expected.enumerated() {
      for (column, value) in values.enumerated() {
        #expect(abs(scores[row, column] - value) < 1e-5 * max(1, abs(value)))
      }
    }
  }

  /// cross_correlate_masked(f, t, m1, m2, mode="full", axes=(0, 1), overlap_ratio=…).
  private static let padfield: [[Double]] = [
    [0, 0, -1, 0.996615896, -0.569494797, 1, 0, 0],
    [0, 1, -0.419313935, -0.162697843, 0.458022022, -0.352737811, 0.397359707, 0],
    [0, 0.984324138, -0.505648757, 0.838672438, -1, 0.997054486, 0.654653671, 1],
    [0, -1, 0.550822633, -0.273171475, 0.347804172, -0.714285714, -0.188982237, -1],
    [0, 0.999423797, -0.60656464, 1, -0.924137707, 0.629482095, -0.660225292, 1],
    [0, 0, 1, -1, 0, 0, 1, 0],
  ]
  private static let halfOverlap: [[Double]] = [
    [0, 0, 0, 0.996615896, -0.569494797, 0, 0, 0],
    [0, 0, -0.419313935, -0.162697843, 0.458022022, -0.352737811, 0.397359707, 0],
    [0, 0.984324138, -0.505648757, 0.838672438, -1, 0.997054486, 0.654653671, 0],
    [0, 0, 0.550822633, -0.273171475, 0.347804172, -0.714285714, -0.188982237, 0],
    [0, 0.999423797, -0.60656464, 1, -0.924137707, 0.629482095, -0.660225292, 0],
    [0, 0, 0, 0, 0, 0, 0, 0],
  ]

  @Test(
    "Masks of both are Padfield's, with scikit-image's overlap ratio",
    arguments: [(0.0, padfield), (0.5, halfOverlap)], ConvolutionMode.allCases)
  func masks(expected: (overlap: Double, scores: [[Double]]), extent: ConvolutionMode) throws {
    let sceneMask = Mask<2>(shape: [5, 6]) { ($0.row + 2 * $0.column) % 5 != 0 }
    let mask = try Mask<2>(rows: [[true, true, false], [true, true, true]])
    var options = MatchingOptions(metric: .zncc, extent: extent)
    options.minimumOverlap = expected.overlap
    let scores = try scene.matchScores(
      of: template(), mask: mask, sceneMask: sceneMask, options: options)
    // The first of 'same' has the element (M - 1) / 2 on the scene's first: [0, 1].
    let first = extent == .full ? (0, 0) : extent == .same ? (1, 1) : (1, 2)
    for row in 0..<scores.rows {
      for column in 0..<scores.columns {
        let value = expected.scores[row + first.0][column + first.1]
        #expect(abs(scores[row, column] - value) < 1e-9, "\(row), \(column)")
      }
    }
  }

  @Test("A mask that leaves everything changes nothing")
  func trivialMask() throws {
    let all = Mask<2>(shape: [2, 3], repeating: true)
    let everything = Mask<2>(shape: [5, 6], repeating: true)
    for metric in MatchingMetric.allCases {
      for extent in ConvolutionMode.allCases {
        let options = MatchingOptions(metric: metric, extent: extent, boundary: .renormalize)
        let plain = try scene.matchScores(of: template(), options: options)
        let masked = try scene.matchScores(
          of: template(), mask: all, sceneMask: everything, options: options)
        for (x, y) in zip(plain.elements, masked.elements) {
          #expect(abs(x - y) < 1e-10 || (x.isNaN && y.isNaN))
        }
      }
    }
  }
}
