import ComplexModule
import ConcordArrays
import ConcordFiltering
import ConcordTestSupport
import NaiveReference
import Testing

/// An output is NaN or infinite exactly where the textbook loops have it so, on every path.
@Suite("NaN and infinity reach only the outputs whose window touches them", .standardCosts)
struct NonFiniteTests {
  /// The rules for edges, and constants that are not finite themselves.
  private static let filters =
    FilterCase.withoutAnchors
    + [Double.nan, .infinity, -.infinity].flatMap { value in
      [ConvolutionOperation.convolution, .correlation].flatMap { operation in
        [ConvolutionMode.full, .same].map { FilterCase(operation, $0, .constant(value)) }
      }
    }

  @Test("In a real image", arguments: [[Float.nan], [.infinity], [.nan, .infinity, -.infinity]])
  func images(values: [Float]) throws {
    var mismatches = Mismatches()
    try check(Shape(count: 23), Shape(count: 4), values, &mismatches)
    try check(Shape(count: 6), Shape(count: 9), values, &mismatches)
    try check(Shape(rows: 9, columns: 12), Shape(rows: 3, columns: 4), values, &mismatches)
    try check(
      Shape(planes: 3, rows: 5, columns: 6), Shape(planes: 2, rows: 2, columns: 3), values,
      &mismatches)
    #expect(mismatches.comparisons > 300)
    #expect(mismatches.isEmpty, "\(mismatches)")
  }

  private func check<let rank: Int>(
    _ shape: Shape<rank>, _ kernel: Shape<rank>, _ values: [Float],
    _ mismatches: inout Mismatches
  ) throws {
    var samples = RandomSamples(seed: 0xbad)
    var image = samples.real(shape)
    let spots = Set([0, shape.count / 2, shape.count - 2])
    for (index, spot) in spots.sorted().enumerated() {
      image[shape.position(ofIndex: spot)] = values[index % values.count]
    }
    var signed = samples.real(kernel)
    // A weight of zero makes NaN of an infinity.
    signed[kernel.position(ofIndex: kernel.count / 2)] = 0
    let positive = samples.real(kernel, in: 0.5...1)
    for filter in Self.filters {
      let weights = filter.divides ? positive : signed
      let expected = try NaiveArray(image).filtered(with: NaiveArray(weights), filter.naive)
      for algorithm in ConvolutionAlgorithm.forced {
        mismatches.note(
          try filter.run(image, weights, algorithm), expected, "\(filter) \(algorithm)")
        let double = try filter.run(
          image.converted(to: Double.self), weights.converted(to: Double.self), algorithm)
        mismatches.note(double, expected, "\(filter) \(algorithm)")
      }
      for layout in try filter.layouts(shape, weights) {
        mismatches.note(
          try filter.run(image, weights, strategy: .fft(layout)), expected, "\(filter) \(layout)")
      }
    }
  }

  @Test(
    "Leaves outputs that touch none as zeros in their place would have them",
    arguments: [ConvolutionAlgorithm.fft, .overlapSave, .separable], Boundary.all)
  func untouchedOutputs(algorithm: ConvolutionAlgorithm, boundary: Boundary) throws {
    var samples = RandomSamples(seed: 0xbb)
    var image = samples.real(Shape(rows: 150, columns: 170))
    var clean = image
    // Single ones, a row of them, and a field.
    for (rows, columns, value) in [
      (3..<4, 5..<6, Float.nan), (80..<81, 0..<170, .infinity), (100..<140, 90..<160, .nan),
    ] {
      for row in rows {
        for column in columns { (image[row, column], clean[row, column]) = (value, 0) }
      }
    }
    let kernel: Image<Float> = try samples.kernel(
      Shape(rows: 9, columns: 7), terms: 1, in: 0.5...1)
    for mode in [ConvolutionMode.full, .same, .valid] {
      let filter = FilterCase(.convolution, mode, boundary)
      let expected = try NaiveArray(image).filtered(with: NaiveArray(kernel), filter.naive)
      let found = try filter.run(image, kernel, algorithm)
      #expect(relativeL2Error(found, expected) < 2e-6, "\(filter)")
      let pairs = zip(found.elements, try filter.run(clean, kernel, algorithm).elements)
      for (index, pair) in pairs.enumerated() where expected.values[index].isFinite {
        guard pair.0.bitPattern == pair.1.bitPattern else {
          Issue.record("\(filter) at \(index)")
          return
        }
      }
    }
  }

