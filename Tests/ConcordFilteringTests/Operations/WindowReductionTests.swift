import ConcordArrays
import ConcordFiltering
import ConcordTestSupport
import Testing

struct WindowReductionTests {
  /// The image and the sums of the question that the row B1 of the semantics goes back to.
  @Test func sumsOfDifferencesOfSquares() throws {
    let a = try Image<Float>(rows: [
      [179, 97, 77, 118, 144, 105], [68, 56, 184, 210, 141, 230], [178, 166, 218, 47, 106, 172],
      [38, 183, 50, 185, 48, 87], [60, 200, 228, 232, 6, 190], [253, 75, 231, 166, 117, 134],
    ])
    let b = try Image<Float>(rows: [
      [116, 95, 94, 220, 80, 223], [135, 9, 166, 78, 5, 129], [102, 167, 120, 81, 141, 29],
      [83, 117, 81, 129, 255, 48], [130, 231, 165, 7, 187, 169], [44, 137, 16, 50, 229, 202],
    ])
    let sums = try a.windowed(PixelExpression("a^2 - b^2"), with: b, reduction: .sum, of: [3, 3])
    #expect(sums.elements.prefix(6) == [8423, 11816, 10372, 41125, 35287, 31747])
    #expect(sums.elements.suffix(6) == [22268, 100132, 130190, 83010, -10163, -88994])
  }

  @Test func shrinkingWindowsDivideByTheTrueCount() throws {
    let x = Signal<Double>([1, 2, 6])
    let options = WindowOptions(boundary: .renormalize)
    #expect(try x.windowReduced(.mean, of: [3], options: options).elements == [1.5, 3, 4])
    #expect(try x.windowReduced(.minimum, of: [2], options: options).elements == [1, 1, 2])
    #expect(try x.windowReduced(.maximum, of: [3], options: options).elements == [2, 6, 6])
    #expect(try x.windowReduced(.median, of: [3], options: options).elements == [1.5, 2, 4])
  }

  @Test func stripsGiveWhatTheWholeImageGives() throws {
    var random = SplitMix64(seed: 5)
    let a: Image<Float> = random.array([61, 7])
    let b: Image<Float> = random.array([61, 7])
    let expression = try PixelExpression("a^2 - b * 3")
    for boundary in Boundary.all {
      for (window, origin): (Shape<2>, [Int]) in [
        ([3, 3], []), ([4, 1], [1, 0]), ([7, 5], [-3, 2]),
      ] {
        for reduction in WindowReduction.allCases {
          var options = WindowOptions(boundary: boundary)
          options.origin = origin
          let whole = try expression.values(a: a, b: b)
            .windowReduced(reduction, of: window, options: options)
          let strips: Image<Double> = try a.windowed(
            expression, with: b, reduction: reduction, of: window, options: options,
            stripElements: 7)
          #expect(
            relativeL2Error(strips, whole) < 1e-13, "\(boundary) \(window) \(reduction) \(random)")
        }
      }
    }
  }

  @Test func extremesOfWindowsWithNaN() throws {
    let x = Signal<Float>([1, .nan, 3, 2])
    for reduction in [WindowReduction.minimum, .maximum] {
      let y = try x.windowReduced(reduction, of: [3])
      #expect(y.elements.map(\.isNaN) == [true, true, true, false])
    }
  }

  @Test func shrinkingVarianceWithstandsAnOffset() throws {
    var random = SplitMix64(seed: 11)
    let x: Image<Double> = random.array([9, 8])
    let options = WindowOptions(boundary: .renormalize)
    let plain = try x.windowVariance(of: [3, 4], options: options)
    let shifted = try (x + 1e7).windowVariance(of: [3, 4], options: options)
    #expect(relativeL2Error(shifted, plain) < 1e-7, "\(random)")
  }

  @Test func memoryLimitIsKept() {
    let x = Image<Float>(shape: [64, 64], repeating: 1)
    var options = WindowOptions()
    options.memoryLimit = 1000
    for reduction in WindowReduction.allCases {
      #expect(throws: ConcordError.self) {
        try x.windowReduced(reduction, of: [5, 5], options: options)
      }
    }
    // A copy of Floats, and for ranks two lists of 16 bytes for each element of a row.
    for (measure, needed) in [
      (RowMeasure.pearson, 4 * 4096), (.spearman, 4 * 4096 + 2 * 64 * 36),
    ] {
      #expect(throws: ConcordError.memoryLimit(needed: needed, limit: needed - 1)) {
        try x.rowPairs(measure: measure, threads: 2, memoryLimit: needed - 1)
      }
      #expect(throws: Never.self) {
        try x.rowPairs(measure: measure, threads: 2, memoryLimit: needed)
      }
    }
    #expect(throws: Never.self) { try x.rowPairs(measure: .dot, memoryLimit: 0) }
  }

  @Test func absurdWindowsAreErrors() {
    let x = Image<Float>(shape: [8, 8], repeating: 1)
    for extent in [1 << 20, 1 << 40, 1 << 62] {
      #expect(throws: ConcordError.self) { try x.windowSum(of: [extent, extent]) }
      #expect(throws: ConcordError.self) { try x.windowMedian(of: [extent, extent]) }
    }
  }
}
