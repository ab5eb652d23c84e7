import ConcordArrays
import ConcordFiltering
import ConcordTestSupport
import Testing

/// What must hold for any image and kernel, whoever computes it.
@Suite("Properties of convolution and correlation", .standardCosts)
struct PropertyTests {
  /// A seed and a forced algorithm.
  static let runs = (0..<6).flatMap { seed in
    ConvolutionAlgorithm.forced.map { (UInt64(seed), $0) }
  }

  struct Sample {
    let random: SplitMix64
    let image: Image<Double>
    let other: Image<Double>
    let kernel: Image<Double>

    init(seed: UInt64) {
      var random = SplitMix64(seed: seed)
      self.random = random
      let shape: Shape<2> = random.shape(extents: 1...19)
      image = random.array(shape)
      other = random.array(shape)
      kernel = random.array(random.shape(extents: 1...8))
    }
  }

  private func run(
    _ image: Image<Double>, _ kernel: Image<Double>, _ operation: ConvolutionOperation,
    _ mode: ConvolutionMode, _ algorithm: ConvolutionAlgorithm, _ boundary: Boundary = .zero
  ) throws -> Image<Double> {
    try FilterCase(operation, mode, boundary).run(image, kernel, algorithm)
  }

  @Test("An impulse reproduces the kernel, and as a kernel the image", arguments: runs)
  func impulse(seed: UInt64, algorithm: ConvolutionAlgorithm) throws {
    let sample = Sample(seed: seed)
    for boundary in Boundary.all {
      let one = try run(sample.image, .one, .convolution, .same, algorithm, boundary)
      #expect(relativeL2Error(one, sample.image) < 1e-14, "\(sample.random) \(boundary)")
    }
    let full = try run(.one, sample.kernel, .convolution, .full, algorithm)
    #expect(relativeL2Error(full, sample.kernel) < 1e-14, "\(sample.random)")
    let turned = try run(.one, sample.kernel, .correlation, .full, algorithm)
    #expect(relativeL2Error(turned, sample.kernel.reversed()) < 1e-14, "\(sample.random)")
  }

  @Test("Filters are linear", arguments: runs)
  func linearity(seed: UInt64, algorithm: ConvolutionAlgorithm) throws {
    let sample = Sample(seed: seed)
    let sum = try 2.5 * sample.image + -0.75 * sample.other
    for boundary in Boundary.all where boundary != .constant(2.5) {
      // Weights of one sign, so that none of their partial sums vanishes.
      let kernel = sample.kernel.map { abs($0) + 0.5 }
      let joint = try run(sum, kernel, .correlation, .same, algorithm, boundary)
      let a = try run(sample.image, kernel, .correlation, .same, algorithm, boundary)
      let b = try run(sample.other, kernel, .correlation, .same, algorithm, boundary)
      let parts = try 2.5 * a + -0.75 * b
      #expect(relativeL2Error(joint, parts) < 1e-13, "\(sample.random) \(boundary)")
    }
  }

  @Test("A shifted image gives a shifted result", arguments: runs)
  func shifts(seed: UInt64, algorithm: ConvolutionAlgorithm) throws {
    let sample = Sample(seed: seed)
    let (down, right) = (3, 5)
    func rolled(_ image: Image<Double>) -> Image<Double> {
      Image(shape: image.shape) {
        image[($0.row + down) % image.rows, ($0.column + right) % image.columns]
      }
    }
    for operation in [ConvolutionOperation.convolution, .correlation] {
      let first = try run(rolled(sample.image), sample.kernel, operation, .same, algorithm, .wrap)
      let last = rolled(try run(sample.image, sample.kernel, operation, .same, algorithm, .wrap))
      #expect(relativeL2Error(first, last) < 1e-13, "\(sample.random)")
    }
  }

  @Test("Convolution commutes, and correlation is its mirror", arguments: runs)
  func mirrors(seed: UInt64, algorithm: ConvolutionAlgorithm) throws {
    let sample = Sample(seed: seed)
    let full = try run(sample.image, sample.kernel, .convolution, .full, algorithm)
    let swapped = try run(sample.kernel, sample.image, .convolution, .full, algorithm)
    #expect(relativeL2Error(full, swapped) < 1e-13, "\(sample.random)")
    let mirrored = try run(
      sample.image, sample.kernel.reversed(), .correlation, .full, algorithm)
    #expect(relativeL2Error(full, mirrored) < 1e-13, "\(sample.random)")
    let back = try run(sample.kernel, sample.image, .correlation, .full, algorithm)
    let forth = try run(sample.image, sample.kernel, .correlation, .full, algorithm)
    #expect(relativeL2Error(back.reversed(), forth) < 1e-13, "\(sample.random)")
  }

  @Test("⟨k ∗ x, y⟩ = ⟨x, k ⋆ y⟩", arguments: runs)
  func adjoint(seed: UInt64, algorithm: ConvolutionAlgorithm) throws {
    let sample = Sample(seed: seed)
    var random = SplitMix64(seed: seed + 100)
    let full = try run(sample.image, sample.kernel, .convolution, .full, algorithm)
    let y: Image<Double> = random.array(full.shape)
    let back = try run(y, sample.kernel, .correlation, .valid, algorithm)
    let left = zip(full.elements, y.elements).reduce(0) { $0 + $1.0 * $1.1 }
    let right = zip(sample.image.elements, back.elements).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(left - right) < 1e-12 * Double(full.count), "\(sample.random)")
  }

  @Test("Image and kernel are the same bits afterwards", arguments: runs)
  func inputs(seed: UInt64, algorithm: ConvolutionAlgorithm) throws {
    let sample = Sample(seed: seed)
    let image = sample.image.map { Float($0) }
    let kernel = sample.kernel.map { Float($0) }
    let before = (image.elements + kernel.elements).map(\.bitPattern)
    for boundary in Boundary.all where boundary != .renormalize {
      for mode in [ConvolutionMode.full, .same] {
        _ = try FilterCase(.convolution, mode, boundary).run(image, kernel, algorithm)
      }
    }
    #expect((image.elements + kernel.elements).map(\.bitPattern) == before, "\(sample.random)")
  }
}

extension NDArray where rank == 2, Scalar == Double {
  /// A single one.
  fileprivate static var one: NDArray { NDArray(shape: [1, 1], repeating: 1) }
}
