import ConcordArrays
import ConcordTestSupport
import Testing

@Suite("Sums, means and extremes")
struct ReductionTests {
  @Test("Sums and means of a few numbers")
  func sums() {
    let image = Image<Float>(shape: [2, 3]) { Float($0.row * 3 + $0.column) }
    #expect(image.sum == 15)
    #expect(image.mean == 2.5)
    #expect(Signal<UInt8>([255, 255, 1]).sum == 511)
    #expect(Signal<Int16>([-3, 4]).mean == 0.5)
    #expect(Signal<Bool>([true, false, true, true]).mean == 0.75)
    #expect(Signal<Float>([]).sum == 0)
    #expect(Signal<Float>([]).mean.isNaN)
    #expect(Signal<UInt8>([]).mean.isNaN)
  }

  @Test("Floats are summed in Double")
  func accumulation() {
    // In Float, 2²⁴ + 1 is 2²⁴ again, so a sum in Float would stay there.
    let x = Signal<Float>([16_777_216] + Array(repeating: 1, count: 1000))
    #expect(x.sum == 16_778_216)
    #expect(Signal<Int32>([.max, .max, 1]).sum == 4_294_967_295)
  }

  @Test("Random sums agree with a plain loop", arguments: 1...5)
  func random(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let x: Signal<Double> = random.array([random.integer(in: 1...999)], in: 0...1)
    let expected = x.elements.reduce(0, +)
    #expect(abs(x.sum - expected) <= 1e-13 * expected, "\(random)")
    #expect(x.minimum == x.elements.min() && x.maximum == x.elements.max())
    let largest = x.elements.indices.max { x.elements[$0] < x.elements[$1] }
    #expect(x.positionOfLargest?[0] == largest, "\(random)")
  }

  @Test("Extremes stand at their first position in row-major order")
  func extremes() throws {
    let image = try Image<UInt8>(rows: [[3, 9, 1], [9, 1, 4]])
    #expect(image.minimum == 1 && image.maximum == 9)
    #expect(image.positionOfLargest == [0, 1])
    #expect(image.positionOfSmallest == [0, 2])
    let volume = Volume<Double>(shape: [2, 2, 2]) { Double($0[0] * 4 + $0[1] * 2 + $0[2]) }
    #expect(volume.positionOfLargest == [1, 1, 1])
    #expect((-volume).positionOfLargest == [0, 0, 0])
  }

  @Test("NaN makes extremes NaN, and is passed over by positions and the finite range")
  func notANumber() {
    let x = Signal<Float>([.nan, 2, .infinity, -5, -.infinity])
    #expect(x.minimum?.isNaN == true && x.maximum?.isNaN == true)
    #expect(x.positionOfLargest == [2])
    #expect(x.positionOfSmallest == [4])
    #expect(x.finiteRange == -5...2)
    #expect(!x.isFinite)
    #expect(Signal<Float>([1, 2]).isFinite)
    #expect(!Signal<Double>([1, -.infinity]).isFinite)
  }

  @Test("Where there is nothing, there is no extreme")
  func nothing() {
    let empty = Signal<Double>([])
    #expect(empty.minimum == nil && empty.maximum == nil && empty.positionOfLargest == nil)
    #expect(empty.finiteRange == nil)
    let none = Signal<Double>([.nan, .nan])
    #expect(none.positionOfLargest == nil && none.finiteRange == nil)
  }
}
