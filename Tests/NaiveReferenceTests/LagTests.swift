import NaiveReference
import Testing

@Suite("Lags of the oracle")
struct LagTests {
  @Test("Lags of a few pairs, counted by hand")
  func byHand() throws {
    #expect(try naiveLags(3, 2, mode: .full) == [-1, 0, 1, 2])
    #expect(try naiveLags(3, 2, mode: .same) == [-1, 0, 1])
    #expect(try naiveLags(3, 2, mode: .same, centring: .correlate2d) == [0, 1, 2])
    #expect(try naiveLags(3, 2, mode: .valid) == [0, 1])
    #expect(try naiveLags(2, 3, mode: .valid) == [-1, 0])
    #expect(try naiveLags(1, 4, mode: .same) == [-2])
  }

  @Test("Lags of every pair of lengths follow the closed forms of table 3.2")
  func closedForms() throws {
    for n in 1...9 {
      for m in 1...9 {
        #expect(try naiveLags(n, m, mode: .full) == Array((1 - m)...(n - 1)))
        #expect(try naiveLags(n, m, mode: .same) == (0..<n).map { $0 - m / 2 })
        #expect(try naiveLags(n, m, mode: .valid) == Array(min(0, n - m)...max(0, n - m)))
      }
    }
  }
}
