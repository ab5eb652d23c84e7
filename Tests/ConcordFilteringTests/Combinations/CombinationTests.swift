import ComplexModule
import ConcordArrays
import ConcordFiltering
import ConcordTestSupport
import NaiveReference
import Testing

/// Ranks 1 to 3, real and complex, Float and Double, both operations, every mode, boundary and
/// anchor, every algorithm that serves any finite kernel: all against the textbook loops.
@Suite("Every combination agrees with the textbook loops", .standardCosts)
struct CombinationTests {
  @Test(
    "Signals",
    arguments: [[13, 1], [13, 4], [12, 5], [12, 4], [13, 13], [13, 20], [12, 31], [1, 3]]
  )
  func signals(lengths: [Int]) throws {
    try check(Shape(count: lengths[0]), Shape(count: lengths[1]))
  }

  @Test(
    "Images",
    arguments: [
      [[7, 9], [3, 5]], [[8, 6], [4, 2]], [[7, 9], [4, 5]], [[6, 9], [9, 3]], [[5, 4], [8, 9]],
      [[1, 11], [3, 3]],
    ])
  func images(shapes: [[Int]]) throws {
    try check(Shape<2> { shapes[0][$0] }, Shape<2> { shapes[1][$0] })
  }

  @Test(
    "Volumes",
    arguments: [
      [[3, 4, 5], [2, 3, 3]], [[4, 3, 6], [3, 2, 4]], [[3, 4, 5], [4, 2, 3]],
      [[2, 3, 4], [4, 5, 5]],
    ])
  func volumes(shapes: [[Int]]) throws {
    try check(Shape<3> { shapes[0][$0] }, Shape<3> { shapes[1][$0] })
  }

  @Test("Shrinking windows of which hardly a weight is left", arguments: [0.7, 2, 3])
  func taperedKernels(sigma: Double) throws {
    var samples = RandomSamples(seed: 0x6a)
    let image = samples.real(Shape(rows: 30, columns: 24), in: 0...1)
    let kernel = try Image<Float>.gaussian(sigma: sigma)
    let complexImage = try samples.complex(Shape(rows: 20, columns: 16))
    let complexKernel = try Image<Complex<Float>>(
      real: .gaussian(sigma: sigma), imaginary: .gaussian(sigma: sigma))
    var mismatches = Mismatches()
    for operation in [ConvolutionOperation.convolution, .correlation] {
      let filter = FilterCase(operation, .full, .renormalize)
      let expected = try NaiveArray(image).filtered(with: NaiveArray(kernel), filter.naive)
      let complexes = try NaiveComplexArray(complexImage).filtered(
        with: NaiveComplexArray(complexKernel), filter.naive)
      for algorithm in ConvolutionAlgorithm.forced {
        mismatches.note(try filter.run(image, kernel, algorithm), expected, "\(algorithm)")
        let fine = try Image<Double>.gaussian(sigma: sigma)
        let wideImage = image.converted(to: Double.self)
        mismatches.note(
          try filter.run(wideImage, fine, algorithm),
          try NaiveArray(wideImage).filtered(with: NaiveArray(fine), filter.naive), "\(algorithm)")
        mismatches.note(
          try filter.run(complexImage, complexKernel, algorithm), complexes, "\(algorithm)")
        let wide = try filter.run(complexImage.inDouble, complexKernel.inDouble, algorithm)
        mismatches.note(wide, complexes, "\(algorithm)")
      }
    }
    #expect(mismatches.isEmpty, "\(mismatches)")
  }

  private func check<let rank: Int>(_ image: Shape<rank>, _ kernel: Shape<rank>) throws {
    var samples = RandomSamples(seed: 0x51)
    let problem = try Combination(image: image, kernel: kernel, samples: &samples)
    var mismatches = Mismatches()
    for filter in FilterCase.all(kernel: kernel.components) {
      guard problem.hasMeaning(filter) else {
        #expect(throws: ConcordError.self) {
          try filter.run(problem.image, problem.weights(filter), .direct)
        }
        continue
      }
      try problem.checkReal(filter, &mismatches)
      try problem.checkComplex(filter, &mismatches)
      try problem.checkMixed(filter, &mismatches)
    }
    #expect(mismatches.comparisons > 1000)
    #expect(mismatches.isEmpty, "\(problem.random) \(image), kernel \(kernel): \(mismatches)")
  }
}

