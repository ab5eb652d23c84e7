import ComplexModule
import ConcordArrays
import ConcordFiltering
import NaiveReference
import Testing

@Suite("Lags of cross-correlations", .standardCosts)
struct LagTests {
  private static let modes: [(ConvolutionMode, NaiveMode)] = [
    (.full, .full), (.same, .same), (.valid, .valid),
  ]

  @Test("Are right for every pair of lengths from 1 to 9", arguments: modes)
  func everyPair(mode: ConvolutionMode, naive: NaiveMode) throws {
    for n in 1...9 {
      for m in 1...9 {
        let x = Signal<Float>(shape: Shape(count: n), repeating: 0)
        let y = Signal<Float>(shape: Shape(count: m), repeating: 0)
        let found = try x.crossCorrelation(with: y, options: ConvolutionOptions(mode: mode))
        #expect(Array(found.lags[0]) == (try naiveLags(n, m, mode: naive)), "\(n), \(m)")
        #expect(found.lags[0].count == found.values.count)
      }
    }
  }

  @Test(
    "Are where impulses meet", arguments: modes.map(\.0), ConvolutionAlgorithm.forced)
  func impulses(mode: ConvolutionMode, algorithm: ConvolutionAlgorithm) throws {
    var options = ConvolutionOptions(mode: mode)
    options.algorithm = algorithm
    options.effort = .estimate
    options.threads = 1
    for n in 1...9 {
      for m in 1...9 {
        let (a, b) = (n * 2 / 3, m / 3)
        let x = Signal<Double>(shape: Shape(count: n)) { $0[0] == a ? 1 : 0 }
        let y = Signal<Double>(shape: Shape(count: m)) { $0[0] == b ? 1 : 0 }
        let found = try x.crossCorrelation(with: y, options: options)
        if found.lags[0].contains(a - b) {
          #expect(found.peakLag == [a - b], "\(n), \(m)")
        } else {
          #expect(found.values.elements.allSatisfy { abs($0) < 1e-12 }, "\(n), \(m)")
        }
      }
    }
  }

  @Test("Of images and volumes are those of each axis")
  func axes() throws {
    var x = Image<Float>(shape: [9, 7], repeating: 0)
    var y = Image<Float>(shape: [4, 5], repeating: 0)
    x[6, 2] = 1
    y[1, 3] = 1
    let full = try x.crossCorrelation(with: y)
    #expect(full.lags == [-3..<9, -4..<7])
    #expect(full.peakLag == [5, -1])
    let same = try x.crossCorrelation(with: y, options: ConvolutionOptions(mode: .same))
    #expect(same.lags == [-2..<7, -2..<5])
    #expect(same.peakLag == [5, -1])
    let volume = Volume<Float>(shape: [3, 4, 5], repeating: 1)
    #expect(try volume.crossCorrelation(with: volume).lags == [-2..<3, -3..<4, -4..<5])
  }

  @Test("Of complex signals: the second is conjugated")
  func complexSignals() throws {
    let i = Complex<Double>(0, 1)
    let x = Signal<Complex<Double>>([0, 0, i, 0])
    let y = Signal<Complex<Double>>([0, i])
    let found = try x.crossCorrelation(with: y)
    #expect(found.lags == [-1..<4])
    #expect(found.values[2] == Complex(1, 0))
    #expect(found.lag(at: [2]) == [1])
  }

  @Test("The peak passes over NaN, and is nil where there is nothing else")
  func peakOfNaN() throws {
    let kernel = Signal<Double>([1])
    let some = try Signal<Double>([.nan, 2, 5, 5]).crossCorrelation(with: kernel)
    #expect(some.peakLag == [2])
    let none = try Signal<Double>([.nan, .nan]).crossCorrelation(with: kernel)
    #expect(none.peakLag == nil)
  }
}
