import ConcordArrays
import ConcordBackends
import ConcordTestSupport
import Testing

@testable import ConcordFiltering

/// What is computed in one of several ways, whose results differ in their bits or by a tolerance.
@Suite("The way to compute something doesn't depend on the number of threads", .standardCosts)
struct ThreadChoiceTests {
  /// What is chosen for some numbers of threads: one thing, or one refusal.
  private func choices<Choice>(
    _ choose: (Int) throws(ConcordError) -> Choice
  ) -> Set<String> {
    Set(
      [1, 2, 3, 64].map { threads in
        do throws(ConcordError) {
          return "\(try choose(threads))"
        } catch {
          return "\(error)"
        }
      })
  }

  /// Limits from next to nothing up to what serves anything here.
  private static let limits = (10..<28).map { 3 << ($0 - 1) }

  /// Sizes about those from which on a lower rate is worth its passes.
  @Test("Gaussians within a tolerance", arguments: [1e-2, 1e-3, 1e-4])
  func gaussians(tolerance: Double) throws {
    var found: Set<String> = []
    for extent in [128, 256, 350, 512, 700] {
      for sigma in stride(from: 2.0, through: 8, by: 0.5) {
        let chosen = choices { threads throws(ConcordError) -> String in
          var options = ConvolutionOptions(mode: .same, boundary: .symmetric)
          options.effort = .estimate
          options.threads = threads
          let filter = try GaussianFilter<2, Float>(
            image: [extent, extent], sigma: [sigma], tolerance: tolerance, options: options)
          return "\(filter)"
        }
        #expect(chosen.count == 1, "\(extent) \(sigma): \(chosen)")
        found.formUnion(chosen)
      }
    }
    #expect(found.count > 1)
  }

  @Test("Pairs of images, however little memory there is", arguments: ConvolutionAlgorithm.allCases)
  func pairs(algorithm: ConvolutionAlgorithm) throws {
    for limit in Self.limits {
      for extent in [20, 200, 1_500] {
        let chosen = choices { threads throws(ConcordError) -> PairStrategy in
          var options = ConvolutionOptions(mode: .same)
          options.algorithm = algorithm
          options.memoryLimit = limit
          options.threads = threads
          return try PairPlan(
            count: 5, image: [extent, extent], kernel: [19, 17], isDouble: false, .convolution,
            options
          ).strategy
        }
        #expect(chosen.count == 1, "\(limit) \(extent): \(chosen)")
      }
    }
  }

  @Test("Rows at several lags, however little memory there is")
  func rows() throws {
    var random = SplitMix64(seed: 5)
    let a: Image<Float> = random.array(Shape(rows: 20, columns: 300), in: -1...1)
    var found: Set<String> = []
    for limit in Self.limits {
      let chosen = choices { threads throws(ConcordError) -> ConvolutionAlgorithm in
        try a.rowCorrelations(
          with: a, measure: .spearman, threads: threads, memoryLimit: limit
        ).algorithm
      }
      #expect(chosen.count == 1, "\(limit): \(chosen)")
      found.formUnion(chosen)
    }
    #expect(found.contains("fft"))
  }

  @Test("Streams, however little memory there is", arguments: [5, 301, 5_001])
  func streams(taps: Int) throws {
    for limit in Self.limits {
      let chosen = choices { threads throws(ConcordError) -> ConvolutionStrategy in
        var options = ConvolutionOptions()
        options.threads = threads
        options.memoryLimit = limit
        return try ConvolutionStream(
          taps: Signal<Float>(Array(repeating: 1, count: taps)), .convolution, options: options
        ).strategy
      }
      #expect(chosen.count == 1, "\(limit): \(chosen)")
    }
  }

  @Test("Plans and banks, however little memory there is")
  func plans() throws {
    var random = SplitMix64(seed: 6)
    let kernel: Image<Float> = random.array(Shape(rows: 31, columns: 25), in: -1...1)
    for limit in Self.limits {
      let chosen = choices { threads throws(ConcordError) -> [ConvolutionStrategy] in
        var options = ConvolutionOptions(mode: .same, boundary: .reflect)
        options.effort = .estimate
        options.memoryLimit = limit
        options.threads = threads
        let shape: Shape<2> = [300, 400]
        return [
          try ConvolutionPlan(image: shape, kernel: kernel, .convolution, options: options)
            .choice.strategy,
          try FilterBank(image: shape, kernels: [kernel, kernel], .convolution, options: options)
            .choice.strategy,
        ]
      }
      #expect(chosen.count == 1, "\(limit): \(chosen)")
    }
  }
}
