import ConcordArrays
import ConcordFiltering
import ConcordTestSupport
import Testing

@Suite("Limited lags and norms", .standardCosts)
struct LimitedLagsTests {
  @Test("Limited lags are a part of all lags", arguments: ConvolutionAlgorithm.forced)
  func part(algorithm: ConvolutionAlgorithm) throws {
    var random = SplitMix64(seed: 11)
    for (n, m) in [(9, 9), (40, 7), (7, 40), (33, 32), (1, 5), (5, 1)] {
      let x: Signal<Double> = random.array([n])
      let y: Signal<Double> = random.array([m])
      let all = try x.crossCorrelation(with: y)
      let everything = -(m - 1)...(n - 1)
      for lags in [everything, max(-2, -(m - 1))...min(3, n - 1), (n - 1)...(n - 1), 0...0] {
        var options = ConvolutionOptions()
        options.lags = [lags]
        options.algorithm = algorithm
        let some = try x.crossCorrelation(with: y, options: options)
        #expect(some.lags == [lags.lowerBound..<(lags.upperBound + 1)])
        let start = lags.lowerBound + m - 1
        let expected = Array(all.values.elements[start..<(start + lags.count)])
        #expect(relativeL2Error(some.values.elements, expected) < 1e-13, "\(n) \(m) \(lags)")
      }
    }
  }

  @Test("Two axes, and the wrapped image", arguments: ConvolutionAlgorithm.forced)
  func plane(algorithm: ConvolutionAlgorithm) throws {
    var random = SplitMix64(seed: 12)
    let x: Image<Float> = random.array([24, 30])
    var options = ConvolutionOptions(mode: .same, boundary: .wrap)
    options.lags = [-3...3, -4...4]
    options.algorithm = algorithm
    let moved = Image<Float>(shape: x.shape) { x[($0.row + 22) % 24, ($0.column + 3) % 30] }
    // moved(p) = x(p - 2, p + 3), so x comes 2 rows earlier and 3 columns later.
    let result = try x.crossCorrelation(with: moved, options: options)
    #expect(result.values.shape == [7, 9])
    #expect(result.peakLag == [-2, 3])
  }

  @Test("Scaled by the norms, an array agrees with itself to 1, and no value exceeds it")
  func norms() throws {
    let x = Signal<Double>([1, -2, 3, 0.5])
    let scaled = try x.crossCorrelation(with: x * -4, scale: .norms)
    #expect(abs(scaled.values[3] + 1) < 1e-15)
    #expect(scaled.values.elements.allSatisfy { abs($0) <= 1 + 1e-15 })
    // matplotlib.pyplot.xcorr([1, 2, 3], [0, 1, 0.5]), at lags -2 ... 2.
    let y = try Signal<Double>([1, 2, 3]).crossCorrelation(
      with: Signal([0, 1, 0.5]), scale: .norms)
    let expected = [0.11952286, 0.47809144, 0.83666003, 0.71713717, 0.0]
    for (value, truth) in zip(y.values.elements, expected) { #expect(abs(value - truth) < 1e-7) }
    let none = try x.crossCorrelation(with: x * 0, scale: .norms)
    #expect(none.values.elements.allSatisfy { $0.isNaN })
  }

  @Test("Lags that no pair of elements has are an error")
  func errors() throws {
    let x = Signal<Float>([1, 2, 3])
    var options = ConvolutionOptions()
    options.lags = [-3...0]
    #expect(throws: ConcordError.outOfRange(what: "lag", found: -3, allowed: "-2...2")) {
      try x.crossCorrelation(with: x, options: options)
    }
    options.lags = [0...0, 0...0]
    #expect(throws: ConcordError.elementCount(expected: 1, found: 2)) {
      try x.crossCorrelation(with: x, options: options)
    }
    options.lags = [0...0]
    #expect(throws: ConcordError.self) { try x.convolved(with: x, options: options) }
  }
}
