import ConcordArrays
import ConcordBackends
import ConcordFiltering
import ConcordTestSupport
import Testing

@Suite("Kernels wrapped round the origin", .standardCosts)
struct WrappedKernelTests {
  private func transform(_ shape: Shape<2>) -> SpectralTransform<Double> {
    SpectralTransform(lengths: shape.threeAxes, isComplex: false, effort: .estimate)
  }

  private func spectrum(_ image: Image<Double>) -> Spectrum<Double> {
    transform(image.shape).spectrum(
      of: Samples(real: image.buffer), placement: Placement(whole: image.shape.threeAxes),
      threads: 1)
  }

  /// The inverse transform of the product of both spectra.
  private func circularProduct(_ image: Image<Double>, _ kernel: Image<Double>) -> Image<Double> {
    var out = Samples<Double>(real: SharedBuffer(uninitializedCount: image.count))
    let isFinite = transform(image.shape).filter(
      Samples(real: image.buffer), placement: Placement(whole: image.shape.threeAxes),
      by: spectrum(kernel), conjugate: false,
      crop: Crop(start: Extents(0, 0, 0), count: image.shape.threeAxes), into: &out, threads: 1)
    #expect(isFinite)
    return Image(shape: image.shape, buffer: out.real)
  }

  @Test("One element in 4 × 4 has a flat spectrum of 1 (ImageFiltering.jl#206)")
  func flatSpectrum() throws {
    let wrapped = try Image<Double>(shape: [1, 1], repeating: 1).wrappedRoundOrigin(in: [4, 4])
    let spectrum = spectrum(wrapped)
    for bin in 0..<3 {
      for row in 0..<4 {
        #expect(spectrum[bin, row].real == 1)
        #expect(spectrum[bin, row].imaginary == 0)
      }
    }
  }

  @Test("A kernel of even and one of odd extents, by hand")
  func positions() throws {
    let kernel = try Image<Double>(rows: [[1, 2], [3, 4], [5, 6]])
    let wrapped = try kernel.wrappedRoundOrigin(in: [4, 5])
    let expected = try Image<Double>(rows: [
      [3, 4, 0, 0, 0], [5, 6, 0, 0, 0], [0, 0, 0, 0, 0], [1, 2, 0, 0, 0],
    ])
    #expect(wrapped == expected)
    let shifted = try kernel.wrappedRoundOrigin(in: [4, 5], anchor: .ndimage)
    let other = try Image<Double>(rows: [
      [4, 0, 0, 0, 3], [6, 0, 0, 0, 5], [0, 0, 0, 0, 0], [2, 0, 0, 0, 1],
    ])
    #expect(shifted == other)
  }

  @Test(
    "A circular product with an impulse in the middle translates nothing",
    arguments: [[1, 1], [3, 3], [2, 2], [4, 3], [5, 4]], [[4, 4], [5, 7], [8, 5]])
  func nothingMoves(kernel: [Int], image: [Int]) throws {
    var random = SplitMix64(seed: 3)
    let pixels: Image<Double> = random.array([image[0], image[1]])
    let delta = try Image<Double>.delta([kernel[0], kernel[1]])
    let wrapped = try delta.wrappedRoundOrigin(in: pixels.shape, anchor: .ndimage)
    #expect(relativeL2Error(circularProduct(pixels, wrapped), pixels) < 1e-14)
  }

  @Test(
    "A circular product is the convolution with boundary 'wrap', larger kernels included",
    arguments: [[3, 3], [2, 4], [9, 11]],
    [KernelAnchor.scipy, .correlate2d, .ndimage, .opencv, .matlab])
  func circularConvolution(kernel: [Int], anchor: KernelAnchor) throws {
    var random = SplitMix64(seed: 4)
    let image: Image<Double> = random.array([6, 5])
    let weights: Image<Double> = random.array([kernel[0], kernel[1]])
    var options = ConvolutionOptions(mode: .same, boundary: .wrap)
    options.anchor = anchor
    options.algorithm = .direct
    let expected = try image.convolved(with: weights, options: options)
    let wrapped = try weights.wrappedRoundOrigin(in: image.shape, anchor: anchor)
    #expect(relativeL2Error(circularProduct(image, wrapped), expected) < 1e-14)
  }

  @Test("A shape without elements is refused")
  func emptyShape() throws {
    #expect(throws: ConcordError.empty(what: "the shape to wrap into")) {
      try Image<Double>(shape: [1, 1], repeating: 1).wrappedRoundOrigin(in: [0, 4])
    }
  }
}
