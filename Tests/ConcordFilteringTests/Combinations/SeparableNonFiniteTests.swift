import ConcordArrays
import ConcordFiltering
import ConcordTestSupport
import NaiveReference
import Testing

/// NaN and infinity through passes along the axes: where the textbook loops have them, and there only.
@Suite("NaN and infinity through passes along the axes", .standardCosts)
struct SeparableNonFiniteTests {
  private static let filters =
    FilterCase.withoutAnchors
    + [Double.nan, .infinity].flatMap { value in
      [ConvolutionMode.full, .same].map { FilterCase(.convolution, $0, .constant(value)) }
    }

  @Test(
    "Reach the outputs whose window touches them, zero taps included",
    arguments: [1, 2], [[Float.nan], [.infinity], [.nan, .infinity, -.infinity]])
  func images(terms: Int, values: [Float]) throws {
    var mismatches = Mismatches()
    try check(Shape(rows: 12, columns: 40), Shape(rows: 5, columns: 5), terms, values, &mismatches)
    try check(
      Shape(planes: 6, rows: 5, columns: 7), Shape(planes: 3, rows: 3, columns: 3), terms, values,
      &mismatches)
    #expect(mismatches.comparisons > 40)
    #expect(mismatches.isEmpty, "\(mismatches)")
  }

  private func check<let rank: Int>(
    _ shape: Shape<rank>, _ kernel: Shape<rank>, _ terms: Int, _ values: [Float],
    _ mismatches: inout Mismatches
  ) throws {
    var samples = RandomSamples(seed: 0xbae)
    var image = samples.real(shape)
    for (index, spot) in [0, shape.count / 2, shape.count - 2].enumerated() {
      image[shape.position(ofIndex: spot)] = values[index % values.count]
    }
    // A whole row of zero taps in every term, and with one term a column of them too.
    func kernelWithZeros(_ range: ClosedRange<Double>) throws -> NDArray<rank, Float> {
      var sum = NDArray<rank, Double>(shape: kernel, repeating: 0)
      for term in 0..<terms {
        var factors: [Signal<Double>] = samples.factors(kernel, in: range)
        if rank == 3 { factors[1] = Signal([0.5, 1, 0.75]) }
        factors[0][1] = 0
        factors[rank - 1][term] = 0
        let product: NDArray<rank, Double> = try .separable(factors)
        sum = try sum + product
      }
      return sum.converted(to: Float.self)
    }
    let signed = try kernelWithZeros(-1...1)
    let positive = try kernelWithZeros(0.5...1)
    for filter in Self.filters {
      let weights = filter.divides ? positive : signed
      let expected = try NaiveArray(image).filtered(with: NaiveArray(weights), filter.naive)
      mismatches.note(try filter.run(image, weights, .separable), expected, "\(filter)")
    }
  }

  @Test("With given factors too", arguments: [Float.nan, .infinity])
  func factors(value: Float) throws {
    var samples = RandomSamples(seed: 0xbaf)
    var image = samples.real(Shape(rows: 12, columns: 40))
    image[3, 0] = value
    image[8, 20] = -value
    let factors = [Signal<Float>([0.5, 0, 2]), Signal<Float>([1, -1, 0, 3])]
    let positive = [Signal<Float>([0.5, 1, 2]), Signal<Float>([1, 0, 0.25, 3])]
    var mismatches = Mismatches()
    for filter in Self.filters {
      let taps = filter.divides ? positive : factors
      let kernel = try Image<Float>.separable(taps)
      let expected = try NaiveArray(image).filtered(with: NaiveArray(kernel), filter.naive)
      let plan = try ConvolutionPlan(
        image: image.shape, factors: taps, filter.operation, options: filter.options(.separable))
      mismatches.note(try plan(image), expected, "\(filter)")
    }
    #expect(mismatches.isEmpty, "\(mismatches)")
  }
}
