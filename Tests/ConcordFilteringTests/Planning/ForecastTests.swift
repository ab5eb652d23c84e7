import ConcordArrays
import ConcordFiltering
import Testing

@Suite("Forecasts", .standardCosts)
struct ForecastTests {
  @Test(arguments: ConvolutionMode.allCases, [[5, 7], [63, 41]])
  func decidesAsAPlanDoes(mode: ConvolutionMode, kernel: [Int]) throws {
    var options = ConvolutionOptions(mode: mode, boundary: .wrap)
    options.threads = 2
    let forecast = try ConvolutionForecast(
      image: [200, 300], kernel: kernel, .convolution, samples: .double, options: options)
    options.effort = .estimate
    var samples = RandomSamples(seed: 0xf0)
    let weights = samples.real(Shape(rows: kernel[0], columns: kernel[1]))
    let plan = try ConvolutionPlan(
      image: [200, 300], kernel: weights.converted(to: Double.self), .convolution,
      options: options)
    #expect(forecast.choice == plan.choice)
    #expect(forecast.candidates == plan.candidates)
    #expect(forecast.outputShape == plan.outputShape.components)
  }

  @Test(arguments: [[5, 7], [63, 41]])
  func knowsOfProductsWhatItIsTold(kernel: [Int]) throws {
    let options = ConvolutionOptions(mode: .same)
    let forecast = try ConvolutionForecast(
      image: [200, 300], kernel: kernel, .convolution, samples: .float, separableTerms: 1,
      options: options)
    let plan = try ConvolutionPlan<2, Float>(
      image: [200, 300], factors: kernel.map { Signal(shape: [$0], repeating: 1) }, .convolution,
      options: options)
    #expect(forecast.candidates == plan.candidates)
    #expect(forecast.candidates.contains { $0.strategy == .separable(terms: 1) })
    #expect(forecast.choice == plan.choice)
    #expect(
      throws: ConcordError.outOfRange(
        what: "separable terms", found: 0, allowed: "at least 1")
    ) {
      try ConvolutionForecast(
        image: [9], kernel: [3], .convolution, samples: .float, separableTerms: 0)
    }
  }

  @Test(arguments: [
    ([0, 3], [1, 1]), ([3], [1, 1]), ([3, 3, 3, 3], [1, 1, 1, 1]), ([], []),
    ([1 << 40, 1 << 40], [3, 3]), ([1 << 30, 1, 1], [1, 1, 1]), ([-1], [1]),
  ])
  func refusesSizes(image: [Int], kernel: [Int]) {
    #expect(throws: ConcordError.self) {
      try ConvolutionForecast(image: image, kernel: kernel, .correlation, samples: .float)
    }
  }
}
