import ConcordArrays
import ConcordTestSupport
import NaiveReference
import Testing

@Suite("Arithmetic of integer arrays")
struct IntegerArithmeticTests {
  private static let a: [[UInt8]] = [
    [179, 97, 77, 118, 144, 105], [68, 56, 184, 210, 141, 230], [178, 166, 218, 47, 106, 172],
    [38, 183, 50, 185, 48, 87], [60, 200, 228, 232, 6, 190], [253, 75, 231, 166, 117, 134],
  ]
  private static let b: [[UInt8]] = [
    [116, 95, 94, 220, 80, 223], [135, 9, 166, 78, 5, 129], [102, 167, 120, 81, 141, 29],
    [83, 117, 81, 129, 255, 48], [130, 231, 165, 7, 187, 169], [44, 137, 16, 50, 229, 202],
  ]

  @Test("A² - B² of bytes doesn't overflow, and its window sums are those of the question")
  func differenceOfSquares() throws {
    let a = try Image(rows: Self.a)
    let b = try Image(rows: Self.b)
    let difference = try a * a - b * b
    #expect(difference.elements.prefix(6) == [18585, 384, -2907, -34476, 14336, -38704])
    let sums = try NaiveArray(difference).windowed(.sum, window: [3, 3], edges: .shrinking)
    #expect(sums.values.prefix(6) == [8423, 11816, 10372, 41125, 35287, 31747])
    #expect(sums.values.suffix(6) == [22268, 100132, 130190, 83010, -10163, -88994])
    let inside = try difference.windows(of: [3, 3]).map(\.sumOfElements)
    #expect(
      inside == [
        65887, 38811, 61252, 51033, 60119, 109133, 35101, 70005, 62463, 126935, 14530, 2255,
        110426, 163513, 33812, -50035,
      ])
  }

  @Test("Every operator gives Doubles")
  func operators() throws {
    let x = Signal<UInt8>([200, 3])
    let y = Signal<UInt8>([100, 4])
    #expect(try (x + y).elements == [300, 7])
    #expect(try (y - x).elements == [-100, 1])
    #expect(try (x * y).elements == [20000, 12])
    #expect(try (x / y).elements == [2, 0.75])
    #expect((-x).elements == [-200, -3])
    #expect((x + 100).elements == [300, 103])
    #expect((100 + x).elements == [300, 103])
    #expect((x - 0.5).elements == [199.5, 2.5])
    #expect((0.5 - x).elements == [-199.5, -2.5])
    #expect((x * 2).elements == [400, 6])
    #expect((2 * x).elements == [400, 6])
    #expect((x / 8).elements == [25, 0.375])
    #expect((6 / x)[1] == 2)
  }

  @Test("The ends of each type are exact")
  func ends() throws {
    let low = Signal<Int32>([.min])
    #expect(try (low * low)[0] == 0x1p62)
    #expect(try (low - Signal<Int32>([.max]))[0] == -4_294_967_295)
    #expect(try (Signal<UInt32>([.max]) + Signal<UInt32>([.max]))[0] == 8_589_934_590)
    #expect(try (Signal<Int8>([.min]) - Signal<Int8>([.max]))[0] == -255)
    #expect(try (Signal<Int16>([.min]) * Signal<Int16>([.min]))[0] == 1_073_741_824)
    #expect(try (Signal<UInt16>([.max]) * Signal<UInt16>([.max]))[0] == 4_294_836_225)
    #expect(try (Signal<Bool>([true, false]) + Signal<Bool>([true, true])).elements == [2, 1])
  }

  @Test("Arrays of different shapes are refused")
  func shapes() {
    let refused = ConcordError.shapesDiffer(expected: [2], found: [1])
    #expect(throws: refused) { try Signal<UInt8>([1, 2]) * Signal<UInt8>([1]) }
  }
}

extension ArrayView where Scalar == Double {
  fileprivate var sumOfElements: Double { elements.reduce(0, +) }
}
