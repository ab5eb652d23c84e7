import ComplexModule
import ConcordArrays
import ConcordBackends
import ConcordTestSupport
import Testing

@testable import ConcordFiltering

/// Arrays here are large enough for several tiles and tasks, and worth more than one thread.
@Suite("The same bits come out for any number of threads", .standardCosts)
struct DeterminismTests {
  /// The algorithms of plans.
  private static let algorithms = ConvolutionAlgorithm.allCases.filter { $0 != .automatic }

  private func bits<let rank: Int>(_ array: NDArray<rank, Float>) -> [UInt32] {
    array.elements.map(\.bitPattern)
  }

  private func ramp<let rank: Int>(_ shape: Shape<rank>) throws -> NDArray<rank, Float> {
    var random = SplitMix64(seed: 7)
    return try NDArray(
      shape: shape, elements: (0..<shape.count).map { _ in Float(random.uniform()) })
  }

  /// Compares what one thread finds with what others do.
  private func compare<Bits: Equatable>(_ run: (Int) throws -> Bits) throws {
    let one = try run(1)
    for threads in [2, 3] {
      #expect(try run(threads) == one, "\(threads) threads")
    }
  }

  /// What one thread is predicted to take is worth several.
  private func requireSharing(_ choice: StrategyEstimate) throws {
    try #require(CostModel.current.usefulThreads(2, seconds: choice.seconds) == 2, "\(choice)")
  }

  /// A kernel that an algorithm serves.
  private func kernel<let rank: Int>(
    _ algorithm: ConvolutionAlgorithm, _ shape: Shape<rank>
  ) throws -> NDArray<rank, Float> {
    switch algorithm {
    case .box: NDArray(shape: shape, repeating: 0.5)
    case .separable:
      try .separable((0..<rank).map { try ramp(Shape(count: shape[$0])) })
    default: try ramp(shape)
    }
  }

  private func check<let rank: Int>(
    _ shape: Shape<rank>, _ kernelShape: Shape<rank>, _ algorithm: ConvolutionAlgorithm,
    _ boundary: Boundary, isShared: Bool = true
  ) throws {
    var options = ConvolutionOptions(mode: .same, boundary: boundary)
    options.algorithm = algorithm
    options.effort = .estimate
    var image = try ramp(shape)
    let kernel = try kernel(algorithm, kernelShape)
    var images = [image]
    image[shape.position(ofIndex: shape.count / 3)] = .nan
    image[shape.position(ofIndex: shape.count / 2)] = .infinity
    images.append(image)
    try compare { threads in
      options.threads = threads
      let plan = try ConvolutionPlan(
        image: shape, kernel: kernel, .convolution, options: options)
      try #require(plan.choice.strategy.algorithm == algorithm)
      if threads == 1 && isShared { try requireSharing(plan.choice) }
      return try images.map { bits(try plan($0)) }
    }
  }

  @Test("Convolutions of signals", arguments: algorithms, [Boundary.replicate, .renormalize])
  func signals(algorithm: ConvolutionAlgorithm, boundary: Boundary) throws {
    // A line has no factors to look for, and is one task to a transform of all of it.
    guard algorithm != .separable else { return }
    try check(
      Shape(count: 300_000), Shape(count: 31), algorithm, boundary, isShared: algorithm != .fft)
  }

  @Test("Convolutions of images", arguments: algorithms, Boundary.all)
  func images(algorithm: ConvolutionAlgorithm, boundary: Boundary) throws {
    try check(Shape(rows: 200, columns: 1_100), Shape(rows: 9, columns: 9), algorithm, boundary)
  }

  @Test("Convolutions of volumes", arguments: algorithms, [Boundary.wrap, .renormalize])
  func volumes(algorithm: ConvolutionAlgorithm, boundary: Boundary) throws {
    try check(
      Shape(planes: 24, rows: 40, columns: 230), Shape(planes: 3, rows: 3, columns: 3), algorithm,
      boundary)
  }

  @Test("Convolutions of complex images", arguments: ConvolutionAlgorithm.forced)
  func complexImages(algorithm: ConvolutionAlgorithm) throws {
    let shape = Shape(rows: 200, columns: 700)
    let image = try Image<Complex<Float>>(
      real: ramp(shape), imaginary: ramp(Shape(rows: 700, columns: 200)).transposed())
    let kernel = try Image<Complex<Float>>(
      real: ramp(Shape(rows: 5, columns: 7)),
      imaginary: ramp(Shape(rows: 7, columns: 5)).transposed()
    )
    var options = ConvolutionOptions(mode: .full)
    options.algorithm = algorithm
    options.effort = .estimate
    try compare { threads in
      options.threads = threads
      let plan = try ConvolutionPlan<2, Float>(
        image: shape, kernel: kernel, .correlation, options: options)
      if threads == 1 { try requireSharing(plan.choice) }
      let result = try plan(image)
      return bits(result.real) + bits(result.imaginary)
    }
  }

  @Test(
    "Banks of kernels", arguments: [ConvolutionAlgorithm.direct, .matrix, .overlapSave],
    [Boundary.reflect, .renormalize])
  func banks(algorithm: ConvolutionAlgorithm, boundary: Boundary) throws {
    let image = try ramp(Shape(rows: 150, columns: 400))
    var touched = image
    touched[40, 300] = .nan
    touched[90, 30] = -.infinity
    let kernels = try (0..<6).map { try ramp(Shape(rows: 7, columns: 7)) * Float($0 + 1) }
    var options = ConvolutionOptions(mode: .same, boundary: boundary)
    options.algorithm = algorithm
    for stride in [[], [2, 3]] {
      try compare { threads in
        options.threads = threads
        let bank = try FilterBank(
          image: image.shape, kernels: kernels, .convolution, options: options, stride: stride)
        if threads == 1 { try requireSharing(bank.choice) }
        return try (bank(image) + bank(touched)).map(bits)
      }
    }
  }

