import ConcordArrays
import ConcordFiltering
import ConcordTestSupport
import NaiveReference
import Testing

/// Kernels of equal elements, by window sums, against the textbook loops.
@Suite("Window sums serve kernels of equal elements", .standardCosts)
struct BoxTests {
  @Test("Every mode, boundary and anchor", arguments: [1.0, 1.0 / 12, -3.5])
  func agreement(weight: Double) throws {
    try check(Shape(count: 40), Shape(count: 7), weight)
    try check(Shape(count: 5), Shape(count: 9), weight)
    try check(Shape(rows: 17, columns: 23), Shape(rows: 3, columns: 4), weight)
    try check(Shape(rows: 9, columns: 40), Shape(rows: 1, columns: 17), weight)
    try check(Shape(rows: 6, columns: 5), Shape(rows: 8, columns: 9), weight)
    try check(Shape(planes: 5, rows: 6, columns: 9), Shape(planes: 3, rows: 2, columns: 5), weight)
  }

  private func check<let rank: Int>(
    _ shape: Shape<rank>, _ window: Shape<rank>, _ weight: Double
  ) throws {
    var samples = RandomSamples(seed: 77)
    let image = samples.real(shape)
    let complex = try samples.complex(shape)
    let kernel = NDArray<rank, Float>(shape: window, repeating: Float(weight))
    let double = kernel.converted(to: Double.self)
    var mismatches = Mismatches()
    for filter in FilterCase.all(kernel: window.components) {
      guard let expected = try? NaiveArray(image).filtered(with: NaiveArray(kernel), filter.naive)
      else { continue }
      mismatches.note(try filter.run(image, kernel, .box), expected, "\(filter)")
      mismatches.note(
        try filter.run(image.converted(to: Double.self), double, .box), expected, "\(filter)")
      mismatches.note(
        try filter.run(complex, real: kernel, .box),
        try NaiveComplexArray(complex).filtered(
          with: NaiveComplexArray(NaiveArray(kernel)), filter.naive), "complex image, \(filter)")
    }
    #expect(mismatches.comparisons > 0)
    #expect(mismatches.isEmpty, "\(mismatches)")
  }

  @Test("Are chosen where windows are large, and refused where elements differ")
  func choice() throws {
    var kernel = Image<Float>(shape: [31, 31], repeating: 0.25)
    var options = ConvolutionOptions(mode: .same)
    let plan = try ConvolutionPlan(
      image: [2000, 2000], kernel: kernel, .correlation, options: options)
    #expect(plan.choice.strategy == .box)
    kernel[3, 3] = 1
    options.algorithm = .box
    #expect(throws: ConcordError.self) {
      try ConvolutionPlan(image: [2000, 2000], kernel: kernel, .correlation, options: options)
    }
    let zeros = Image<Float>(shape: [3, 3], repeating: 0)
    options.boundary = .renormalize
    #expect(throws: ConcordError.self) {
      try ConvolutionPlan(image: [20, 20], kernel: zeros, .correlation, options: options)
    }
  }

  @Test("Leave NaN and infinity to the windows that hold them")
  func nonFinite() throws {
    var image = Image<Float>(shape: [30, 40], repeating: 1)
    image[10, 20] = .nan
    image[20, 30] = -.infinity
    var options = ConvolutionOptions(mode: .same)
    options.algorithm = .box
    let result = try image.correlated(
      with: Image(shape: [5, 3], repeating: 2), options: options)
    for row in 0..<30 {
      for column in 0..<40 {
        let isNaN = abs(row - 10) <= 2 && abs(column - 20) <= 1
        let isInfinite = abs(row - 20) <= 2 && abs(column - 30) <= 1
        #expect(result[row, column].isNaN == isNaN)
        #expect((result[row, column] == -.infinity) == isInfinite)
      }
    }
  }
}
