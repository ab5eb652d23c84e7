import ConcordArrays
import ConcordFiltering
import Testing

struct ForecastTests {
  @Test(arguments: ConvolutionMode.allCases, [[5, 7], [63, 41]])
  func decidesAsAPlanDoes(mode: ConvolutionMode, kernel: [Int]) throws {
    var options = ConvolutionOptions(mode: mode, boundary: .wrap)
    options.threads = 2
    let forecast = try ConvolutionForecast(
      image: [200, 300], kernel: kernel, .convolution, samples: .double, options: options)
    options.effort = .estimate
    let plan = try ConvolutionPlan(
      image: [200, 300],
      kernel: Image<Double>(
        shape: Shape(rows: kernel[0], columns: kernel[1]), repeating: 1), .convolution,
      options: options)
    #expect(forecast.choice == plan.choice)
    #expect(forecast.candidates == plan.candidates)
    #expect(forecast.outputShape == plan.outputShape.components)
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
