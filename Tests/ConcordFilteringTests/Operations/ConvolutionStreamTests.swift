import ConcordArrays
import ConcordFiltering
import ConcordTestSupport
import Testing

@Suite("Streams", .standardCosts)
struct ConvolutionStreamTests {
  /// How a signal is cut.
  private enum Cut: CaseIterable {
    case singly, evenly, randomly, notAtAll

    func parts(of count: Int, _ random: inout SplitMix64) -> [Range<Int>] {
      var parts: [Range<Int>] = []
      var start = 0
      while start < count {
        let size =
          switch self {
          case .singly: 1
          case .evenly: 1000
          case .randomly: random.integer(in: 0...3000)
          case .notAtAll: count
          }
        let end = min(count, start + size)
        parts.append(start..<end)
        start = end
      }
      return parts
    }
  }

  private func run<Scalar: RealScalar>(
    _ stream: inout ConvolutionStream<Scalar>, _ signal: Signal<Scalar>, _ cut: Cut
  ) throws -> [Scalar] {
    var random = SplitMix64(seed: 4)
    let samples = signal.elements
    var result: [Scalar] = []
    for part in cut.parts(of: samples.count, &random) {
      result += stream.push(Signal(Array(samples[part]))).elements
    }
    #expect(stream.sampleCount == samples.count)
    return result + (try stream.finish()).elements
  }

  private static let filters = FilterCase.withoutAnchors.filter {
    $0.options.boundary != .wrap
  }

  private func error<Scalar: RealScalar>(
    _ found: [Scalar], _ signal: Signal<Scalar>, _ taps: Signal<Scalar>, _ filter: FilterCase
  ) throws -> Double {
    let expected = try filter.run(
      signal.converted(to: Double.self), taps.converted(to: Double.self), .direct)
    return relativeL2Error(found.map { Double($0) }, expected.elements)
  }

