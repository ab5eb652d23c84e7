import ConcordArrays
import ConcordFiltering
import ConcordTestSupport
import NaiveReference
import Testing

@Suite("Pairs of rows", .standardCosts)
struct RowPairTests {
  @Test("Every measure is NumPy's and SciPy's; rows of one value give NaN")
  func measures() throws {
    let golden = try GoldenFile()
    let rows = try golden.image("rows")
    let others = try golden.image("others")
    let cases = golden.cases("pairs")
    #expect(Set(cases.map { $0.words[0] }) == Set(RowMeasure.allCases.map(\.rawValue)))
    for (words, expected) in cases {
      let measure = try #require(RowMeasure(rawValue: words[0]))
      let found = try rows.rowPairs(with: others, measure: measure)
      #expect(relativeL2Error(found, expected) < 1e-15, "\(measure): \(found.elements)")
      let float = try rows.converted(to: Float.self).rowPairs(
        with: others.converted(to: Float.self), measure: measure)
      #expect(relativeL2Error(float, expected) < 1e-6, "\(measure): \(float.elements)")
    }
  }

  @Test("A matrix with itself gives the same, symmetric")
  func symmetric() throws {
    let golden = try GoldenFile()
    let rows = try golden.image("rows")
    for (words, expected) in golden.cases("self") {
      let measure = try #require(RowMeasure(rawValue: words[0]))
      let found = try rows.rowPairs(measure: measure)
      #expect(relativeL2Error(found, expected) < 1e-15, "\(measure): \(found.elements)")
    }
    for measure in RowMeasure.allCases {
      let alone = try rows.rowPairs(measure: measure)
      #expect(relativeL2Error(alone, try rows.rowPairs(with: rows, measure: measure)) < 1e-15)
      for i in 0..<rows.rows {
        for j in 0..<i {
          #expect(alone[i, j].bitPattern == alone[j, i].bitPattern, "\(measure) \(i), \(j)")
        }
      }
    }
  }

  @Test("Products and correlations agree with the textbook loops")
  func reference() throws {
    var random = SplitMix64(seed: 0x60)
    let a: Image<Double> = random.array([17, 23])
    let b: Image<Double> = random.array([13, 23])
    let dot = try NaiveArray(a).rowProducts(with: NaiveArray(b))
    #expect(relativeL2Error(try a.rowPairs(with: b), dot) < 1e-14)
    let pearson = try NaiveArray(a).rowCorrelations(with: NaiveArray(b))
    #expect(relativeL2Error(try a.rowPairs(with: b, measure: .pearson), pearson) < 1e-14)
    // The product is the correlation in mode 'valid' of each pair of rows.
    let first = try Signal(shape: [23], elements: a.elements.prefix(23))
    let second = try Signal(shape: [23], elements: b.elements.prefix(23))
    let valid = try first.correlated(with: second, mode: .valid)
    #expect(abs(valid[0] - dot[0, 0]) < 1e-13)
  }

  @Test("Ranks are right for all magnitudes, both signs, ties, zeros and infinities")
  func ranks() throws {
    var random = SplitMix64(seed: 0x63)
    func check<Scalar: RealScalar>(_ exponents: ClosedRange<Int>, as: Scalar.Type) throws {
      var rows = Image<Scalar>(shape: [7, 300]) { _ in
        Scalar(
          sign: random.uniform() < 0.5 ? .minus : .plus,
          exponent: Scalar.Exponent(random.integer(in: exponents)),
          significand: Scalar(1 + random.uniform()))
      }
      for row in 4..<7 {
        for column in 100..<300 { rows[row, column] = rows[row, column - 100] }
      }
      for column in 0..<9 { rows[1, 30 * column] = column % 2 == 0 ? 0 : -0.0 }
      rows[2, 17] = .infinity
      rows[2, 18] = -.infinity
      rows[2, 19] = .leastNonzeroMagnitude
      rows[2, 20] = -.greatestFiniteMagnitude
      let ranks = NaiveArray(rows).rowRanks
      let expected = try ranks.rowCorrelations(with: ranks)
      let bound = Scalar.self == Float.self ? 1e-6 : 1e-14
      #expect(relativeL2Error(try rows.rowPairs(measure: .spearman), expected) < bound)
    }
    try check(-149...127, as: Float.self)
    try check(-1074...1023, as: Double.self)
  }

  @Test("A matrix of more rows than are prepared at a time")
  func blocks() throws {
    var random = SplitMix64(seed: 0x64)
    let rows: Image<Float> = random.array([340, 100])
    let others: Image<Float> = random.array([3, 100])
    let (a, b) = (NaiveArray(rows), NaiveArray(others))
    for (measure, expected) in [
      (RowMeasure.pearson, try a.rowCorrelations(with: b)),
      (.spearman, try a.rowRanks.rowCorrelations(with: b.rowRanks)),
    ] {
      #expect(relativeL2Error(try rows.rowPairs(with: others, measure: measure), expected) < 1e-6)
    }
  }

  @Test("Coefficients don't change with offset and scale, and stay in -1...1")
  func invariance() throws {
    var random = SplitMix64(seed: 0x61)
    let a: Image<Double> = random.array([6, 40])
    let expected = try a.rowPairs(measure: .pearson)
    for (scale, offset) in [(1e-150, 0), (1e150, 0), (-2, 1e3), (3, 1e6)] {
      let found = try (a * scale + offset).rowPairs(measure: .pearson)
      #expect(relativeL2Error(found, expected) < 1e-9, "\(scale) \(offset)")
      #expect(found.elements.allSatisfy { abs($0) <= 1 })
    }
    let float = (a + 1e4).converted(to: Float.self)
    let truth = try NaiveArray(float).rowCorrelations(with: NaiveArray(float))
    #expect(relativeL2Error(try float.rowPairs(measure: .pearson), truth) < 1e-6)
  }

  @Test("A row with NaN gives NaN with every row, and no other")
  func nan() throws {
    var random = SplitMix64(seed: 0x62)
    var a: Image<Double> = random.array([4, 9])
    a[2, 5] = .nan
    for measure in RowMeasure.allCases {
      let found = try a.rowPairs(measure: measure)
      for i in 0..<4 {
        for j in 0..<4 { #expect(found[i, j].isNaN == (i == 2 || j == 2), "\(measure)") }
      }
    }
  }

  @Test("A row of one value has no correlation, whatever its size and length")
  func constants() throws {
    for value in [0.1, 1e-300, 1e300, 1.0 / 3] {
      for columns in [1, 2, 7, 100, 1001] {
        let flat = Image<Double>(shape: [2, columns], repeating: value)
        let found = try flat.rowPairs(measure: .pearson)
        #expect(found.elements.allSatisfy { $0.isNaN }, "\(value) \(columns)")
      }
    }
  }

  @Test("Rows of different lengths and empty matrices are refused")
  func refusals() throws {
    let a = Image<Float>(shape: [2, 3], repeating: 1)
    #expect(throws: ConcordError.rowLengthsDiffer(expected: 3, found: 4)) {
      try a.rowPairs(with: Image(shape: [2, 4], repeating: 1))
    }
    #expect(throws: ConcordError.empty(what: "a matrix")) {
      try Image<Float>(shape: [2, 0], repeating: 1).rowPairs()
    }
    #expect(throws: ConcordError.empty(what: "a matrix")) {
      try a.rowPairs(with: Image(shape: [0, 3], repeating: 1))
    }
  }
}
