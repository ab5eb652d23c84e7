import ConcordArrays
import ConcordFiles
import Testing

@Suite struct GoldenTIFFTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  struct Expectation: Sendable {
    let file: GoldenFile
    let type: ElementType
    var shape = [5, 6]
    var channels = 1
    /// Stored values are factor · pattern + offset.
    var factor = 1.0
    var offset = 0.0
  }

  static let expectations = [
    Expectation(file: GoldenFiles.tiffU1, type: .uint8),
    Expectation(file: GoldenFiles.tiffU2, type: .uint16, factor: 100),
    Expectation(file: GoldenFiles.tiffU4, type: .uint32),
    Expectation(file: GoldenFiles.tiffI1, type: .int8, offset: -50),
    Expectation(file: GoldenFiles.tiffI2, type: .int16, offset: -50),
    Expectation(file: GoldenFiles.tiffI4, type: .int32, offset: -50),
    Expectation(file: GoldenFiles.tiffF2, type: .float32, factor: 0.25, offset: -10),
    Expectation(file: GoldenFiles.tiffF4, type: .float32, factor: 0.25, offset: -10),
    Expectation(file: GoldenFiles.tiffF8, type: .float64, factor: 0.25, offset: -10),
    Expectation(file: GoldenFiles.tiffBigEndian, type: .uint16, factor: 100),
    Expectation(file: GoldenFiles.tiffBig, type: .float32, factor: 0.25, offset: -10),
    Expectation(file: GoldenFiles.tiffPages, type: .uint8, shape: [2, 5, 6]),
    Expectation(
      file: GoldenFiles.tiffPagesBigEndian, type: .float32, shape: [3, 5, 6], factor: 0.25,
      offset: -10),
    Expectation(file: GoldenFiles.tiffLZW, type: .uint16, factor: 100),
    Expectation(file: GoldenFiles.tiffDeflate, type: .float32, factor: 0.25, offset: -10),
    Expectation(file: GoldenFiles.tiffPackBits, type: .uint8),
    Expectation(file: GoldenFiles.tiffTiles, type: .uint16, shape: [20, 18], factor: 100),
    Expectation(file: GoldenFiles.tiffColor, type: .uint8, channels: 3),
    Expectation(file: GoldenFiles.tiffColorPlanes, type: .uint8, channels: 3),
    Expectation(file: GoldenFiles.tiffColorAlpha, type: .uint8, channels: 4),
    Expectation(
      file: GoldenFiles.tiffColorTiles, type: .float32, shape: [20, 18], channels: 3,
      factor: 0.25, offset: -10),
    Expectation(file: GoldenFiles.tiffWhiteIsZero, type: .uint8),
    Expectation(file: GoldenFiles.tiffPyramid, type: .uint8, shape: [8, 8]),
  ]

  @Test(arguments: expectations) func readsTheStoredValues(_ expected: Expectation) throws {
    let file = try FileArray.read(try folder.put(expected.file))
    #expect(file.elementType == expected.type)
    #expect(file.shape == expected.shape && file.channels == expected.channels)
    func value(_ plane: Int, _ row: Int, _ column: Int, channel: Int = 0) -> Double {
      expected.factor * pattern(plane, row, column, channel: channel) + expected.offset
    }
    if file.shape.count == 3 {
      let volume: Volume<Double> = try file.array()
      #expect(volume == Volume(shape: volume.shape) { value($0[0], $0[1], $0[2]) })
      return
    }
    for (channel, plane) in try file.color(as: Double.self).planes.enumerated() {
      let values = Image(shape: plane.shape) { value(0, $0.row, $0.column, channel: channel) }
      #expect(plane == values, "channel \(channel)")
    }
  }

  @Test func expandsPalettes() throws {
    let file = try FileArray.read(try folder.put(GoldenFiles.tiffPalette))
    let planes = try file.color(as: Double.self).planes.map { $0.elements }
    let reds = [10.0, 40, 70, 100, 10, 40, 70, 100]
    #expect(planes == [reds, reds.map { $0 + 10 }, reds.map { $0 + 20 }])
  }

  @Test func unpacksBits() throws {
    let file = try FileArray.read(try folder.put(GoldenFiles.tiffFax))
    let values = Image<Float>(shape: [5, 6]) { Float(($0.row + $0.column) % 2) }
    #expect(try file.array() == values)
  }

  @Test func decodesJPEG() throws {
    let image = try FileArray.read(try folder.put(GoldenFiles.tiffJPEG)).color(as: Float.self)
    #expect(image.channels == 3 && image.shape == [16, 16])
    for plane in image.planes { #expect(plane.elements.allSatisfy { abs($0 - 100) <= 2 }) }
  }

  @Test func pagesThatDifferAreAnError() throws {
    #expect(
      problem(reading: try folder.put(GoldenFiles.tiffUnequalPages))
        == "expected pages of one kind, found 5 × 6 of 1 × 8 bits on the first and "
        + "6 × 5 of 1 × 8 bits on page 2")
  }
}