  @Test("In the channels of a bank, with and without strides", arguments: [[], [2, 3], [4, 1]])
  func banks(stride: [Int]) throws {
    var samples = RandomSamples(seed: 0xbc)
    let shape = Shape(rows: 40, columns: 50)
    var channels = [samples.real(shape), samples.real(shape)]
    channels[0][7, 9] = .infinity
    channels[1][8, 10] = -.infinity
    channels[1][30, 31] = .nan
    let kernels = (0..<3).map { _ in
      (0..<2).map { _ in samples.real(Shape(rows: 5, columns: 4)) }
    }
    for boundary in Boundary.all where boundary != .renormalize {
      let filter = FilterCase(.correlation, .same, boundary)
      let bank = try FilterBank(
        image: shape, kernels: kernels, .correlation, options: filter.options(.overlapSave),
        stride: stride)
      try #require(bank.choice.strategy.algorithm == .overlapSave)
      let (down, across) = stride.isEmpty ? (1, 1) : (stride[0], stride[1])
      for (kernel, result) in zip(kernels, try bank(channels)) {
        let parts = try (0..<2).map {
          try NaiveArray(channels[$0]).filtered(with: NaiveArray(kernel[$0]), filter.naive)
        }
        var expected: [Double] = []
        for row in Swift.stride(from: 0, to: 40, by: down) {
          for column in Swift.stride(from: 0, to: 50, by: across) {
            expected.append(
              parts[0].values[row * 50 + column] + parts[1].values[row * 50 + column])
          }
        }
        #expect(
          relativeL2Error(result.elements.map(Double.init), expected) < 2e-6, "\(boundary)")
      }
    }
  }

  @Test("In a long line, block by block")
  func lines() throws {
    var samples = RandomSamples(seed: 0xbd)
    var signal = samples.real(Shape(count: 70_000))
    for place in [0, 16_383, 16_384, 40_000, 69_999] { signal[place] = .nan }
    signal[50_000] = .infinity
    let taps = samples.real(Shape(count: 33), in: 0.5...1)
    for algorithm in [ConvolutionAlgorithm.fft, .overlapSave] {
      let filter = FilterCase(.correlation, .same, .reflect)
      let expected = try NaiveArray(signal).filtered(with: NaiveArray(taps), filter.naive)
      #expect(relativeL2Error(try filter.run(signal, taps, algorithm), expected) < 2e-6)
    }
  }

  @Test("In either part of a complex image", arguments: [Float.nan, .infinity])
  func complexImages(value: Float) throws {
    var samples = RandomSamples(seed: 0xc0)
    var real = samples.real(Shape(rows: 8, columns: 9))
    var imaginary = samples.real(Shape(rows: 8, columns: 9))
    real[2, 3] = value
    imaginary[6, 7] = -value
    let image = try Image<Complex<Float>>(real: real, imaginary: imaginary)
    let kernel = try samples.complex(Shape(rows: 3, columns: 2), in: 0.5...1)
    let realKernel = samples.real(Shape(rows: 3, columns: 2), in: 0.5...1)
    var mismatches = Mismatches()
    for filter in Self.filters {
      let expected = try NaiveComplexArray(image).filtered(
        with: NaiveComplexArray(kernel), filter.naive)
      for algorithm in ConvolutionAlgorithm.forced {
        mismatches.note(
          try filter.run(image, kernel, algorithm), expected, "\(filter) \(algorithm)")
      }
      // Parts that a real kernel filters one by one don't touch each other.
      let parts = try [real, imaginary].enumerated().map { index, part in
        var naive = filter.naive
        if case .constant = naive.boundary, index == 1 { naive.boundary = .zero }
        return try NaiveArray(part).filtered(with: NaiveArray(realKernel), naive)
      }
      for algorithm in ConvolutionAlgorithm.forced {
        mismatches.note(
          try filter.run(image, real: realKernel, algorithm),
          NaiveComplexArray(real: parts[0], imaginary: parts[1]),
          "real kernel, \(filter) \(algorithm)")
      }
    }
    #expect(mismatches.isEmpty, "\(mismatches)")
  }

  @Test("In a kernel, for which transforms can't serve", arguments: [Float.nan, .infinity])
  func kernels(value: Float) throws {
    var samples = RandomSamples(seed: 0x4e)
    let image = samples.real(Shape(rows: 7, columns: 8))
    var kernel = samples.real(Shape(rows: 3, columns: 4))
    kernel[1, 1] = value
    for filter in FilterCase.withoutAnchors where !filter.divides {
      let expected = try NaiveArray(image).filtered(with: NaiveArray(kernel), filter.naive)
      let plan = try ConvolutionPlan(
        image: image.shape, kernel: kernel, filter.operation, options: filter.options)
      #expect(plan.candidates.map(\.strategy) == [.direct])
      #expect(relativeL2Error(try plan(image), expected) < 2e-6, "\(filter)")
      #expect {
        try filter.run(image, kernel, .fft)
      } throws: {
        if case .algorithmCannotServe("fft", _)? = $0 as? ConcordError { true } else { false }
      }
    }
  }

  @Test("Weights that sum to nothing inside give NaN, those that sum to nothing at all an error")
  func cancellingWeights() throws {
    let signal = Signal<Double>([3, 1, 4, 1, 5])
    let kernel = Signal<Double>([1, -1, 2])
    for operation in [ConvolutionOperation.convolution, .correlation] {
      let filter = FilterCase(operation, .full, .renormalize)
      let expected = try NaiveArray(signal).filtered(with: NaiveArray(kernel), filter.naive)
      #expect(expected.values.contains { $0.isNaN })
      for algorithm in ConvolutionAlgorithm.forced {
        #expect(relativeL2Error(try filter.run(signal, kernel, algorithm), expected) < 1e-14)
        #expect(throws: ConcordError.weightsSumToZero) {
          try filter.run(signal, Signal<Double>([1, -2, 1]), algorithm)
        }
      }
    }
  }
}
