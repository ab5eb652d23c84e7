import ConcordArrays
import ConcordFiles
import Testing

@Suite struct PNGWriteTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func written(
    _ rows: [[Float]], range: ClosedRange<Double>? = nil
  ) throws -> [Float] {
    try ArrayFile.write(Image(rows: rows), to: folder.file("a.png"), range: range)
    return (try FileArray.read(folder.file("a.png")).array() as Image<Float>).elements
  }

  @Test func scalesTheFiniteRange() throws {
    #expect(try written([[-1, 0, 1]]) == [0, 128, 255])
    #expect(try written([[2, .nan, .infinity, -.infinity, 4]]) == [0, 0, 255, 0, 255])
  }

  @Test func scalesAGivenRange() throws {
    #expect(try written([[-5, 0, 51, 255, 300]], range: 0...255) == [0, 0, 51, 255, 255])
    #expect(try written([[0.25, 0.5]], range: 0...1) == [64, 128])
  }

  @Test func rangesWithoutExtentGiveZeros() throws {
    #expect(try written([[3, 3], [3, 3]]) == [0, 0, 0, 0])
    #expect(try written([[.nan, .infinity]]) == [0, 0])
  }

  @Test func scalesTheLargestNumbers() throws {
    let largest = Double.greatestFiniteMagnitude
    let image = try Image<Double>(rows: [[-largest, 0, largest]])
    try ArrayFile.write(image, to: folder.file("a.png"))
    let back: Image<Float> = try FileArray.read(folder.file("a.png")).array()
    #expect(back.elements == [0, 128, 255])
  }

  @Test func scalesAllColorsAlikeAndKeepsOpacity() throws {
    let image = try ColorImage<Float>(planes: [
      Image(rows: [[0, 1]]), Image(rows: [[2, 3]]), Image(rows: [[4, 5]]),
      Image(rows: [[255, 51]]),
    ])
    try ArrayFile.write(image, to: folder.file("a.png"))
    let planes = try FileArray.read(folder.file("a.png")).color(as: Float.self).planes
    #expect(planes.map { $0.elements } == [[0, 51], [102, 153], [204, 255], [255, 51]])
  }

  @Test func writesPixelsAsTheyAre() throws {
    let pixels: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    try ArrayFile.writePixels(pixels, rows: 2, columns: 2, channels: 3, to: folder.file("a.png"))
    let planes = try FileArray.read(folder.file("a.png")).color(as: Float.self).planes
    #expect(planes.map { $0.elements } == [[1, 4, 7, 10], [2, 5, 8, 11], [3, 6, 9, 12]])
    #expect(throws: ConcordError.self) {
      try ArrayFile.writePixels(pixels, rows: 2, columns: 2, channels: 4, to: folder.file("b.png"))
    }
    #expect(throws: ConcordError.self) {
      try ArrayFile.writePixels([], rows: 0, columns: 2, channels: 4, to: folder.file("b.png"))
    }
    #expect(folder.names == ["a.png"])
  }

  @Test func colorNeedsAFormatThatHoldsIt() throws {
    let plane = try Image<Float>(rows: [[1, 2]])
    let color = try ColorImage(planes: [plane, plane, plane])
    #expect(throws: ConcordError.self) { try ArrayFile.write(color, to: folder.file("a.csv")) }
    try ArrayFile.write(color, to: folder.file("c.npy"))
    let interleaved: Volume<Float> = try FileArray.read(folder.file("c.npy")).array()
    #expect(interleaved.shape == [1, 2, 3])
    #expect(interleaved.elements == [1, 1, 1, 2, 2, 2])
    try ArrayFile.write(try ColorImage(planes: [plane]), to: folder.file("a.npy"))
    #expect(try FileArray.read(folder.file("a.npy")).array() == plane)
  }
}
