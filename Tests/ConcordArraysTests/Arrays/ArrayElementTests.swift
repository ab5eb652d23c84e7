import ComplexModule
import ConcordArrays
import Testing

@Suite("What arrays can hold")
struct ArrayElementTests {
  @Test("Zero is zero, or false")
  func zeros() {
    #expect(Float.zeroElement == 0 && Double.zeroElement == 0 && UInt8.zeroElement == 0)
    #expect(Int32.zeroElement == 0 && Bool.zeroElement == false)
    #expect(Complex<Float>.zeroElement == .zero)
  }

  @Test("Every integer of 8 and 16 bits widens exactly")
  func smallIntegers() {
    for value in UInt8.min...UInt8.max { #expect(UInt8(value.widened) == value) }
    for value in Int8.min...Int8.max { #expect(Int8(value.widened) == value) }
    for value in UInt16.min...UInt16.max where UInt16(value.widened) != value {
      Issue.record("UInt16 \(value)")
    }
    for value in Int16.min...Int16.max where Int16(value.widened) != value {
      Issue.record("Int16 \(value)")
    }
    #expect(true.widened == 1 && false.widened == 0)
  }

  @Test("The ends of 32 bits widen exactly")
  func largeIntegers() {
    #expect(UInt32.max.widened == 4_294_967_295)
    #expect(Int32.min.widened == -2_147_483_648)
    #expect(Int32.max.widened == 2_147_483_647)
    #expect(type(of: Int32(0).widened) == Double.self)
  }

  @Test("Constants are rounded by reals and must fit integers exactly")
  func constants() {
    #expect(Float(constant: 0.1) == 0.1)
    #expect(Double(constant: 0.1) == 0.1)
    #expect(UInt8(constant: 255) == 255)
    #expect(UInt8(constant: 256) == nil)
    #expect(UInt8(constant: -1) == nil)
    #expect(Int16(constant: 0.5) == nil)
    #expect(Int32(constant: .nan) == nil)
    #expect(Bool(constant: 1) == true)
    #expect(Bool(constant: 0) == false)
    #expect(Bool(constant: 2) == nil)
    #expect(Complex<Double>(constant: 3) == Complex(3, 0))
  }
}
