import ComplexModule
import ConcordArrays
import ConcordFiltering
import ConcordTestSupport
import Testing

/// Arrays here are large enough for several tiles and tasks.
@Suite("The same bits come out for any number of threads")
struct DeterminismTests {
  private static let threads = [2, 3, 7]

  private func bits<let rank: Int>(_ array: NDArray<rank, Float>) -> [UInt32] {
    array.elements.map(\.bitPattern)
  }

  private func ramp<let rank: Int>(_ shape: Shape<rank>) throws -> NDArray<rank, Float> {
    var random = SplitMix64(seed: 7)
    return try NDArray(
      shape: shape, elements: (0..<shape.count).map { _ in Float(random.uniform()) })
  }

  @Test("Convolutions", arguments: ConvolutionAlgorithm.forced, Boundary.all)
  func convolutions(algorithm: ConvolutionAlgorithm, boundary: Boundary) throws {
    var options = ConvolutionOptions(mode: .same, boundary: boundary)
    options.algorithm = algorithm
    options.effort = .estimate
    let signal = try ramp(Shape(count: 70_000))
    let image = try ramp(Shape(rows: 72, columns: 1_000))
    let volume = try ramp(Shape(planes: 9, rows: 10, columns: 11))
    func run(_ threads: Int) throws -> [UInt32] {
      options.threads = threads
      let line = try signal.convolved(with: Signal([1, 2, 3]), options: options)
      let plane = try image.correlated(with: .gaussian(sigma: 0.5), options: options)
      let block = try volume.convolved(with: .gaussian(sigma: 0.5), options: options)
      return bits(line) + bits(plane) + bits(block)
    }
    let one = try run(1)
    for threads in Self.threads {
      #expect(try run(threads) == one, "\(threads) threads")
    }
  }

  @Test("Windows")
  func windows() throws {
    let image = try ramp(Shape(rows: 72, columns: 1_000))
    func run(_ threads: Int) throws -> [UInt32] {
      var options = WindowOptions()
      options.threads = threads
      let sum = try image.windowSum(of: [3, 5], options: options)
      let variance = try image.windowVariance(of: [5, 4], options: options)
      let small = try ramp(Shape(rows: 30, columns: 40))
      let median = try small.windowMedian(of: [3, 3], options: options)
      return bits(sum) + bits(variance) + bits(median)
    }
    let one = try run(1)
    for threads in Self.threads {
      #expect(try run(threads) == one, "\(threads) threads")
    }
  }

  @Test("Expressions")
  func expressions() throws {
    let a = try ramp(Shape(rows: 72, columns: 1_000))
    let b = try ramp(Shape(rows: 1_000, columns: 72)).transposed()
    let expression = try PixelExpression("exp(a) / log(b) + a^b")
    func run(_ threads: Int) throws -> [UInt64] {
      try expression.values(a: a, b: b, threads: threads).elements.map(\.bitPattern)
    }
    let one = try run(1)
    for threads in Self.threads {
      #expect(try run(threads) == one, "\(threads) threads")
    }
  }

  @Test("Pairs of rows", arguments: RowMeasure.allCases)
  func rowPairs(measure: RowMeasure) throws {
    let a = try ramp(Shape(rows: 400, columns: 210))
    let b = try ramp(Shape(rows: 390, columns: 210))
    func run(_ threads: Int) throws -> [UInt32] {
      bits(try a.rowPairs(with: b, measure: measure, threads: threads))
        + bits(try a.rowPairs(measure: measure, threads: threads))
    }
    let one = try run(1)
    for threads in Self.threads {
      #expect(try run(threads) == one, "\(threads) threads")
    }
  }

  @Test("Pairs of complex rows")
  func complexRowPairs() throws {
    func matrix(_ rows: Int) throws -> Image<Complex<Float>> {
      let columns = 30
      return try Image(
        real: ramp(Shape(rows: rows, columns: columns)),
        imaginary: ramp(Shape(rows: columns, columns: rows)).transposed())
    }
    let (a, b) = (try matrix(600), try matrix(390))
    func run(_ threads: Int) throws -> [UInt32] {
      let pairs = try a.rowPairs(with: b, threads: threads)
      let itself = try a.rowPairs(threads: threads)
      return bits(pairs.real) + bits(pairs.imaginary) + bits(itself.real) + bits(itself.imaginary)
    }
    let one = try run(1)
    for threads in Self.threads {
      #expect(try run(threads) == one, "\(threads) threads")
    }
  }
}
