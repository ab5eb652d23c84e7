import ComplexModule
import ConcordArrays
import ConcordTestSupport
import Testing

/// Maps, widening and complex parts: one element in, one element out.
@Suite("Maps and conversions")
struct ElementTests {
  private typealias C = Complex<Float>

  private struct Refused: Error {}

  @Test("A map keeps the shape and may change the type")
  func mapping() throws {
    let image = try Image<Float>(rows: [[1, 4], [9, 16]])
    #expect(image.map { $0.squareRoot() } == (try Image(rows: [[1, 2], [3, 4]])))
    #expect(image.map { UInt8($0) }.elements == [1, 4, 9, 16])
    #expect(throws: Refused.self) {
      try image.map { x throws(Refused) -> Float in
        if x > 4 { throw Refused() }
        return x
      }
    }
  }

  @Test("Integers widen exactly: Float for 16 bits, Double for 32")
  func widening() {
    let small: Signal<Float> = Signal<UInt16>([0, 1, 65535]).widened()
    #expect(small.elements == [0, 1, 65535])
    let large: Signal<Double> = Signal<Int32>([.min, 16_777_217]).widened()
    #expect(large.elements == [-2_147_483_648, 16_777_217])
    #expect(Signal<Bool>([true, false]).widened().elements == [1, 0])
  }

  @Test("A conversion rounds to the nearest, and is no copy where nothing changes")
  func converting() {
    #expect(Signal<Int32>([16_777_217]).converted(to: Float.self).elements == [16_777_216])
    #expect(Signal<UInt8>([255]).converted(to: Double.self).elements == [255])
    let doubles = Signal<Double>([0.1, 1e300, .nan])
    let floats = doubles.converted(to: Float.self)
    #expect(floats[0] == 0.1 && floats[1] == .infinity && floats[2].isNaN)
    #expect(floats.converted(to: Double.self)[0] == Double(Float(0.1)))
    #expect(shareMemory(doubles.converted(to: Double.self), doubles))
    let image = Image<Float>(shape: [2, 2], repeating: 1)
    #expect(shareMemory(image.converted(to: Float.self), image))
  }

  @Test("Complex arrays come apart and together again")
  func complexParts() throws {
    let z = Signal<C>([C(3, 4), C(-1, 0)])
    #expect(z.real.elements == [3, -1])
    #expect(z.imaginary.elements == [4, 0])
    #expect(z.magnitude.elements == [5, 1])
    #expect(z.conjugate.elements == [C(3, -4), C(-1, 0)])
    #expect(try Signal<C>(real: z.real, imaginary: z.imaginary) == z)
    #expect(Signal<C>(real: Signal([2, 7])).elements == [C(2, 0), C(7, 0)])
    let notFinite = Signal<C>([C(.infinity, 1), C(2, .nan)])
    #expect(notFinite.real.elements == [.infinity, 2] && notFinite.imaginary[0] == 1)
    #expect(notFinite.magnitude[0] == .infinity && notFinite.magnitude[1].isNaN)
    #expect(throws: ConcordError.shapesDiffer(expected: [2], found: [1])) {
      try Signal<C>(real: z.real, imaginary: Signal([1]))
    }
  }
}
