package import ConcordArrays
package import ConcordBackends

/// Correlations of images with some of a few kernels of one shape, in Double: an image is transformed
/// once for all of them.
///
/// For sums whose errors have to stay far below the contrast of any window. Images go on with zeros
/// beyond their edges.
package final class SharedCorrelations: Sendable {
  private enum Executor: Sendable {
    case each([ConvolutionEngine<Double>])
    case tiles(TileTransform<Double>, BankSpectra<Double>)
    case whole(SpectralTransform<Double>, [Spectrum<Double>])
  }

  package let geometry: ConvolutionGeometry
  /// The strategy, with the predicted cost of an image and two kernels.
  package let choice: StrategyEstimate
  private let executor: Executor
  private let threads: Int

  /// Prepares kernels for images of one size, and for the lags of `lags` along each of three axes.
  package init(
    _ kernels: [SharedBuffer<Double>], extents: Extents, image: Extents,
    lags: [ClosedRange<Int>], choice given: StrategyEstimate? = nil, options: ConvolutionOptions
  ) throws(ConcordError) {
    let problem = try Self.problem(extents, image, lags, options)
    geometry = problem.geometry
    if let given {
      choice = given
    } else {
      choice = try Self.choose(for: problem, kernels: kernels.count, options)
    }
    threads = CostModel.current.usefulThreads(choice.strategy, for: problem)
    switch choice.strategy {
    case .fft(let layout):
      executor = Self.whole(kernels, geometry, layout, options)
    case .overlapSave(let layout):
      let transform = TileTransform<Double>(
        tiles: OverlapTiles(lengths: layout.extents, kernel: extents, output: geometry.output))
      var weights = SharedBuffer<Double>(uninitializedCount: kernels.count * extents.count)
      for (index, kernel) in kernels.enumerated() {
        weights.copyElements(0..<extents.count, of: kernel, to: index * extents.count)
      }
      executor = .tiles(
        transform, transform.spectra(of: weights, count: kernels.count, threads: threads))
    default:
      var engines: [ConvolutionEngine<Double>] = []
      for kernel in kernels {
        engines.append(
          try ConvolutionEngine(
            weights: Samples(real: kernel), mirrors: false, geometry: geometry,
            strategy: choice.strategy, options: options, threads: threads))
      }
      executor = .each(engines)
    }
  }

  /// The strategy for some kernels, and the outputs along each axis that a tile gives, if it has tiles.
  package static func choose(
    kernels: Int, extents: Extents, image: Extents, lags: [ClosedRange<Int>],
    options: ConvolutionOptions
  ) throws(ConcordError) -> (choice: StrategyEstimate, kept: Extents?) {
    let problem = try problem(extents, image, lags, options)
    let choice = try choose(for: problem, kernels: kernels, options)
    guard case .overlapSave(let layout) = choice.strategy else { return (choice, nil) }
    let tiles = OverlapTiles(
      lengths: layout.extents, kernel: extents, output: problem.geometry.output)
    return (choice, tiles.kept)
  }

  private static func problem(
    _ extents: Extents, _ image: Extents, _ lags: [ClosedRange<Int>], _ options: ConvolutionOptions
  ) throws(ConcordError) -> ConvolutionProblem {
    var options = options
    options.boundary = .zero
    options.lags = lags
    let geometry = try ConvolutionGeometry(
      image: (0..<3).map { image[$0] }, kernel: (0..<3).map { extents[$0] },
      operation: .correlation, options: options)
    return ConvolutionProblem(geometry: geometry, isDouble: true, threads: options.threadCount)
  }

  /// Whether errors are relative to each window's own sums, and not to all that is transformed together.
  package var isTermwise: Bool {
    switch executor {
    case .each: true
    case .tiles, .whole: false
    }
  }

  /// The correlations of an image of finite numbers with some kernels.
  package func run(_ image: SharedBuffer<Double>, with kernels: [Int]) -> [SharedBuffer<Double>] {
    let count = kernels.count
    let output = geometry.output.count
    switch executor {
    case .each(let engines):
      return kernels.map { engines[$0].run(Samples(real: image)).real }
    case .tiles(let transform, let spectra):
      var sums = SharedBuffer<Double>(uninitializedCount: count * output)
      let sizes = BankSizes(
        geometry, stride: Extents(1, 1, 1), channels: 1, kernels: count)
      _ = transform.correlate(
        [image], sizes, edges: geometry.edges, with: spectra, of: kernels, threads: threads,
        into: &sums)
      return (0..<count).map { sums.part($0 * output..<($0 + 1) * output) }
    case .whole(let transform, let spectra):
      let spectrum = transform.spectrum(
        of: Samples(real: image), placement: Placement(whole: geometry.image), threads: threads)
      let crop = Crop(start: geometry.offset, count: geometry.output)
      return kernels.map { kernel in
        var sums = Samples<Double>(real: SharedBuffer(uninitializedCount: output))
        transform.correlate(
          spectrum, with: spectra[kernel], crop: crop, into: &sums, threads: threads)
        return sums.real
      }
    }
  }

  private static func whole(
    _ kernels: [SharedBuffer<Double>], _ geometry: ConvolutionGeometry, _ layout: TransformLayout,
    _ options: ConvolutionOptions
  ) -> Executor {
    let transform = SpectralTransform<Double>(
      lengths: layout.extents, isComplex: false, effort: options.planningEffort)
    // Taps beyond the period only ever meet zeros.
    let placement = Placement(
      extents: geometry.kernel, origin: Extents(0, 0, 0),
      count: Extents { min(geometry.kernel[$0], layout.extents[$0]) },
      extension: Extension(.constant))
    let spectra = kernels.map {
      transform.spectrum(
        of: Samples(real: $0), placement: placement, threads: options.threadCount)
    }
    return .whole(transform, spectra)
  }

  /// The fastest way for an image and two kernels, with all processors at work, that memory allows.
  private static func choose(
    for problem: ConvolutionProblem, kernels: Int, _ options: ConvolutionOptions
  ) throws(ConcordError) -> StrategyEstimate {
    var everywhere = problem
    everywhere.threads = problem.processors
    let wanted = ConvolutionPlanner.candidates(for: everywhere).filter {
      options.algorithm == .automatic || $0.strategy.algorithm == options.algorithm
    }.map { estimate in
      var shared = estimate
      switch estimate.strategy {
      case .fft(let layout):
        let sizes = SpectralSizes(lengths: layout.extents, isComplex: false)
        shared.seconds *= 1.5
        shared.bytes = 16 * (sizes.workspaceCount + (kernels + 1) * sizes.spectrumCount)
      case .overlapSave(let layout):
        // A tile's spectrum is kept for all kernels, by each worker.
        let spectrum = 16 * layout.extents.count
        let tiles = OverlapTiles(
          lengths: layout.extents, kernel: problem.geometry.kernel,
          output: problem.geometry.output)
        shared.seconds *= 1.5
        // A tile with several kernels is one thread's work.
        if tiles.areShared(tasks: tiles.count.parts(of: 2), threads: everywhere.threads) {
          shared.seconds *= Double(everywhere.threads)
        }
        shared.bytes += (kernels - 1 + everywhere.threads) * spectrum
      default:
        shared.seconds *= 2
      }
      return shared
    }.sorted { $0.seconds < $1.seconds }
    guard let cheapest = wanted.min(by: { $0.bytes < $1.bytes }) else {
      throw .algorithmCannotServe(
        algorithm: options.algorithm.rawValue,
        why:
          "expected 'direct', 'matrix', 'fft' or 'overlap-save', with room for the template in a "
          + "tile, for masks")
    }
    guard let fastest = wanted.first(where: { $0.bytes <= options.workingMemory }) else {
      throw .memoryLimit(needed: cheapest.bytes, limit: options.workingMemory)
    }
    return fastest
  }
}
