import ConcordArrays
import ConcordTestSupport
import NaiveReference
import Testing

@Suite("The tests' own tools")
struct TestSupportTests {
  @Test("The generator gives the published sequence of its seed")
  func sequence() {
    // The first outputs of the authors' C program for the seed 1234567.
    var random = SplitMix64(seed: 1_234_567)
    #expect(random.next() == 6_457_827_717_110_365_317)
    #expect(random.next() == 3_203_168_211_198_807_973)
    #expect(random.description == "SplitMix64(seed: 0x12d687)")
  }

  @Test("Numbers stay in their ranges and reach both ends")
  func ranges() {
    var random = SplitMix64(seed: 7)
    let integers = (0..<200).map { _ in random.integer(in: -1...2) }
    #expect(Set(integers) == [-1, 0, 1, 2])
    let reals = (0..<200).map { _ in random.uniform(in: -3...5) }
    #expect(reals.allSatisfy { (-3...5).contains($0) })
    #expect((reals.min() ?? 0) < -2 && (reals.max() ?? 0) > 4)
  }

  @Test("The error is relative to what is expected")
  func error() {
    #expect(relativeL2Error([3, 4], [3, 4]) == 0)
    #expect(relativeL2Error([3, 9], [3, 4]) == 1)
    #expect(relativeL2Error([3, 4], [0, 0]) == 5)
    #expect(relativeL2Error([.nan, 1], [.nan, 1]) == 0)
    #expect(relativeL2Error([.infinity], [.infinity]) == 0)
    #expect(relativeL2Error([.nan, 1], [1, 1]) == .infinity)
    #expect(relativeL2Error([1, 1], [.nan, 1]) == .infinity)
    #expect(relativeL2Error([1], [1, 1]) == .infinity)
    let image = Image<Float>(shape: [1, 2], repeating: 1)
    #expect(relativeL2Error(image, NaiveArray(image)) == 0)
    #expect(relativeL2Error(image, NaiveArray([1, 1])) == .infinity)
  }
}
