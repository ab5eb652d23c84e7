import ConcordArrays
import ConcordTestSupport
import Testing

@Suite("Arrays")
struct NDArrayTests {
  @Test("Elements stand in row-major order, whichever way an array is made")
  func making() throws {
    let image = try Image<Int32>(rows: [[1, 2, 3], [4, 5, 6]])
    #expect(image.shape == [2, 3] && image.rows == 2 && image.columns == 3 && image.count == 6)
    #expect(image.elements == [1, 2, 3, 4, 5, 6])
    #expect(image[1, 0] == 4)
    #expect(try image == Image(shape: [2, 3], elements: 1...6))
    #expect(image == Image(shape: [2, 3]) { Int32(3 * $0.row + $0.column + 1) })
    let volume = try Volume(planes: [image, image])
    #expect(volume.shape == [2, 2, 3])
    #expect(volume[1, 1, 2] == 6)
    #expect(Signal<Float>([1, 2, 3])[2] == 3)
    #expect(Image<Double>(shape: [2, 2], repeating: 4).elements == [4, 4, 4, 4])
  }

  @Test("Elements that don't fill a shape are refused")
  func refused() {
    #expect(throws: ConcordError.elementCount(expected: 6, found: 5)) {
      try Image<Float>(shape: [2, 3], elements: [1, 2, 3, 4, 5])
    }
    #expect(throws: ConcordError.rowLengthsDiffer(expected: 2, found: 1)) {
      try Image<Float>(rows: [[1, 2], [3]])
    }
    #expect(throws: ConcordError.shapesDiffer(expected: [1, 2], found: [2, 1])) {
      try Volume<Float>(planes: [
        Image(shape: [1, 2], repeating: 0), Image(shape: [2, 1], repeating: 0),
      ])
    }
  }

  @Test("Arrays without elements are arrays")
  func empty() throws {
    #expect(Signal<Float>([]).elements.isEmpty)
    #expect(try Image<UInt8>(rows: []).shape == [0, 0])
    #expect(try Volume<UInt8>(planes: []).count == 0)
    #expect(Signal<Float>([]) == Signal<Float>([]))
  }

  @Test("Reshaping keeps the elements and shares the memory")
  func reshaping() throws {
    let signal = Signal<Float>([1, 2, 3, 4, 5, 6])
    let image: Image<Float> = try signal.reshaped(to: [2, 3])
    #expect(image[1, 0] == 4)
    #expect(shareMemory(image, signal))
    #expect(throws: ConcordError.elementCount(expected: 4, found: 6)) {
      try signal.reshaped(to: Shape<2>(rows: 2, columns: 2))
    }
  }

  @Test("A copy shares memory until one of the two is written to")
  func copyOnWrite() {
    let original = Image<Float>(shape: [2, 2], repeating: 1)
    var copy = original
    #expect(shareMemory(copy, original))
    copy[0, 1] = 7
    #expect(!shareMemory(copy, original))
    #expect(original.elements == [1, 1, 1, 1])
    #expect(copy.elements == [1, 7, 1, 1])
  }

  @Test("Writing through the span leaves copies as they were")
  func spanWrites() {
    var original = Signal<Double>([1, 2, 3])
    let copy = original
    var elements = original.mutableSpan
    elements[1] = 9
    #expect(original.elements == [1, 9, 3])
    #expect(copy.elements == [1, 2, 3])
  }

  @Test("An array that nobody else holds is written in place")
  func writesInPlace() {
    var image = Image<Float>(shape: [2, 2], repeating: 0)
    let view = Image<Float>(shape: [2, 2], repeating: 0)
    image[1, 1] = 1
    image[Position(row: 0, column: 0)] = 2
    #expect(image.elements == [2, 0, 0, 1])
    #expect(view.elements == [0, 0, 0, 0])
  }

  @Test("Equality compares shapes and elements, with NaN different from itself")
  func equality() throws {
    let row = try Image<Float>(rows: [[1, 2]])
    #expect(row != (try Image(rows: [[1], [2]])))
    #expect(row != (try Image(rows: [[1, 3]])))
    #expect(row == (try Image(rows: [[1, 2]])))
    #expect(Signal<Float>([.nan]) != Signal<Float>([.nan]))
  }

  @Test("An array prints its type and shape")
  func description() {
    #expect(Image<Float>(shape: [512, 640], repeating: 0).description == "Float 512 × 640")
  }
}