  @Test(
    "Pairs of images", arguments: [ConvolutionAlgorithm.automatic, .direct, .fft, .overlapSave],
    [3, 12])
  func pairs(algorithm: ConvolutionAlgorithm, count: Int) throws {
    var images = try ramp(Shape(planes: count, rows: 50, columns: 40))
    images[count / 2, 20, 20] = .nan
    let kernels = try ramp(Shape(planes: count, rows: 9, columns: 11))
    var options = ConvolutionOptions(mode: .same, boundary: .symmetric)
    options.algorithm = algorithm
    options.effort = .estimate
    try compare { threads in
      options.threads = threads
      return bits(try images.convolvedInPairs(with: kernels, options: options))
    }
  }

  @Test("Windows")
  func windows() throws {
    let image = try ramp(Shape(rows: 300, columns: 1_000))
    let other = try ramp(Shape(rows: 1_000, columns: 300)).transposed()
    let small = try ramp(Shape(rows: 60, columns: 80))
    var options = WindowOptions()
    let geometry = try options.geometry(image: image.shape, window: [5, 4])
    try #require(WindowTiles(geometry.windowProblem(.variance(ddof: 0))).tasks > 2)
    try compare { threads in
      options.threads = threads
      return [
        bits(try image.windowSum(of: [3, 5], options: options)),
        bits(try image.windowMean(of: [31, 31], options: options)),
        bits(try image.windowVariance(of: [5, 4], options: options)),
        bits(try image.windowCovariance(with: other, of: [9, 9], options: options)),
        bits(try image.windowCorrelation(with: other, of: [9, 9], options: options)),
        bits(try image.windowReduced(.maximum, of: [3, 3], options: options)),
        bits(try small.windowMedian(of: [3, 3], options: options)),
      ]
    }
  }

  @Test("Gaussians, within a tolerance too, and what they weigh", arguments: Boundary.all)
  func gaussians(boundary: Boundary) throws {
    let image = try ramp(Shape(rows: 500, columns: 700))
    let other = try ramp(Shape(rows: 700, columns: 500)).transposed()
    var touched = image
    touched[100, 200] = .nan
    var options = ConvolutionOptions(mode: .same, boundary: boundary)
    options.effort = .estimate
    try compare { threads in
      options.threads = threads
      let filter = try GaussianFilter<2, Float>(
        image: image.shape, sigma: [8], tolerance: 1e-3, options: options)
      try #require("\(filter)".hasPrefix("lower rate"))
      return [
        bits(try filter(image)), bits(try filter(touched)),
        bits(try image.gaussianFiltered(sigma: [2], options: options)),
        // Weights of a derivative sum to nothing, which can't be rescaled.
        bits(
          try image.gaussianFiltered(
            sigma: [2], order: [0, boundary == .renormalize ? 0 : 1], options: options)),
      ]
        + (boundary == .symmetric
          ? [
            bits(try image.gaussianVariance(sigma: [1.5], options: options)),
            bits(try image.gaussianCovariance(with: other, sigma: [1.5], options: options)),
            bits(try image.gaussianCorrelation(with: other, sigma: [1.5], options: options)),
          ] : [])
    }
  }

  @Test("Expressions, and windows of them")
  func expressions() throws {
    let a = try ramp(Shape(rows: 72, columns: 1_000))
    let b = try ramp(Shape(rows: 1_000, columns: 72)).transposed()
    let expression = try PixelExpression("exp(a) / log(b) + a^b")
    var options = WindowOptions(boundary: .renormalize)
    try compare { threads in
      options.threads = threads
      return [
        try expression.values(a: a, b: b, threads: threads).elements.map(\.bitPattern),
        try a.windowed(expression, with: b, reduction: .variance, of: [5, 6], options: options)
          .elements.map(\.bitPattern),
      ]
    }
  }

  @Test("Pairs of rows", arguments: RowMeasure.allCases)
  func rowPairs(measure: RowMeasure) throws {
    let a = try ramp(Shape(rows: 400, columns: 210))
    let b = try ramp(Shape(rows: 390, columns: 210))
    try compare { threads in
      bits(try a.rowPairs(with: b, measure: measure, threads: threads))
        + bits(try a.rowPairs(measure: measure, threads: threads))
    }
  }

  @Test("Rows at several lags", arguments: [ConvolutionAlgorithm.matrix, .fft])
  func laggedRows(algorithm: ConvolutionAlgorithm) throws {
    var a = try ramp(Shape(rows: 130, columns: 210))
    a[7, 9] = .nan
    let b = try ramp(Shape(rows: 260, columns: 100))
    try compare { threads in
      bits(
        try a.rowCorrelations(
          with: b, lags: -5...4, measure: .pearson, algorithm: algorithm, threads: threads
        ).values)
    }
  }

  @Test("Pairs of complex rows")
  func complexRowPairs() throws {
    func matrix(_ rows: Int) throws -> Image<Complex<Float>> {
      let columns = 30
      return try Image(
        real: ramp(Shape(rows: rows, columns: columns)),
        imaginary: ramp(Shape(rows: columns, columns: rows)).transposed())
    }
    let (a, b) = (try matrix(600), try matrix(390))
    try compare { threads in
      let pairs = try a.rowPairs(with: b, threads: threads)
      let itself = try a.rowPairs(threads: threads)
      return bits(pairs.real) + bits(pairs.imaginary) + bits(itself.real) + bits(itself.imaginary)
    }
  }
}
