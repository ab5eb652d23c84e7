import ConcordArrays
import ConcordMediaBackends
import ConcordPictures
import Testing

@Suite struct HeatMapTests {
  @Test func elementsBecomeSharpSquaresOfTheirColors() throws {
    let values = try Image<Float>(rows: [[0, 1, 2], [3, .nan, .infinity]])
    let picture = HeatMap(values, title: "Six elements", colorMap: .grey, range: 0...4)
    let pixels = try picture.rendered().pixels()
    let frame = try picture.frames().image
    // 600 / 3 columns: each element is 200 pixels wide.
    #expect(frame.width == 600)
    #expect(frame.height == 400)
    func element(_ row: Int, _ column: Int, _ dx: Double, _ dy: Double) -> RGBColor {
      color(
        pixels, frame.x + Double(column) * 200 + dx, frame.y + Double(row) * 200 + dy)
    }
    for (dx, dy) in [(1.0, 1.0), (198.0, 1.0), (100.0, 100.0), (1.0, 198.0), (198.0, 198.0)] {
      #expect(element(0, 0, dx, dy) == ColorMap.grey.colors[0])
      #expect(element(0, 1, dx, dy) == ColorMap.grey.colors[64])
      #expect(element(0, 2, dx, dy) == ColorMap.grey.colors[128])
      #expect(element(1, 0, dx, dy) == ColorMap.grey.colors[192])
      #expect(element(1, 1, dx, dy) == ColorMap.notANumber)
      #expect(element(1, 2, dx, dy) == ColorMap.grey.colors[255])
    }
  }

  @Test func theKeyRunsFromTheLowToTheHighColor() throws {
    let picture = HeatMap(ramp(rows: 30, columns: 30), title: "Ramp")
    let pixels = try picture.rendered().pixels()
    let key = try picture.frames().key
    #expect(color(pixels, key.center.x, key.bottom - 1) == ColorMap.sequential.colors[0])
    #expect(color(pixels, key.center.x, key.y + 1) == ColorMap.sequential.colors[255])
    #expect(key.height == 600)
  }

  @Test func theDivergingMapIsCentredAboutZero() throws {
    let values = try Image<Double>(rows: [[0, 3]])
    let picture = HeatMap(values, title: "Signed", colorMap: .diverging)
    let pixels = try picture.rendered().pixels()
    let frame = try picture.frames().image
    let zero = color(pixels, frame.x + 100, frame.center.y)
    #expect(OKLab(zero).lightness > 0.95)
    #expect(color(pixels, frame.right - 100, frame.center.y) == ColorMap.diverging.colors[255])
  }

  @Test func aConstantTakesTheMiddleColor() throws {
    for constant in [Float(0), -3.5, 1e12, 1e-12] {
      let values = Image<Float>(shape: [4, 4], repeating: constant)
      let picture = HeatMap(values, title: "Constant")
      let center = try picture.frames().image.center
      let found = color(try picture.rendered().pixels(), center.x, center.y)
      #expect(ColorMap.sequential.colors[127...128].contains(found), "\(constant)")
    }
  }

  @Test func largeImagesShrinkByAveraging() throws {
    // Stripes of one pixel average to the middle grey, also where whole blocks are averaged.
    let values = Image<Float>(shape: [40, 5000]) { Float($0.column % 2) }
    let picture = HeatMap(values, title: "Stripes", colorMap: .grey)
    let pixels = try picture.rendered().pixels()
    let frame = try picture.frames().image
    #expect(pixels.width < 1450)
    for share in [0.1, 0.37, 0.5, 0.81] {
      let found = color(pixels, frame.x + share * frame.width, frame.center.y)
      #expect(abs(Int(found.red) - 128) < 12, "\(found)")
    }
  }

  @Test(arguments: [
    Shape<2>(rows: 1, columns: 1), [1, 2000], [2000, 1], [3, 500], [599, 40], [700, 900],
  ])
  func picturesHaveASensibleSizeAndFreeMargins(shape: Shape<2>) throws {
    let picture = HeatMap(ramp(rows: shape.rows, columns: shape.columns), title: "Any shape")
    let pixels = try picture.rendered().pixels()
    #expect((400...1450).contains(pixels.width))
    #expect((250...1450).contains(pixels.height))
    #expect(pixels.hasFreeMargin)
  }

  @Test func longTitlesAreBrokenIntoLines() throws {
    let values = ramp(rows: 20, columns: 20)
    let short = try HeatMap(values, title: "Short").rendered().pixels()
    let words = String(repeating: "many words ", count: 30)
    let path = String(repeating: "/a/path/without/any/space", count: 8)
    for title in [words, path, "two\nlines", "nothing\u{0}hidden " + words] {
      let long = try HeatMap(values, title: title).rendered().pixels()
      #expect(long.width == short.width)
      #expect(long.height >= short.height + 20)
      #expect(long.hasFreeMargin)
    }
  }

  @Test(arguments: [Shape<2>(rows: 20, columns: 20), [3, 500]])
  func longKeyLabelsShrinkToFit(shape: Shape<2>) throws {
    var picture = HeatMap(ramp(rows: shape.rows, columns: shape.columns), title: "Key")
    picture.barLabel = String(repeating: "a long name of a quantity ", count: 12)
    #expect(try picture.rendered().pixels().hasFreeMargin)
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func imagesWithoutAFiniteValueAreDrawn(value: Float) throws {
    let picture = HeatMap(Image<Float>(shape: [5, 5], repeating: value), title: "None")
    let center = try picture.frames().image.center
    let found = color(try picture.rendered().pixels(), center.x, center.y)
    let expected =
      value.isNaN
      ? ColorMap.notANumber : ColorMap.sequential.color(at: Double(value))
    #expect(found == expected)
  }

  @Test func extremeDoublesAreDrawn() throws {
    let values = try Image<Double>(rows: [[-1.7e308, 0, 1.7e308]])
    let picture = HeatMap(values, title: "Extremes", colorMap: .grey)
    let center = try picture.frames().image.center
    #expect(color(try picture.rendered().pixels(), center.x, center.y).red == 128)
    let least = try Image<Double>(rows: [[0, .leastNonzeroMagnitude]])
    #expect(try !HeatMap(least, title: "Least").png().isEmpty)
  }

  @Test func emptyImagesAndEndlessRangesAreRefused() {
    let empty = Image<Float>(shape: [0, 5], repeating: 0)
    #expect(throws: ConcordError.empty(what: "the heat map's image")) {
      try HeatMap(empty, title: "").png()
    }
    let picture = HeatMap(ramp(rows: 2, columns: 2), title: "", range: 0 ... .infinity)
    #expect(throws: ConcordError.self) { try picture.png() }
  }

  @Test func equalPicturesHaveEqualBytes() throws {
    var picture = HeatMap(ramp(rows: 12, columns: 9), title: "Twice")
    picture.subtitle = "the same"
    picture.barLabel = "value"
    let first = try picture.png()
    #expect(try picture.png() == first)
    #expect(first.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    picture.title = "Thrice"
    #expect(try picture.png() != first)
  }
}
