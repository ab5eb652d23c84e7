import ComplexModule
import ConcordArrays
import ConcordFiltering
import ConcordTestSupport
import NaiveReference
import Testing

@Suite("Rows at several lags agree with the textbook loops", .standardCosts)
struct LaggedRowPairTests {
  static let algorithms: [ConvolutionAlgorithm] = [.matrix, .fft]

  @Test(
    "Every mode, and some lags",
    arguments: [(5, 20, 3, 20), (3, 33, 19, 9), (1, 4, 2, 30), (9, 1, 1, 1)],
    algorithms)
  func modes(sizes: (Int, Int, Int, Int), algorithm: ConvolutionAlgorithm) throws {
    let (rowsA, lengthA, rowsB, lengthB) = sizes
    var samples = RandomSamples(seed: 0x1a6)
    let a = samples.real(Shape(rows: rowsA, columns: lengthA))
    let b = samples.real(Shape(rows: rowsB, columns: lengthB))
    var mismatches = Mismatches()
    let full = -(lengthB - 1)...(lengthA - 1)
    // The outermost lags alone are single products, beside which transforms round.
    let some = [
      full.lowerBound...0, 0...full.upperBound,
      max(-2, full.lowerBound)...min(1, full.upperBound),
    ]
    for (mode, lags) in [(ConvolutionMode.full, nil), (.same, nil), (.valid, nil)]
      + some.map({ (ConvolutionMode.full, Optional($0)) })
    {
      var options = ConvolutionOptions(mode: mode)
      if let lags { options.lags = [lags] }
      let float = try a.rowCorrelations(with: b, mode: mode, lags: lags, algorithm: algorithm)
      let double = try a.converted(to: Double.self).rowCorrelations(
        with: b.converted(to: Double.self), mode: mode, lags: lags, algorithm: algorithm)
      #expect(float.algorithm == algorithm && double.algorithm == algorithm)
      for i in 0..<rowsA {
        for j in 0..<rowsB {
          let first = try row(a, i)
          let pair = try first.crossCorrelation(with: row(b, j), options: options)
          let expected = sums(a, i, b, j, pair.lags[0])
          #expect(float.lags == pair.lags[0] && double.lags == pair.lags[0])
          mismatches.note(try line(float.values, i, j), expected, "\(mode) \(i) \(j)")
          mismatches.note(try line(double.values, i, j), expected, "\(mode) \(i) \(j)")
        }
      }
    }
    #expect(mismatches.isEmpty, "\(mismatches)")
  }

  @Test("Many rows of one length, several blocks", arguments: algorithms)
  func blocks(algorithm: ConvolutionAlgorithm) throws {
    var samples = RandomSamples(seed: 0x1a7)
    let a = samples.real(Shape(rows: 133, columns: 70))
    let b = samples.real(Shape(rows: 301, columns: 50))
    let result = try a.rowCorrelations(with: b, lags: -20...19, algorithm: algorithm)
    var mismatches = Mismatches()
    for (i, j) in [(0, 0), (132, 300), (63, 255), (64, 256), (131, 16), (7, 299), (128, 128)] {
      mismatches.note(
        try line(result.values, i, j), sums(a, i, b, j, -20..<20), "\(i) \(j)")
    }
    #expect(mismatches.isEmpty, "\(mismatches)")
  }

  @Test("Rows of very different size don't disturb each other", arguments: algorithms)
  func sizes(algorithm: ConvolutionAlgorithm) throws {
    var samples = RandomSamples(seed: 0x1a8)
    var a = samples.real(Shape(rows: 4, columns: 40))
    let b = samples.real(Shape(rows: 3, columns: 40))
    for column in 0..<40 {
      a[1, column] *= 1e9
      a[2, column] *= 1e-12
    }
    let result = try a.rowCorrelations(with: b, algorithm: algorithm)
    var mismatches = Mismatches()
    for i in 0..<4 {
      for j in 0..<3 {
        mismatches.note(try line(result.values, i, j), sums(a, i, b, j, -39..<40), "\(i) \(j)")
      }
    }
    #expect(mismatches.isEmpty, "\(mismatches)")
  }

  @Test("NaN and infinity stay in the pairs whose rows hold them", arguments: algorithms)
  func nonFinite(algorithm: ConvolutionAlgorithm) throws {
    var samples = RandomSamples(seed: 0x1a9)
    var a = samples.real(Shape(rows: 5, columns: 24))
    var b = samples.real(Shape(rows: 4, columns: 24))
    a[1, 5] = .nan
    b[2, 20] = .infinity
    let result = try a.rowCorrelations(with: b, algorithm: algorithm)
    var mismatches = Mismatches()
    for i in 0..<5 {
      for j in 0..<4 {
        mismatches.note(try line(result.values, i, j), sums(a, i, b, j, -23..<24), "\(i) \(j)")
      }
    }
    #expect(mismatches.isEmpty, "\(mismatches)")
  }

