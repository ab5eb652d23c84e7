import ConcordBackends
import Testing

@Suite("Fast lengths of transforms")
struct FastLengthTests {
  private let minima = Array(1...3000) + [4097, 65_537, 99_991, 1_000_003, 16_777_259]

  @Test("Are no shorter than asked for, and never far above")
  func range() {
    for minimum in minima {
      let length = fastTransformLength(atLeast: minimum)
      #expect(length >= minimum && length <= minimum + minimum / 8 + 1, "\(minimum): \(length)")
    }
    #expect(fastTransformLength(atLeast: 0) == 1)
  }

  @Test("Have small factors only, at most one of 11 or 13")
  func factors() {
    for minimum in minima where minimum > 16 {
      var rest = fastTransformLength(atLeast: minimum)
      for factor in [2, 3, 5, 7] {
        while rest % factor == 0 { rest /= factor }
      }
      #expect([1, 11, 13].contains(rest), "\(minimum)")
    }
  }

  @Test("Cost no more than any other length near")
  func leastWork() {
    for minimum in [17, 97, 101, 257, 521, 1021, 2049] {
      let length = fastTransformLength(atLeast: minimum)
      let all = minimum...(minimum + minimum / 8 + 1)
      #expect(transformWork(length) <= all.map(transformWork).reduce(.infinity, min), "\(minimum)")
    }
  }

  @Test("Leave lengths that are fast already")
  func fixedPoints() {
    for length in [1, 2, 7, 13, 16, 64, 256, 1024, 4096, 65_536] {
      #expect(fastTransformLength(atLeast: length) == length)
    }
  }
}
