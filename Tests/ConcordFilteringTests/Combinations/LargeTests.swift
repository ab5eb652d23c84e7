import ConcordArrays
import ConcordFiltering
import ConcordTestSupport
import Testing

/// Sizes beyond the textbook loops' patience: several tiles, large kernels, long transforms.
///
/// The direct sums in Double, which those loops have checked, are the reference.
@Suite("Large arrays", .standardCosts)
struct LargeTests {
  private func check<let rank: Int>(
    _ image: Shape<rank>, _ kernel: Shape<rank>, _ filter: FilterCase
  ) throws {
    var random = SplitMix64(seed: 0x1a46e)
    let pixels: NDArray<rank, Float> = random.array(image)
    let weights: NDArray<rank, Float> = random.array(kernel, in: filter.divides ? 0.5...1 : -1...1)
    let (widePixels, wideWeights) = (
      pixels.converted(to: Double.self), weights.converted(to: Double.self)
    )
    let expected = try filter.run(widePixels, wideWeights, .direct)
    for algorithm in [ConvolutionAlgorithm.fft, .overlapSave] {
      let double = try filter.run(widePixels, wideWeights, algorithm)
      #expect(relativeL2Error(double, expected) < 1e-14, "\(filter) \(algorithm)")
    }
    for algorithm in ConvolutionAlgorithm.forcedReal {
      let float = try filter.run(pixels, weights, algorithm)
      #expect(relativeL2Error(float, expected) < 2e-6, "\(filter) \(algorithm)")
    }
  }

  @Test("Images of several tiles, under every boundary", arguments: Boundary.all)
  func tiles(boundary: Boundary) throws {
    try check(
      Shape(rows: 75, columns: 1100), Shape(rows: 3, columns: 4),
      FilterCase(.convolution, .same, boundary))
  }

  @Test("Signals of several tiles")
  func signals() throws {
    try check(Shape(count: 70_001), Shape(count: 6), FilterCase(.correlation, .full, .reflect))
    try check(Shape(count: 5000), Shape(count: 1500), FilterCase(.convolution, .full))
    try check(Shape(count: 900), Shape(count: 2900), FilterCase(.correlation, .valid))
  }

  @Test("Volumes of several tiles")
  func volumes() throws {
    try check(
      Shape(planes: 5, rows: 90, columns: 180), Shape(planes: 3, rows: 2, columns: 3),
      FilterCase(.correlation, .same, .symmetric))
  }

  @Test("Large kernels, whose sums are long")
  func kernels() throws {
    try check(
      Shape(rows: 90, columns: 97), Shape(rows: 41, columns: 36),
      FilterCase(.convolution, .same, .replicate))
  }

  @Test("Circular transforms of prime lengths")
  func primes() throws {
    var random = SplitMix64(seed: 0x9)
    let image: Image<Double> = random.array([101, 83])
    let kernel: Image<Double> = random.array([9, 8])
    let filter = FilterCase(.correlation, .same, .wrap)
    let expected = try filter.run(image, kernel, .direct)
    let circular = try filter.layouts(image.shape, kernel).filter { $0.kind == .circular }
    #expect(circular.map(\.lengths) == [[1, 101, 83]])
    for layout in circular {
      #expect(
        relativeL2Error(try filter.run(image, kernel, strategy: .fft(layout)), expected) < 1e-14)
      let float = try filter.run(
        image.converted(to: Float.self), kernel.converted(to: Float.self), strategy: .fft(layout))
      #expect(relativeL2Error(float, expected) < 2e-6)
    }
  }

  @Test("Windows of several tiles are correlations with ones", arguments: Boundary.all)
  func windows(boundary: Boundary) throws {
    var random = SplitMix64(seed: 0x8)
    let image: Image<Double> = random.array([75, 1100])
    let shrinks = boundary == .renormalize
    let filter = FilterCase(.correlation, .same, shrinks ? .zero : boundary)
    let expected = try filter.run(image, .ones([6, 5]), .direct)
    let found = try image.windowSum(of: [6, 5], options: WindowOptions(boundary: boundary))
    #expect(relativeL2Error(found, expected) < 1e-14)
  }
}
