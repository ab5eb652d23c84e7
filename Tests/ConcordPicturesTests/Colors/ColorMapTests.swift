import ConcordPictures
import Testing

@Suite struct ColorMapTests {
  let sequential = ColorMap.sequentialPath(count: ColorMap.entries)
  let diverging = ColorMap.divergingPath(count: ColorMap.entries)

  private func steps(_ path: [OKLab]) -> [Double] {
    zip(path, path.dropFirst()).map { $0.distance(to: $1) }
  }

  @Test func knownColorsHaveTheirPublishedCoordinates() {
    // Ottosson's page: white is (1, 0, 0); sRGB red is (0.628, 0.225, 0.126).
    let white = OKLab(RGBColor(red: 255, green: 255, blue: 255))
    #expect(white.distance(to: OKLab(lightness: 1, a: 0, b: 0)) < 1e-4)
    let red = OKLab(RGBColor(red: 255, green: 0, blue: 0))
    #expect(red.distance(to: OKLab(lightness: 0.627955, a: 0.224863, b: 0.125846)) < 1e-4)
  }

  @Test func conversionsAreInverse() {
    for packed in stride(from: UInt32(0), through: 0xFF_FFFF, by: 65_537 * 3 + 11) {
      let color = RGBColor(packed: packed)
      #expect(OKLab(color).rgb == color)
    }
  }

  @Test func lightnessOfTheSequentialMapRisesInEqualSteps() {
    let rises = zip(sequential, sequential.dropFirst()).map { $1.lightness - $0.lightness }
    for rise in rises { #expect(abs(rise - 0.70 / 255) < 1e-12) }
  }

  @Test func neighboursOfTheSequentialMapAreEquallyFarApart() throws {
    let steps = steps(sequential)
    let smallest = try #require(steps.min())
    let largest = try #require(steps.max())
    #expect(largest / smallest < 1.02, "steps from \(smallest) to \(largest)")
    #expect(abs(steps.reduce(0, +) - 0.83) < 0.02, "the path's length is that of its design")
  }

  @Test func theSequentialMapEndsAtItsHues() throws {
    let last = try #require(sequential.last)
    #expect(last.distance(to: OKLab(lightness: 0.95, chroma: 0.186, hue: 108)) < 1e-6)
    #expect(sequential[0].distance(to: OKLab(lightness: 0.25, chroma: 0.137, hue: 290)) < 1e-12)
  }

  @Test func neighboursOfTheDivergingMapAreEquallyFarApart() throws {
    let steps = steps(diverging)
    // The two middle entries lie half a step on either side of the centre.
    let outer = Array(steps[..<127] + steps[128...])
    let smallest = try #require(outer.min())
    let largest = try #require(outer.max())
    #expect(largest / smallest < 1.0001)
    for (left, right) in zip(diverging, diverging.reversed()) {
      #expect(abs(left.lightness - right.lightness) < 1e-12)
    }
  }

  @Test func everyColorCanBeShown() {
    for color in sequential + diverging {
      for channel in color.linearRGB { #expect((0...1).contains(channel)) }
    }
  }

  @Test func roundingHardlyDisturbsTheRise() {
    let lightness = ColorMap.sequential.colors.map { OKLab($0).lightness }
    for (darker, brighter) in zip(lightness, lightness.dropFirst()) {
      #expect(brighter > darker - 0.0005)
    }
  }

  @Test(arguments: [ColorMap.sequential, .diverging, .grey])
  func notANumberIsUnlikeAnyColor(map: ColorMap) throws {
    let nan = OKLab(ColorMap.notANumber)
    let nearest = try #require(map.colors.map { OKLab($0).distance(to: nan) }.min())
    #expect(nearest > 0.15)
  }

  @Test func fractionsFindTheirColors() {
    let map = ColorMap.grey
    #expect(map.color(at: 0) == RGBColor(red: 0, green: 0, blue: 0))
    #expect(map.color(at: 1) == RGBColor(red: 255, green: 255, blue: 255))
    #expect(map.color(at: 0.5) == RGBColor(red: 128, green: 128, blue: 128))
    #expect(map.color(at: -7) == map.colors[0])
    #expect(map.color(at: .infinity) == map.colors[255])
    #expect(map.color(at: .nan) == ColorMap.notANumber)
  }
}