/// One image and one kernel of each sort.
private struct Combination<let rank: Int> {
  let random: SplitMix64
  let image: NDArray<rank, Float>
  let complexImage: NDArray<rank, Complex<Float>>
  private let kernel: NDArray<rank, Float>
  private let positiveKernel: NDArray<rank, Float>
  private let complexKernel: NDArray<rank, Complex<Float>>
  private let positiveComplexKernel: NDArray<rank, Complex<Float>>

  init(image: Shape<rank>, kernel: Shape<rank>, samples: inout RandomSamples) throws {
    random = samples.random
    self.image = samples.real(image)
    complexImage = try samples.complex(image)
    self.kernel = samples.real(kernel)
    complexKernel = try samples.complex(kernel)
    positiveKernel = samples.real(kernel, in: 0.5...1)
    positiveComplexKernel = try NDArray(
      real: samples.real(kernel, in: 0.5...1), imaginary: samples.real(kernel, in: -0.5...0.5))
  }

  func hasMeaning(_ filter: FilterCase) -> Bool {
    let (n, m) = (image.shape.components, kernel.shape.components)
    return filter.options.mode != .valid || zip(n, m).allSatisfy { $0 >= $1 }
      || zip(n, m).allSatisfy { $0 <= $1 }
  }

  func weights(_ filter: FilterCase) -> NDArray<rank, Float> {
    filter.divides ? positiveKernel : kernel
  }

  private func complexWeights(_ filter: FilterCase) -> NDArray<rank, Complex<Float>> {
    filter.divides ? positiveComplexKernel : complexKernel
  }

  func checkReal(_ filter: FilterCase, _ mismatches: inout Mismatches) throws {
    let weights = weights(filter)
    let expected = try NaiveArray(image).filtered(with: NaiveArray(weights), filter.naive)
    for algorithm in ConvolutionAlgorithm.forcedReal {
      mismatches.note(
        try filter.run(image, weights, algorithm), expected, "\(filter) \(algorithm)")
      let double = try filter.run(
        image.converted(to: Double.self), weights.converted(to: Double.self), algorithm)
      mismatches.note(double, expected, "\(filter) \(algorithm)")
    }
  }

  func checkComplex(_ filter: FilterCase, _ mismatches: inout Mismatches) throws {
    let weights = complexWeights(filter)
    let expected = try NaiveComplexArray(complexImage).filtered(
      with: NaiveComplexArray(weights), filter.naive)
    for algorithm in ConvolutionAlgorithm.forced {
      mismatches.note(
        try filter.run(complexImage, weights, algorithm), expected, "\(filter) \(algorithm)")
      let double = try filter.run(complexImage.inDouble, weights.inDouble, algorithm)
      mismatches.note(double, expected, "\(filter) \(algorithm)")
    }
  }

  /// A complex image with a real kernel, which shares all but the choice of parts with a real one.
  func checkMixed(_ filter: FilterCase, _ mismatches: inout Mismatches) throws {
    guard filter.options.anchor == .scipy else { return }
    let weights = weights(filter)
    let expected = try NaiveComplexArray(complexImage).filtered(
      with: NaiveComplexArray(NaiveArray(weights)), filter.naive)
    for algorithm in ConvolutionAlgorithm.forced {
      mismatches.note(
        try filter.run(complexImage, real: weights, algorithm), expected,
        "real kernel, \(filter) \(algorithm)")
      let double = try filter.run(
        complexImage.inDouble, real: weights.converted(to: Double.self), algorithm)
      mismatches.note(double, expected, "real kernel, \(filter) \(algorithm)")
    }
  }
}
