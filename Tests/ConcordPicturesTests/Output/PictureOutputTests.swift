import ConcordArrays
import ConcordMediaBackends
import ConcordPictures
import Foundation
import Testing

@Suite struct PictureOutputTests {
  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "concord-pictures-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private func names(_ folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  @Test func filesHoldThePictureAndReplaceOlderOnes() throws {
    try withFolder { folder in
      let file = folder.appending(path: "map.png")
      try Data("old".utf8).write(to: file)
      let picture = HeatMap(ramp(rows: 3, columns: 3), title: "File")
      try picture.write(to: file.path)
      #expect(try Array(Data(contentsOf: file)) == picture.png())
      #expect(try names(folder) == ["map.png"])
    }
  }

  @Test func failuresNameTheFileAndLeaveNothing() throws {
    try withFolder { folder in
      let picture = HeatMap(ramp(rows: 3, columns: 3), title: "File")
      let path = folder.appending(path: "missing/map.png").path
      let error = #expect(throws: ConcordError.self) { try picture.write(to: path) }
      #expect(
        error == .file(path: path, problem: "cannot be written: there is no such folder"))
      // A folder can't be replaced by a file.
      try FileManager.default.createDirectory(
        at: folder.appending(path: "taken"), withIntermediateDirectories: true)
      #expect(throws: ConcordError.self) {
        try picture.write(to: folder.appending(path: "taken").path)
      }
      #expect(throws: ConcordError.self) { try picture.write(to: "") }
      let empty = HeatMap(Image<Float>(shape: [0, 0], repeating: 0), title: "")
      #expect(throws: ConcordError.self) {
        try empty.write(to: folder.appending(path: "empty.png").path)
      }
      #expect(try names(folder) == ["taken"])
    }
  }

  @Test func theCanvasRefusesSizesItCannotHave() {
    for (width, height) in [(0, 5), (5, -1), (40_000, 5)] {
      #expect(throws: CanvasError.size(width: width, height: height)) {
        _ = try Canvas(width: width, height: height).png()
      }
    }
  }

  @Test func theCanvasDrawsWhereItIsTold() throws {
    var canvas = try Canvas(width: 10, height: 8)
    canvas.fill(
      CanvasRectangle(x: 2, y: 3, width: 4, height: 2),
      with: CanvasColor(red: 1, green: 0, blue: 0))
    let image = PixelImage(width: 2, height: 1, pixels: [0x0000FF, 0x00FF00])
    canvas.draw(
      image, in: CanvasRectangle(x: 6, y: 0, width: 4, height: 2), filter: .nearest)
    let pixels = try canvas.pixels()
    #expect(color(pixels, 2, 3) == RGBColor(red: 255, green: 0, blue: 0))
    #expect(color(pixels, 5, 4) == RGBColor(red: 255, green: 0, blue: 0))
    #expect(color(pixels, 6, 4) == RGBColor(red: 255, green: 255, blue: 255))
    #expect(color(pixels, 7, 1) == RGBColor(red: 0, green: 0, blue: 255))
    #expect(color(pixels, 8, 0) == RGBColor(red: 0, green: 255, blue: 0))
    #expect(color(pixels, 9, 2) == RGBColor(red: 255, green: 255, blue: 255))
  }

  @Test func textIsMeasuredAsItIsDrawn() throws {
    var canvas = try Canvas(width: 300, height: 60)
    let style = TextStyle(size: 20)
    let width = canvas.width(of: "Concord", style: style)
    #expect(canvas.width(of: "ConcordConcord", style: style) > 1.9 * width)
    canvas.draw(
      "Concord", at: CanvasPoint(x: 290, y: 30), style: style,
      anchor: TextAnchor(.right, .middle))
    let pixels = try canvas.pixels()
    let inked = (0..<300).filter { x in
      (0..<60).contains { pixels.pixels[$0 * 300 + x] != 0xFF_FFFF }
    }
    let first = Double(try #require(inked.first))
    let last = Double(try #require(inked.last))
    #expect(abs(first - (290 - width)) < 3)
    #expect(abs(last - 290) < 4)
  }
}
