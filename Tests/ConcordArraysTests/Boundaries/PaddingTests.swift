import ComplexModule
import ConcordArrays
import ConcordTestSupport
import NaiveReference
import Testing

@Suite("Padding")
struct PaddingTests {
  private static let rules = Boundary.all.filter { $0 != .renormalize }

  @Test("Random shapes of every rank agree with the oracle", arguments: 1...20)
  func oracle(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for rule in Self.rules {
      try check(random.shape(extents: 1...9) as Shape<1>, rule, &random)
      try check(random.shape(extents: 1...5) as Shape<2>, rule, &random)
      try check(random.shape(extents: 1...4) as Shape<3>, rule, &random)
    }
  }

  private func check<let rank: Int>(
    _ shape: Shape<rank>, _ rule: Boundary, _ random: inout SplitMix64
  ) throws {
    let before: Shape<rank> = random.shape(extents: 0...11)
    let after: Shape<rank> = random.shape(extents: 0...11)
    let array: NDArray<rank, Double> = random.array(shape)
    let expected = NaiveArray(array).extended(
      before: before.components, after: after.components, boundary: NaiveBoundary(rule))
    let found = try array.padded(before: before, after: after, boundary: rule)
    #expect(NaiveArray(found) == expected, "\(random) \(shape) \(before) \(after) \(rule)")
    let floats = array.converted(to: Float.self)
    #expect(
      try floats.padded(before: before, after: after, boundary: rule)
        == found.converted(to: Float.self), "\(random)")
    let complex = NDArray<rank, Complex<Double>>(real: array)
    let paddedComplex = try complex.padded(before: before, after: after, boundary: rule)
    #expect(paddedComplex.real == found, "\(random) complex")
    #expect(paddedComplex.imaginary.elements.allSatisfy { $0 == 0 })
  }

  @Test("Sides and axes are not confused")
  func sides() throws {
    let image = try Image<Int16>(rows: [[1, 2], [3, 4]])
    let padded = try image.padded(before: [1, 0], after: [0, 2], boundary: .constant(-7))
    #expect(padded == (try Image(rows: [[-7, -7, -7, -7], [1, 2, -7, -7], [3, 4, -7, -7]])))
    let mask = try Mask<1>([true, false]).padded(by: [1], boundary: .constant(1))
    #expect(mask.elements == [true, true, false, true])
  }

  @Test("The array itself is untouched")
  func input() throws {
    let image = Image<Float>(shape: [3, 3]) { Float($0.row - $0.column) }
    let copy = image.elements
    _ = try image.padded(by: [4, 4], boundary: .symmetric)
    #expect(image.elements == copy)
  }

  @Test("What padding can't do is a typed error")
  func errors() {
    let image = Image<Float>(shape: [2, 2], repeating: 1)
    let refused = ConcordError.boundaryCannotServe(
      boundary: .renormalize, why: "it rescales a kernel's weights and puts no elements outside")
    #expect(throws: refused) { try image.padded(by: [1, 1], boundary: .renormalize) }
    #expect(throws: ConcordError.outOfRange(what: "padding", found: -1, allowed: "at least 0")) {
      try image.padded(before: [0, 0], after: [0, -1], boundary: .wrap)
    }
    #expect(throws: ConcordError.empty(what: "the array to pad")) {
      try Signal<Float>([]).padded(by: [1], boundary: .replicate)
    }
    let tooLarge = ConcordError.outOfRange(
      what: "constant boundary", found: 256, allowed: "a value of UInt8")
    #expect(throws: tooLarge) {
      try Signal<UInt8>([1]).padded(by: [1], boundary: .constant(256))
    }
  }
}
