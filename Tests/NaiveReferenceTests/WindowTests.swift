import NaiveReference
import Testing

@Suite("Window statistics of the oracle")
struct WindowTests {
  private let a = NaiveArray(rows: [
    [179, 97, 77, 118, 144, 105], [68, 56, 184, 210, 141, 230], [178, 166, 218, 47, 106, 172],
    [38, 183, 50, 185, 48, 87], [60, 200, 228, 232, 6, 190], [253, 75, 231, 166, 117, 134],
  ])
  private let b = NaiveArray(rows: [
    [116, 95, 94, 220, 80, 223], [135, 9, 166, 78, 5, 129], [102, 167, 120, 81, 141, 29],
    [83, 117, 81, 129, 255, 48], [130, 231, 165, 7, 187, 169], [44, 137, 16, 50, 229, 202],
  ])

  private var differenceOfSquares: NaiveArray {
    NaiveArray(shape: [6, 6], values: zip(a.values, b.values).map { $0 * $0 - $1 * $1 })
  }

  @Test("Shrinking 3×3 sums of A² - B² are those of the question")
  func shrinkingSums() throws {
    let expected = NaiveArray(rows: [
      [8423, 11816, 10372, 41125, 35287, 31747], [29370, 65887, 38811, 61252, 51033, 51845],
      [24756, 60119, 109133, 35101, 70005, 18757], [8641, 62463, 126935, 14530, 2255, -64752],
      [36623, 110426, 163513, 33812, -50035, -146450],
      [22268, 100132, 130190, 83010, -10163, -88994],
    ])
    let f = differenceOfSquares
    #expect(try f.windowed(.sum, window: [3, 3], edges: .shrinking) == expected)
    #expect(try f.windowed(.sum, window: [3, 3], edges: .extended(.zero)) == expected)
    let ones = NaiveArray(shape: [3, 3], repeating: 1)
    #expect(try f.convolved(with: ones, mode: .same) == expected)
  }

  // The answer prints these arrays as if for 3×3. They are for a 2×2 kernel, and of a matrix whose
  // element (1, 0) was another: the four values that it touches differ, so their true ones are here.
  @Test("The answer's printed arrays are for a 2×2 window")
  func evenWindow() throws {
    let ones = NaiveArray(shape: [2, 2], repeating: 1)
    let same = try differenceOfSquares.convolved(with: ones, mode: .same)
    #expect(same.values.prefix(6) == [18585, 18969, -2523, -37383, -20140, -24368])
    #expect(same.values.suffix(6) == [48773, 22268, 51359, 156695, 5146, -88994])
    let valid = try differenceOfSquares.windowed(.sum, window: [2, 2], edges: .valid)
    #expect(valid.values.prefix(5) == [8423, 6832, 6933, 37732, 31747])
    #expect(valid.values.suffix(5) == [22268, 51359, 156695, 5146, -88994])
  }

  @Test("Windows inside are those of sliding_window_view")
  func validSums() throws {
    let expected = NaiveArray(rows: [
      [65887, 38811, 61252, 51033], [60119, 109133, 35101, 70005], [62463, 126935, 14530, 2255],
      [110426, 163513, 33812, -50035],
    ])
    #expect(try differenceOfSquares.windowed(.sum, window: [3, 3], edges: .valid) == expected)
  }

  @Test("Statistics of four numbers, by hand")
  func statistics() {
    let x: [Double] = [1, 9, 2, 4]
    #expect(NaiveStatistic.sum.of(x) == 16)
    #expect(NaiveStatistic.mean.of(x) == 4)
    #expect(NaiveStatistic.variance.of(x) == 9.5)
    #expect(NaiveStatistic.median.of(x) == 3)
    #expect(NaiveStatistic.median.of([5, 1, 2]) == 2)
    #expect(NaiveStatistic.minimum.of(x) == 1)
    #expect(NaiveStatistic.maximum.of(x) == 9)
    for statistic in NaiveStatistic.allCases { #expect(statistic.of([1, .nan, 2]).isNaN) }
  }

  @Test("Shrinking means divide by what is inside; rescaled sums multiply by it")
  func shrinking() throws {
    let signal = NaiveArray([2, 4, 9])
    #expect(try signal.windowed(.mean, window: [3], edges: .shrinking).values == [3, 5, 6.5])
    #expect(
      try signal.windowed(.mean, window: [3], edges: .extended(.renormalize)).values == [3, 5, 6.5])
    #expect(
      try signal.windowed(.sum, window: [3], edges: .extended(.renormalize)).values
        == [9, 15, 19.5])
    #expect(try signal.windowed(.variance, window: [2], edges: .shrinking).values == [0, 1, 6.25])
    #expect(
      try signal.windowed(.maximum, window: [2], edges: .shrinking, centre: [0]).values == [
        4, 9, 9,
      ])
  }

  @Test("Windows that don't fit and centres outside are refused")
  func errors() {
    let signal = NaiveArray([2, 4, 9])
    #expect(throws: NaiveError.windowTooLarge) {
      try signal.windowed(.sum, window: [4], edges: .valid)
    }
    #expect(throws: NaiveError.centreOutsideKernel) {
      try signal.windowed(.sum, window: [3], edges: .shrinking, centre: [3])
    }
  }
}
