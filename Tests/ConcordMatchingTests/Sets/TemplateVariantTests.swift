import ConcordArrays
import ConcordFiltering
import ConcordMatching
import ConcordTestSupport
import Foundation
import Testing

@Suite("Templates turned and enlarged")
struct TemplateVariantTests {
  @Test("Right angles move pixels, counter-clockwise, and change none")
  func rightAngles() throws {
    let image = Image<Float>(shape: [3, 4]) { Float(10 * $0.row + $0.column) }
    for sampling in TemplateSampling.allCases {
      let quarter = try image.resampled(angle: 90, by: sampling)
      #expect(quarter.shape == [4, 3])
      // The top right corner goes to the top left.
      #expect(quarter[0, 0] == 3 && quarter[3, 0] == 0 && quarter[0, 2] == 23)
      #expect(try image.resampled(angle: 180, by: sampling).elements == image.elements.reversed())
      let back = try quarter.resampled(angle: -90, by: sampling)
      #expect(back == image)
      #expect(try image.resampled(angle: 720, by: sampling) == image)
      #expect(try image.resampled(angle: 270, by: sampling)[3, 0] == 23)
    }
  }

  @Test("Planes stay planes, and cubic sampling keeps quadratics inside")
  func polynomials() throws {
    func plane(_ y: Double, _ x: Double) -> Double { 3 + 2 * y - 0.7 * x }
    func bowl(_ y: Double, _ x: Double) -> Double { y * y - 0.5 * x * y + 0.2 * x * x }
    let (angle, scale) = (25.0, 1.3)
    for (sampling, function) in [
      (TemplateSampling.linear, plane), (.cubic, plane), (.cubic, bowl),
    ] {
      let image = Image<Double>(shape: [31, 41]) {
        function(Double($0.row) - 15, Double($0.column) - 20)
      }
      let turned = try image.resampled(angle: angle, scale: scale, by: sampling)
      let (sine, cosine) = (sin(angle * .pi / 180), cos(angle * .pi / 180))
      let (middleRow, middleColumn) = (
        Double(turned.rows - 1) / 2, Double(turned.columns - 1) / 2
      )
      // Away from the edges, at which pixels are repeated for the cubic's outer taps.
      for row in 6..<turned.rows - 6 {
        for column in 6..<turned.columns - 6 {
          let (down, across) = (Double(row) - middleRow, Double(column) - middleColumn)
          let expected = function(
            (across * sine + down * cosine) / scale, (across * cosine - down * sine) / scale)
          #expect(abs(turned[row, column] - expected) < 1e-9)
        }
      }
    }
  }

  @Test("The rectangle lies inside, and touches the edges")
  func rectangle() throws {
    for (rows, columns) in [(64, 64), (64, 48), (20, 90), (90, 20), (33, 34)] {
      for angle in stride(from: -180.0, through: 360, by: 7.5) {
        for scale in [0.7, 1, 1.6] {
          let image = Image<Float>(shape: [rows, columns]) { Float($0.row * $0.column % 7) }
          let turned = try image.resampled(angle: angle, scale: scale, by: .linear)
          let (sine, cosine) = (sin(angle * .pi / 180), cos(angle * .pi / 180))
          let half = (Double(turned.rows - 1) / 2, Double(turned.columns - 1) / 2)
          func reach(_ half: (Double, Double)) -> (rows: Double, columns: Double) {
            (
              (abs(half.1 * sine) + abs(half.0 * cosine)) / scale,
              (abs(half.1 * cosine) + abs(half.0 * sine)) / scale
            )
          }
          let (room, inside) = ((Double(rows - 1) / 2, Double(columns - 1) / 2), reach(half))
          #expect(inside.rows <= room.0 + 1e-5 && inside.columns <= room.1 + 1e-5)
          let larger = reach((half.0 + 0.5, half.1 + 0.5))
          #expect(larger.rows > room.0 - 1e-5 || larger.columns > room.1 - 1e-5)
        }
      }
    }
    let square = Image<Float>(shape: [64, 64]) { Float($0.row ^ $0.column) }
    // 63 / √2 between the outermost pixels.
    #expect(try square.resampled(angle: 45).shape == [45, 45])
    #expect(try square.resampled(angle: 0, scale: 0.5).shape == [32, 32])
    #expect(try square.resampled(angle: 0, scale: 2).shape == [127, 127])
  }

  @Test("What cannot be turned or enlarged is said")
  func refusals() throws {
    let image = Image<Float>(shape: [8, 9]) { Float($0.row * $0.column) }
    #expect(
      throws: ConcordError.outOfRange(what: "the scale", found: 0, allowed: "0.01 to 100")
    ) { try image.resampled(angle: 0, scale: 0) }
    #expect(throws: ConcordError.self) { try image.resampled(angle: .infinity) }
    #expect(throws: ConcordError.self) { try image.resampled(angle: 0, scale: 0.1) }
    #expect(throws: ConcordError.empty(what: "the list of rotations")) {
      _ = try TemplateSet(rotations: [], of: [image], scene: [20, 20])
    }
    #expect(
      throws: ConcordError.exceeds(what: "the template", extents: [15, 17], limit: [14, 30])
    ) {
      _ = try TemplateSet(rotations: [0], scales: [2], of: [image], scene: [14, 30])
    }
  }

  /// A pattern without symmetry.
  private static func pattern(_ y: Double, _ x: Double) -> Double {
    exp(-(x * x + 3 * y * y) / 200) + 0.8 * exp(-((x - 6) * (x - 6) + (y + 5) * (y + 5)) / 18)
      - 0.6 * exp(-((x + 7) * (x + 7) + (y - 3) * (y - 3)) / 12)
  }

  @Test(
    "An object is found by its angle and scale", arguments: [(30.0, 1.25), (290, 0.8), (180, 1)])
  func object(angle: Double, scale: Double) throws {
    let template = Image<Float>(shape: [31, 35]) {
      Float(Self.pattern(Double($0.row) - 15, Double($0.column) - 17))
    }
    let (sine, cosine) = (sin(angle * .pi / 180), cos(angle * .pi / 180))
    var random = SplitMix64(seed: 0x71)
    let noise: Image<Float> = random.array([110, 130], in: -0.02...0.02)
    let centre = (row: 47.0, column: 71.0)
    let scene = Image<Float>(shape: [110, 130]) {
      let (down, across) = (Double($0.row) - centre.row, Double($0.column) - centre.column)
      let value = Self.pattern(
        (across * sine + down * cosine) / scale, (across * cosine - down * sine) / scale)
      return Float(5 + 2 * value) + noise[$0.row, $0.column]
    }
    var options = MatchingOptions()
    options.effort = .estimate
    let set = try TemplateSet(
      rotations: Array(stride(from: 0, to: 360, by: 10)), scales: [0.8, 1, 1.25], of: [template],
      scene: scene.shape, options: options)
    #expect(set.count == 108 && set.variants.count == 108)
    #expect(set.variants[40] == TemplateVariant(source: 0, angle: 40, scale: 1))
    let best = try #require(try set.matches(in: scene, PeakOptions(count: 1)).first)
    let variant = set.variants[best.template]
    #expect(variant.angle == angle && variant.scale == scale)
    #expect(best.match.score > 0.97)
    let shape = set.templateShapes[best.template]
    #expect(abs(Double(best.match.position.row) + Double(shape.rows - 1) / 2 - centre.row) <= 0.5)
    #expect(
      abs(Double(best.match.position.column) + Double(shape.columns - 1) / 2 - centre.column)
        <= 0.5)
  }
}
