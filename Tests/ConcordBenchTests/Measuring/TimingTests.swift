import ConcordBench
import Testing

struct TimingTests {
  @Test func middleOfOddAndEvenCounts() {
    #expect(Timing(runs: [3, 1, 2]).median == 2)
    #expect(Timing(runs: [4, 1, 3, 2]).median == 2.5)
    #expect(Timing(runs: [7]).median == 7)
    #expect(Timing(runs: []).median.isNaN)
  }

  @Test func extremesAndTotal() {
    let timing = Timing(runs: [0.5, 0.25, 1])
    #expect(timing.minimum == 0.25)
    #expect(timing.maximum == 1)
    #expect(timing.total == 1.75)
  }

  /// Deviations from the median 3 are 2, 1, 0, 1, 2: their median is 1.
  @Test func spreadIsTheScaledMedianDeviation() {
    #expect(Timing(runs: [1, 2, 3, 4, 5]).spread == 1.4826)
    #expect(Timing(runs: [2, 2, 2]).spread == 0)
  }

  @Test func quartilesHoldTheMiddleHalf() {
    #expect(Timing(runs: [5, 1, 3, 2, 4]).quartiles == 2...4)
    #expect(Timing(runs: [1, 2]).quartiles == 1.25...1.75)
    #expect(Timing(runs: [7]).quartiles == 7...7)
  }

  @Test func oneDisturbedRunMovesNeitherMedianNorSpread() {
    let calm = Timing(runs: [1.00, 1.01, 1.02, 1.03, 1.04])
    let disturbed = Timing(runs: [1.00, 1.01, 1.02, 1.03, 9])
    #expect(disturbed.median == calm.median)
    #expect(disturbed.spread == calm.spread)
    #expect(calm.outliers == 0)
    #expect(disturbed.outliers == 1)
  }
}
