import ConcordArrays
import ConcordTestSupport
import Testing

@Suite("Views and windows")
struct ArrayViewTests {
  private let image = Image<Float>(shape: [4, 5]) { Float(10 * $0.row + $0.column) }

  @Test("A view reads a region in place")
  func region() throws {
    let view = try image.view(1..<3, 2..<5)
    #expect(view.shape == [2, 3] && view.count == 6)
    #expect(view.elements == [12, 13, 14, 22, 23, 24])
    #expect(view[1, 2] == 24)
    #expect(view[Position(row: 0, column: 1)] == 13)
    #expect(view.copied() == Image(shape: [2, 3]) { Float(10 * $0.row + $0.column + 12) })
  }

  @Test("A view of a view counts from the first view's corner")
  func nested() throws {
    let inner = try image.view(1..<4, 1..<5).view([1..<3, 2..<3])
    #expect(inner.elements == [23, 33])
    #expect(try image.view(2..<2, 0..<5).elements.isEmpty)
  }

  @Test("A copy of the whole shares the memory; a copy of a part doesn't")
  func copies() throws {
    #expect(shareMemory(image.view.copied(), image))
    #expect(image.view.elements == image.elements)
    let part = try image.view(0..<4, 0..<4).copied()
    #expect(part.count == 16)
  }

  @Test("A view keeps what it saw when the array is written to")
  func keepsContent() throws {
    var changing = image
    let view = try changing.view(0..<1, 0..<2)
    changing[0, 0] = -1
    #expect(view.elements == [0, 1])
  }

  @Test("Regions that reach outside are refused", arguments: [(-1)..<2, 3..<5, 4..<6])
  func outside(rows: Range<Int>) {
    #expect(throws: ConcordError.outside(region: [rows, 0..<1], shape: [4, 5])) {
      try image.view(rows, 0..<1)
    }
  }

  @Test("A region needs a range for each axis")
  func rangeCount() {
    #expect(throws: ConcordError.elementCount(expected: 2, found: 1)) { try image.view(0..<1) }
  }

  @Test("A plane of a volume is an image in place")
  func planes() throws {
    let volume = Volume<UInt8>(shape: [2, 2, 3]) { UInt8(100 * $0[0] + 10 * $0[1] + $0[2]) }
    let plane = try volume.plane(1)
    #expect(plane.shape == [2, 3])
    #expect(plane.elements == [100, 101, 102, 110, 111, 112])
    #expect(try volume.view(0..<2, 1..<2, 0..<2).elements == [10, 11, 110, 111])
    #expect(throws: ConcordError.outside(region: [2..<3], shape: [2])) { try volume.plane(2) }
  }

  @Test("Windows come in row-major order of their corner")
  func windows() throws {
    let windows = try image.windows(of: [3, 2])
    #expect(windows.shape == [2, 4] && windows.windowShape == [3, 2] && windows.count == 8)
    #expect(windows[0].elements == [0, 1, 10, 11, 20, 21])
    #expect(windows[5].elements == windows[Position(row: 1, column: 1)].elements)
    #expect(windows[7].elements == [13, 14, 23, 24, 33, 34])
    #expect(windows.map { $0[0, 0] } == [0, 1, 2, 3, 10, 11, 12, 13])
    let signal = try Signal<Float>([1, 2, 3, 4]).windows(of: [2])
    #expect(signal.map { $0.elements.reduce(0, +) } == [3, 5, 7])
  }

  @Test("Windows that don't fit are refused")
  func badWindows() {
    #expect(throws: ConcordError.exceeds(what: "window", extents: [5, 1], limit: [4, 5])) {
      try image.windows(of: [5, 1])
    }
    #expect(
      throws: ConcordError.outOfRange(what: "window extent", found: 0, allowed: "at least 1")
    ) { try image.windows(of: [1, 0]) }
  }
}
