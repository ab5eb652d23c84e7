import Concord
import ConcordFiles

/// A convolution or correlation with a kernel that was read.
struct KernelOperation: ImageOperation {
  static var servesComplex: Bool { true }

  let operation: ConvolutionOperation
  let kernel: ResolvedKernel
  var options: ConvolutionOptions
  let scale: Double
  let offset: Double

  func prepare<let rank: Int, S: RealScalar & CommandElement>(
    for shape: Shape<rank>
  ) throws(ConcordError) -> PreparedOperation<rank, S> {
    let weights: NDArray<rank, S> = try kernel.array()
    let plan = try ConvolutionPlan(image: shape, kernel: weights, operation, options: options)
    let strategy = plan.choice.strategy
    return PreparedOperation(algorithm: strategy.algorithm.rawValue, strategy: "\(strategy)") {
      images in
      definition.outputs(image: Grid(images[0]), kernel: Grid(weights), rank: rank)
    } apply: { (images) throws(ConcordError) in
      var result = try plan(images[0])
      if !isPlain {
        result *= S(scale)
        result += S(offset)
      }
      return result
    }
  }

  func prepareComplex<let rank: Int, S: RealScalar & CommandElement>(
    for shape: Shape<rank>
  ) throws(ConcordError) -> PreparedOperation<rank, Complex<S>> {
    let weights: NDArray<rank, Complex<S>> = try kernel.complexArray()
    let plan =
      kernel.isComplex
      ? try ConvolutionPlan(image: shape, kernel: weights, operation, options: options)
      : try ConvolutionPlan(image: shape, kernel: weights.real, operation, options: options)
    let strategy = plan.choice.strategy
    return PreparedOperation(algorithm: strategy.algorithm.rawValue, strategy: "\(strategy)") {
      images in
      definition.outputs(image: Grid(images[0]), kernel: Grid(weights), rank: rank)
    } apply: { (images) throws(ConcordError) in
      var result = try plan(images[0])
      if !isPlain {
        result *= Complex(S(scale))
        result += Complex(S(offset))
      }
      return result
    }
  }

  /// Whether results are neither scaled nor shifted.
  var isPlain: Bool { scale == 1 && offset == 0 }

  private var definition: ConvolutionDefinition {
    ConvolutionDefinition(operation: operation, options: options, scale: scale, offset: offset)
  }
}

/// Refuses a centre or origin that has not one number for each axis of the kernel.
func checkCentre(
  _ options: ConvolutionOptions, axes: Int, kernel: String
) throws(ConcordError) {
  var lists = [("--origin", options.origin.isEmpty ? axes : options.origin.count)]
  if case .index(let index) = options.anchor { lists.append(("--anchor", index.count)) }
  for (option, count) in lists where count != axes {
    throw .file(
      path: kernel,
      problem:
        "\(option): expected \(axes) number\(axes == 1 ? "" : "s"), one for each axis of the "
        + "kernel, found \(count)")
  }
}

extension ImageJob<KernelOperation> {
  /// The job of a convolution or correlation: reads image and kernel and settles their axes.
  static func resolve(
    _ operation: KernelOperation, verb: String, image name: String, settings: JobSettings
  ) throws(ConcordError) -> ImageJob {
    let image = try readInput(name)
    let kernel = operation.kernel
    let rank = kernel.rank(forImageOf: image.rank)
    let isPlanewise = image.rank == 3 && rank == 2
    guard rank == image.rank || isPlanewise else {
      throw .file(
        path: kernel.name,
        problem: "expected a kernel of \(image.rank) dimension\(image.rank == 1 ? "" : "s")"
          + (image.rank == 3 ? " (or of 2, for every image of the stack)" : "")
          + " as \(image.summary) has, found \(rank)")
    }
    try checkCentre(operation.options, axes: rank, kernel: kernel.name)
    return ImageJob(
      title: "\(verb) \(image.summary) with \(kernel.name)", inputs: [image],
      operation: operation, isPlanewise: isPlanewise,
      isComplex: image.isComplex || kernel.isComplex, needsDouble: kernel.needsDouble,
      settings: settings)
  }
}

extension ImageJob<KernelOperation> {
  /// Correlates at some lags alone, and tells which.
  func run(lags: LagRanges) throws(ConcordError) -> Report {
    let axes = isPlanewise ? 2 : inputs[0].rank
    guard let ranges = lags.ranges(axes: axes) else {
      throw .file(
        path: inputs[0].path,
        problem: "--lag-range: expected 1\(axes == 1 ? " range" : " or \(axes) ranges") for "
          + "\(axes) dimension\(axes == 1 ? "" : "s"), found \(lags.ranges.count)")
    }
    var job = self
    job.operation.options.lags = ranges
    var report = try job.run()
    let bounds = ranges.map { [$0.lowerBound, $0.upperBound] }
    report.add(
      "lags", bounds.map { "\($0[0]) to \($0[1])" }.joined(separator: ", "), key: "lags",
      axes == 1 ? .integers(bounds[0]) : .array(bounds.map { .integers($0) }))
    return report
  }
}
