import ConcordArrays
import ConcordFiles
import Testing

@Suite struct GoldenPNGTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  struct Expectation: Sendable {
    let file: GoldenFile
    let type: ElementType
    let channels: Int
    var factor = 1.0
  }

  @Test(arguments: [
    Expectation(file: GoldenFiles.pngGrey8, type: .uint8, channels: 1),
    Expectation(file: GoldenFiles.pngGrey16, type: .uint16, channels: 1, factor: 100),
    Expectation(file: GoldenFiles.pngGreyAlpha8, type: .uint8, channels: 2),
    Expectation(file: GoldenFiles.pngColor8, type: .uint8, channels: 3),
    Expectation(file: GoldenFiles.pngColor16, type: .uint16, channels: 3, factor: 100),
    Expectation(file: GoldenFiles.pngColorAlpha8, type: .uint8, channels: 4),
    Expectation(file: GoldenFiles.pngInterlacedGrey16, type: .uint16, channels: 1, factor: 100),
    Expectation(file: GoldenFiles.pngInterlacedColor8, type: .uint8, channels: 3),
    Expectation(file: GoldenFiles.pngPillow, type: .uint8, channels: 3),
  ])
  func readsTheStoredValues(_ expected: Expectation) throws {
    let file = try FileArray.read(try folder.put(expected.file))
    #expect(file.elementType == expected.type)
    #expect(file.shape == [5, 6] && file.channels == expected.channels)
    for (channel, plane) in try file.color(as: Float.self).planes.enumerated() {
      let values = Image<Float>(shape: [5, 6]) { position in
        Float(expected.factor * pattern(position.row, position.column, channel: channel))
      }
      #expect(plane == values, "channel \(channel)")
    }
  }

  @Test func expandsBits() throws {
    let file = try FileArray.read(try folder.put(GoldenFiles.pngBits))
    let values = Image<Float>(shape: [5, 6]) { ($0.row + $0.column) % 2 == 1 ? 255 : 0 }
    #expect(try file.array() == values)
  }

  @Test func expandsPalettes() throws {
    let file = try FileArray.read(try folder.put(GoldenFiles.pngPalette))
    let planes = try file.color(as: Double.self).planes.map { $0.elements }
    let reds = [10.0, 40, 70, 100, 10, 40, 70, 100]
    #expect(planes == [reds, reds.map { $0 + 10 }, reds.map { $0 + 20 }])
  }

  @Test func givesPalettesTheirOpacity() throws {
    let file = try FileArray.read(try folder.put(GoldenFiles.pngPaletteAlpha))
    let image = try file.color(as: Float.self)
    #expect(image.channels == 4 && image.hasAlpha)
    #expect(image.planes[3].elements == [255, 128, 0, 255, 255, 128, 0, 255])
    #expect(image.planes[1].elements.prefix(4) == [20, 50, 80, 110])
  }

  @Test func anArrayOfAColorImageIsItsLuminance() throws {
    let file = try FileArray.read(try folder.put(GoldenFiles.pngColor8))
    let image: Image<Double> = try file.array()
    // 23 + 0.299 · 0 + 0.587 · 7 + 0.114 · 14
    #expect(abs(image[1, 1] - 28.705) < 1e-12)
    #expect(image == (try file.color(as: Double.self)).luminance)
  }

  @Test func opacityIsNotPartOfTheLuminance() throws {
    let grey: Image<Float> = try FileArray.read(try folder.put(GoldenFiles.pngGreyAlpha8)).array()
    #expect(grey[2, 2] == 46)
    let color: Image<Double> = try FileArray.read(try folder.put(GoldenFiles.pngColorAlpha8))
      .array()
    #expect(abs(color[1, 1] - 28.705) < 1e-12)
  }
}
