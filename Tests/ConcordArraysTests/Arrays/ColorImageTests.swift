import ConcordArrays
import ConcordTestSupport
import Testing

@Suite("Images of several planes")
struct ColorImageTests {
  private func plane(_ value: Float) -> Image<Float> { Image(shape: [2, 3], repeating: value) }

  @Test("One to four planes of one shape make an image")
  func making() throws {
    let channels = [(1, false), (2, true), (3, false), (4, true)]
    for (count, hasAlpha) in channels {
      let image = try ColorImage(planes: (0..<count).map { plane(Float($0)) })
      #expect(image.channels == count && image.hasAlpha == hasAlpha && image.shape == [2, 3])
    }
    for count in [0, 5] {
      let error = ConcordError.outOfRange(
        what: "channels", found: Double(count), allowed: "1 to 4")
      #expect(throws: error) { try ColorImage(planes: (0..<count).map { _ in plane(0) }) }
    }
    #expect(throws: ConcordError.shapesDiffer(expected: [2, 3], found: [3, 2])) {
      try ColorImage(planes: [plane(0), Image(shape: [3, 2], repeating: 0)])
    }
  }

  @Test("Luminance weighs red, green and blue, and leaves opacity out")
  func luminance() throws {
    let rgb = try ColorImage(planes: [plane(100), plane(10), plane(1)])
    for value in rgb.luminance.elements { #expect(abs(value - 35.884) < 1e-4) }
    let rgba = try ColorImage(planes: rgb.planes + [plane(7)])
    #expect(rgba.luminance == rgb.luminance)
    let grey = try ColorImage(planes: [plane(3), plane(9)])
    #expect(shareMemory(grey.luminance, grey.planes[0]))
  }

  @Test("A transformation is applied to each plane")
  func mapping() throws {
    let image = try ColorImage(planes: [plane(1), plane(2), plane(3)])
    let doubled = try image.mapPlanes { plane throws(ConcordError) in
      (plane * 2).converted(to: Double.self)
    }
    #expect(doubled.planes.map { $0[1, 2] } == [2, 4, 6])
    #expect(throws: ConcordError.flatTemplate) {
      try image.mapPlanes { _ throws(ConcordError) -> Image<Float> in throw .flatTemplate }
    }
  }
}