  @Test("Coefficients at lag 0 are those of the rows", arguments: RowMeasure.allCases, algorithms)
  func measures(measure: RowMeasure, algorithm: ConvolutionAlgorithm) throws {
    var samples = RandomSamples(seed: 0x1aa)
    let a = samples.real(Shape(rows: 4, columns: 31))
    let b = samples.real(Shape(rows: 3, columns: 31))
    let lagged = try a.rowCorrelations(
      with: b, lags: -2...2, measure: measure, algorithm: algorithm)
    let pairs = try a.rowPairs(with: b, measure: measure)
    for i in 0..<4 {
      for j in 0..<3 { #expect(abs(lagged.values[i, j, 2] - pairs[i, j]) < 1e-5) }
    }
  }

  @Test("Complex rows, with the conjugate of the second", arguments: algorithms)
  func complexRows(algorithm: ConvolutionAlgorithm) throws {
    var samples = RandomSamples(seed: 0x1ac)
    func rows(_ shape: Shape<2>) throws -> Image<Complex<Double>> {
      let (real, imaginary) = (samples.real(shape), samples.real(shape))
      return Image(shape: shape) { Complex(Double(real[$0]), Double(imaginary[$0])) }
    }
    var a = try rows(Shape(rows: 5, columns: 17))
    let b = try rows(Shape(rows: 3, columns: 11))
    a[3, 4] = Complex(.nan, 1)
    for lags in [nil, Optional(-3...5)] {
      let result = try a.rowCorrelations(with: b, lags: lags, algorithm: algorithm)
      #expect(result.algorithm == algorithm)
      #expect(result.lags == (lags.map { Range($0) } ?? -10..<17))
      for i in 0..<5 {
        for j in 0..<3 {
          for (index, lag) in result.lags.enumerated() {
            var sum = Complex<Double>.zero
            for n in 0..<11 where (0..<17).contains(n + lag) {
              sum += a[i, n + lag] * b[j, n].conjugate
            }
            let value = result.values[i, j, index]
            // A row with NaN has NaN at lags where it meets anything, and nothing else has.
            if i == 3 { continue }
            #expect((value - sum).magnitude < 1e-12, "\(i) \(j) \(lag)")
          }
        }
      }
      #expect(result.values[3, 0, -result.lags.lowerBound].rawStorage.x.isNaN)
    }
    let float = Image<Complex<Float>>(shape: a.shape) {
      Complex(Float(a[$0].rawStorage.x), Float(a[$0].rawStorage.y))
    }
    let one = try float.rowCorrelations(with: float, algorithm: algorithm, threads: 1)
    let three = try float.rowCorrelations(with: float, algorithm: algorithm, threads: 3)
    #expect(
      one.values.elements.map(\.rawStorage.x.bitPattern)
        == three.values.elements.map(\.rawStorage.x.bitPattern))
    #expect(throws: ConcordError.self) { try a.rowCorrelations(with: b, memoryLimit: 1000) }
    #expect(throws: ConcordError.self) {
      try a.rowCorrelations(with: b, algorithm: .direct)
    }
  }

  @Test("The same bits for any number of threads", arguments: algorithms)
  func threads(algorithm: ConvolutionAlgorithm) throws {
    var samples = RandomSamples(seed: 0x1ab)
    let a = samples.real(Shape(rows: 90, columns: 60))
    let b = samples.real(Shape(rows: 70, columns: 60))
    func run(_ threads: Int) throws -> [UInt32] {
      try a.rowCorrelations(with: b, algorithm: algorithm, threads: threads).values.elements
        .map { $0.bitPattern }
    }
    let one = try run(1)
    for threads in [2, 3, 7] { #expect(try run(threads) == one, "\(threads)") }
  }

  @Test("Few lags are products of matrices, all lags products of spectra")
  func choices() throws {
    let rows = Image<Float>(shape: Shape(rows: 40, columns: 512), repeating: 1)
    #expect(try rows.rowCorrelations(with: rows, lags: 0...1).algorithm == .matrix)
    #expect(try rows.rowCorrelations(with: rows).algorithm == .fft)
  }

  @Test("What can't serve is refused with numbers")
  func refusals() throws {
    let rows = Image<Float>(shape: [3, 8], repeating: 1)
    #expect(throws: ConcordError.outOfRange(what: "lag", found: 8, allowed: "-7...7")) {
      try rows.rowCorrelations(with: rows, lags: 0...8)
    }
    #expect(throws: ConcordError.self) { try rows.rowCorrelations(with: rows, algorithm: .direct) }
    #expect(throws: ConcordError.self) { try rows.rowCorrelations(with: rows, memoryLimit: 10) }
  }

  private func row(_ matrix: Image<Float>, _ index: Int) throws -> Signal<Float> {
    let columns = matrix.shape[1]
    return try Signal(
      shape: Shape(count: columns),
      elements: Array(matrix.elements[index * columns..<(index + 1) * columns]))
  }

  private func line<Scalar: RealScalar>(
    _ volume: Volume<Scalar>, _ plane: Int, _ row: Int
  ) throws -> Signal<Scalar> {
    let lags = volume.shape[2]
    return try Signal(
      shape: Shape(count: lags), elements: (0..<lags).map { volume[plane, row, $0] })
  }

  private func sums(
    _ a: Image<Float>, _ i: Int, _ b: Image<Float>, _ j: Int, _ lags: Range<Int>
  ) -> NaiveArray {
    NaiveArray(
      lags.map { lag in
        var sum = 0.0
        for n in 0..<b.shape[1] where (0..<a.shape[1]).contains(n + lag) {
          sum += Double(a[i, n + lag]) * Double(b[j, n])
        }
        return sum
      })
  }
}
