import ComplexModule
import ConcordArrays
import ConcordTestSupport
import Testing

@Suite("Arithmetic of real and complex arrays")
struct ArithmeticTests {
  private let a = Signal<Float>([1, -2, 8])
  private let b = Signal<Float>([4, 5, 2])

  @Test("Arrays are combined element by element")
  func arrays() throws {
    #expect(try (a + b).elements == [5, 3, 10])
    #expect(try (a - b).elements == [-3, -7, 6])
    #expect(try (a * b).elements == [4, -10, 16])
    #expect(try (a / b).elements == [0.25, -0.4, 4])
    #expect((-a).elements == [-1, 2, -8])
  }

  @Test("Numbers stand on either side")
  func numbers() {
    #expect((a + 3).elements == [4, 1, 11])
    #expect((3 + a).elements == [4, 1, 11])
    #expect((a - 3).elements == [-2, -5, 5])
    #expect((3 - a).elements == [2, 5, -5])
    #expect((a * 3).elements == [3, -6, 24])
    #expect((3 * a).elements == [3, -6, 24])
    #expect((a / 4).elements == [0.25, -0.5, 2])
    #expect((4 / a).elements == [4, -2, 0.5])
  }

  @Test("Division by zero and NaN follow IEEE 754")
  func specialValues() throws {
    let x = Signal<Double>([1, -1, 0, .nan])
    let quotient = try x / Signal<Double>([0, 0, 0, 1])
    #expect(quotient[0] == .infinity && quotient[1] == -.infinity)
    #expect(quotient[2].isNaN && quotient[3].isNaN)
    #expect((x + 1).elements.prefix(3) == [2, 0, 1])
  }

  @Test("Complex arrays obey the complex rules")
  func complexNumbers() throws {
    typealias C = Complex<Double>
    let z = Signal<C>([C(1, 2), C(0, -1)])
    let w = Signal<C>([C(3, -1), C(0, 1)])
    #expect(try (z + w).elements == [C(4, 1), C(0, 0)])
    #expect(try (z - w).elements == [C(-2, 3), C(0, -2)])
    #expect(try (z * w).elements == [C(5, 5), C(1, 0)])
    #expect(try (z / w)[1] == C(-1, 0))
    #expect((z * C(0, 1)).elements == [C(-2, 1), C(1, 0)])
    #expect((C(0, 1) - z).elements == [C(-1, -1), C(0, 2)])
    #expect((-z).elements == [C(-1, -2), C(0, 1)])
    #expect((z + 1).elements == [C(2, 2), C(1, -1)])
    // A number added to one part leaves an infinite other part as it is.
    let infinite = Signal<C>([C(1, .infinity)]) + 1
    #expect(infinite.real[0] == 2 && infinite.imaginary[0] == .infinity)
  }

  @Test("Arrays of different shapes are refused")
  func shapes() {
    let row = Image<Float>(shape: [1, 4], repeating: 1)
    let column = Image<Float>(shape: [4, 1], repeating: 1)
    let refused = ConcordError.shapesDiffer(expected: [1, 4], found: [4, 1])
    #expect(throws: refused) { try row + column }
    #expect(throws: refused) { try row - column }
    #expect(throws: refused) { try row * column }
    #expect(throws: refused) { try row / column }
  }

  @Test("Random arrays agree with scalar arithmetic, and stay as they were", arguments: 1...5)
  func random(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let shape: Shape<3> = random.shape(extents: 1...7)
    let x: Volume<Double> = random.array(shape)
    let y: Volume<Double> = random.array(shape)
    let before = x.elements
    let found = try (x * y + 2) / (3 - y) - x
    let expected = zip(x.elements, y.elements).map { x, y in (x * y + 2) / (3 - y) - x }
    #expect(found.elements == expected, "\(random) \(shape)")
    #expect(x.elements == before)
  }
}
