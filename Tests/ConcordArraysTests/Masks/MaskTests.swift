import ComplexModule
import ConcordArrays
import Testing

@Suite("Masks")
struct MaskTests {
  private let first = Mask<1>([true, true, false, false])
  private let second = Mask<1>([true, false, true, false])

  @Test("And, or and not follow the truth table")
  func logic() throws {
    #expect(try (first & second).elements == [true, false, false, false])
    #expect(try (first | second).elements == [true, true, true, false])
    #expect((!first).elements == [false, false, true, true])
    #expect(first.trueCount == 2)
    #expect(Mask<2>(shape: [3, 4], repeating: true).trueCount == 12)
    #expect(Mask<1>([]).trueCount == 0)
  }

  @Test("Masks of different shapes are refused")
  func shapes() {
    let refused = ConcordError.shapesDiffer(expected: [4], found: [1])
    #expect(throws: refused) { try first & Mask<1>([true]) }
    #expect(throws: refused) { try first | Mask<1>([true]) }
  }

  @Test("A condition makes a mask of its array's shape")
  func conditions() throws {
    let image = try Image<Float>(rows: [[1, 5], [4, 3]])
    let mask: Mask<2> = image.mask { $0 > 3 }
    #expect(mask.elements == [false, true, true, false])
    #expect(mask.shape == image.shape)
  }

  @Test("The finite mask leaves out NaN and infinity")
  func finite() {
    #expect(
      Signal<Float>([1, .nan, .infinity, -.infinity]).finiteMask.elements
        == [true, false, false, false])
    #expect(Signal<Double>([0, .nan]).finiteMask.trueCount == 1)
    let z = Signal<Complex<Double>>([Complex(1, 2), Complex(1, .nan), Complex(.infinity, 0)])
    #expect(z.finiteMask.elements == [true, false, false])
  }
}