  @Test(
    "Agree with the whole signal's convolution, however it is cut",
    arguments: [ConvolutionAlgorithm.direct, .overlapSave], filters)
  func agreement(algorithm: ConvolutionAlgorithm, filter: FilterCase) throws {
    func check<Scalar: RealScalar>(_ type: Scalar.Type) throws {
      var random = SplitMix64(seed: 11)
      var mismatches = Mismatches()
      for m in [1, 2, 9, 40] {
        let taps: Signal<Scalar> = random.array([m], in: 0.1...1)
        var stream = try ConvolutionStream(
          taps: taps, filter.operation, options: filter.options(algorithm))
        #expect(stream.strategy.algorithm == algorithm)
        for n in [1, 2, m, 2 * m - 1, 2 * m, 2 * m + 1, 500, 24_000] where n > 0 {
          let signal: Signal<Scalar> = random.array([n])
          // The same stream once more: what is left of a signal must not show in the next.
          let found = try run(&stream, signal, n > 1000 ? .evenly : .singly)
          #expect(found.count == (try stream.outputCount(forSamples: n)))
          mismatches.note(
            try error(found, signal, taps, filter), below: Mismatches.bound(type),
            "\(type) \(m) taps, \(n) samples")
        }
      }
      #expect(mismatches.isEmpty, "\(mismatches)")
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test(
    "Give the same bits for every cut and any number of threads",
    arguments: [ConvolutionAlgorithm.direct, .overlapSave], [5, 700])
  func sameBits(algorithm: ConvolutionAlgorithm, m: Int) throws {
    var random = SplitMix64(seed: 12)
    let taps: Signal<Float> = random.array([m])
    let signal: Signal<Float> = random.array([150_000])
    let filter = FilterCase(.convolution, .same, .reflect)
    var first: [UInt32]?
    for threads in [1, 3] {
      var options = filter.options(algorithm)
      options.threads = threads
      var stream = try ConvolutionStream(taps: taps, .convolution, options: options)
      for cut in Cut.allCases {
        let found = try run(&stream, signal, cut)
        let bits = found.map(\.bitPattern)
        if first == nil {
          first = bits
          #expect(try error(found, signal, taps, filter) < 2e-6)
        }
        #expect(bits == first, "\(threads) threads, \(cut)")
      }
    }
  }

  @Test("Serve every anchor", arguments: [ConvolutionOperation.convolution, .correlation])
  func anchors(operation: ConvolutionOperation) throws {
    var random = SplitMix64(seed: 13)
    for m in [6, 7] {
      let taps: Signal<Double> = random.array([m])
      let signal: Signal<Double> = random.array([9_000])
      for filter in FilterCase.all(kernel: [m]) {
        guard filter.operation == operation, filter.options.mode == .same,
          filter.options.boundary == .reflect
        else { continue }
        var stream = try ConvolutionStream(
          taps: taps, filter.operation, options: filter.options(.direct))
        let found = try run(&stream, signal, .randomly)
        #expect(try error(found, signal, taps, filter) < 1e-14, "\(filter)")
      }
    }
  }

  @Test("Let NaN and infinity touch their windows only")
  func nonFinite() throws {
    var random = SplitMix64(seed: 14)
    var signal: Signal<Float> = random.array([120_000])
    for index in [0, 30_000, 119_999] { signal[index] = .nan }
    signal[70_000] = .infinity
    let taps: Signal<Float> = random.array([50], in: 0.1...1)
    for algorithm in [ConvolutionAlgorithm.direct, .overlapSave] {
      let filter = FilterCase(.convolution, .full, .symmetric)
      var stream = try ConvolutionStream(
        taps: taps, .convolution, options: filter.options(algorithm))
      let found = try run(&stream, signal, .randomly)
      #expect(try error(found, signal, taps, filter) < 2e-6, "\(algorithm)")
    }
  }

  @Test("Need no memory that grows with the signal")
  func memory() throws {
    var stream = try ConvolutionStream(
      taps: Signal<Float>(Array(repeating: 1, count: 30)), .convolution)
    let part = Signal<Float>(shape: [5_000], repeating: 1)
    var count = 0
    var most = 0
    for _ in 0..<200 {
      let found = stream.push(part).count
      most = max(most, found)
      count += found
    }
    #expect(count > 1_000_000 - 2 * stream.blockCount - 30)
    #expect(most <= part.count + stream.blockCount)
    #expect(stream.sampleCount == 1_000_000)
  }

  @Test("Refuse what can't be done piece by piece")
  func refusals() throws {
    let taps = Signal<Float>([1, 2, 3])
    func stream(_ change: (inout ConvolutionOptions) -> Void) throws -> ConvolutionStream<Float> {
      var options = ConvolutionOptions(mode: .same)
      change(&options)
      return try ConvolutionStream(taps: taps, .convolution, options: options)
    }
    #expect {
      try stream { $0.boundary = .wrap }
    } throws: {
      if case .boundaryCannotServe(.wrap, _)? = $0 as? ConcordError { true } else { false }
    }
    for algorithm in [ConvolutionAlgorithm.fft, .separable] {
      #expect {
        try stream { $0.algorithm = algorithm }
      } throws: {
        if case .algorithmCannotServe(algorithm.rawValue, _)? = $0 as? ConcordError {
          true
        } else {
          false
        }
      }
    }
    #expect(throws: ConcordError.anchorOutsideKernel(anchor: [3], kernel: [3])) {
      try stream { $0.anchor = .index([3]) }
    }
    #expect(throws: ConcordError.self) { try stream { $0.memoryLimit = 10 } }
    #expect(throws: ConcordError.empty(what: "the kernel")) {
      try ConvolutionStream(taps: Signal<Float>([]), .convolution)
    }
    #expect(throws: ConcordError.weightsSumToZero) {
      var options = ConvolutionOptions(mode: .full, boundary: .renormalize)
      options.effort = .estimate
      _ = try ConvolutionStream(taps: Signal<Float>([1, -1]), .convolution, options: options)
    }
    var empty = try stream { $0.algorithm = .direct }
    #expect(throws: ConcordError.empty(what: "the image")) { try empty.finish() }
    #expect(empty.push(Signal([])).count == 0)
  }
}
