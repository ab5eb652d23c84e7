import ConcordArrays
import ConcordTestSupport
import NaiveReference
import Testing

@testable import ConcordFiltering

/// Images of several tiles, whose middle ones are read where they are.
@Suite("Direct sums that read the image in place", .standardCosts)
struct DirectInsideTests {
  @Test(
    "Agree with transforms at every column",
    arguments: [[3, 3], [1, 5], [7, 2], [4, 6], [7, 7], [6, 40], [1, 1]], Boundary.all)
  func agreement(kernel: [Int], boundary: Boundary) throws {
    try check(Shape(rows: 650, columns: 201), kernel, boundary, of: Float.self, below: 2e-6)
    guard kernel == [7, 7] || kernel == [4, 6] else { return }
    try check(Shape(rows: 650, columns: 201), kernel, boundary, of: Double.self, below: 1e-14)
  }

  @Test("Agree with the textbook loops", arguments: [[3, 3], [1, 5]], Boundary.all)
  func definition(kernel: [Int], boundary: Boundary) throws {
    var samples = RandomSamples(seed: 22)
    let image = samples.real(Shape(rows: 650, columns: 201))
    let weights = samples.real(Shape<2> { kernel[$0] }, in: 0.5...1)
    let filter = FilterCase(.convolution, .same, boundary)
    let geometry = try ConvolutionGeometry(
      image: image.shape.components, kernel: kernel, operation: .convolution,
      options: filter.options)
    let tiles = DirectTiles(for: geometry).tiles
    try #require(tiles.contains { DirectCorrelation.inside($0, geometry) != nil })
    let expected = try NaiveArray(image).filtered(with: NaiveArray(weights), filter.naive)
    #expect(relativeL2Error(try filter.run(image, weights, .direct), expected) < 2e-6)
  }

  private func check<Scalar: RealScalar>(
    _ shape: Shape<2>, _ kernel: [Int], _ boundary: Boundary, of scalar: Scalar.Type,
    below bound: Double
  ) throws {
    var random = SplitMix64(seed: 21)
    let image = Image<Scalar>(shape: shape) { _ in Scalar(random.uniform() - 0.5) }
    let weights = Image<Scalar>(shape: Shape { kernel[$0] }) { _ in Scalar(random.uniform()) }
    for mode in [ConvolutionMode.full, .same, .valid] {
      var options = ConvolutionOptions(mode: mode, boundary: boundary)
      options.effort = .estimate
      options.threads = 2
      options.algorithm = .direct
      let direct = try image.convolved(with: weights, options: options)
      options.algorithm = .fft
      let transformed = try image.convolved(with: weights, options: options)
      let size = weights.elements.reduce(0.0) { $0 + Double($1) }
      for (index, pair) in zip(direct.elements, transformed.elements).enumerated()
      where !(abs(Double(pair.0 - pair.1)) <= bound * (1 + size)) {
        Issue.record("\(mode) \(boundary) \(kernel) at \(index): \(pair.0), not \(pair.1)")
        return
      }
    }
  }
}
