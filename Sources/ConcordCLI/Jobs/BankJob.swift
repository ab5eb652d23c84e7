import Concord
import ConcordFiles

/// Many kernels over one image, or the images of a stack with kernels of their own.
struct BankJob {
  enum Kind {
    /// The stack holds kernels for one image, and outputs are so far apart.
    case bank(stride: [Int])
    /// Both stacks are as deep, or one kernel serves all images.
    case pairs
  }

  let kind: Kind
  let image: FileArray
  let kernels: FileArray
  let operation: ConvolutionOperation
  let options: ConvolutionOptions
  let settings: JobSettings

  func run() throws(ConcordError) -> Report {
    try settings.checkOutput()
    for file in [image, kernels] where file.isComplex {
      throw .file(
        path: file.path, problem: "expected real elements, found \(file.elementType.rawValue)")
    }
    try checkCentre(options, axes: 2, kernel: kernels.path)
    let precision = Precision(settings.precision, for: [image, kernels])
    return precision == .float ? try run(Float.self) : try run(Double.self)
  }

  private func run<S: RealScalar & CommandElement>(
    _ type: S.Type
  ) throws(ConcordError) -> Report {
    switch kind {
    case .bank(let stride):
      let image: Image<S> = try image.array()
      let stack: Volume<S> = try volume(kernels)
      let planes = try images(of: stack)
      return try report(Grid(image), Grid(stack), stride: stride, isBank: true) {
        () throws(ConcordError) in
        try FilterBank(
          image: image.shape, kernels: planes, operation, options: options, stride: stride)
      } run: { (bank) throws(ConcordError) in
        try bank.stack([image])
      } algorithm: {
        $0.choice.strategy.algorithm.rawValue
      }
    case .pairs:
      let stack: Volume<S> = try image.array()
      guard kernels.rank == 2 else {
        let others: Volume<S> = try kernels.array()
        return try report(Grid(stack), Grid(others)) { () throws(ConcordError) in
        } run: { (_: Void) throws(ConcordError) in
          operation == .convolution
            ? try stack.convolvedInPairs(with: others, options: options)
            : try stack.correlatedInPairs(with: others, options: options)
        }
      }
      let kernel: Image<S> = try kernels.array()
      return try report(Grid(stack), Grid(kernel)) { () throws(ConcordError) in
      } run: { (_: Void) throws(ConcordError) in
        operation == .convolution
          ? try stack.convolvedEach(with: kernel, options: options)
          : try stack.correlatedEach(with: kernel, options: options)
      }
    }
  }

  /// A stack of kernels; one kernel is a stack as well.
  private func volume<S: RealScalar>(_ file: FileArray) throws(ConcordError) -> Volume<S> {
    guard file.rank == 2 else { return try file.array() }
    let only: Image<S> = try file.array()
    return try only.reshaped(to: Shape(planes: 1, rows: only.rows, columns: only.columns))
  }

  private func images<S: RealScalar>(of stack: Volume<S>) throws(ConcordError) -> [Image<S>] {
    var images: [Image<S>] = []
    for plane in 0..<stack.shape[0] { images.append(try stack.plane(plane).copied()) }
    return images
  }

  /// Computes, verifies and writes.
  private func report<S: RealScalar & CommandElement, Prepared>(
    _ image: @autoclosure () -> Grid, _ kernel: @autoclosure () -> Grid, stride: [Int] = [],
    isBank: Bool = false,
    prepare: () throws(ConcordError) -> Prepared,
    run: (Prepared) throws(ConcordError) -> Volume<S>,
    algorithm: (Prepared) -> String = { _ in "pairs" }
  ) throws(ConcordError) -> Report {
    settings.progress.begin(steps: settings.applications)
    let measured = try settings.measure(prepare: prepare) { (prepared) throws(ConcordError) in
      let values = try run(prepared)
      settings.progress.step()
      return values
    }
    let shape = measured.result.shape.components
    var report = Report(
      title: "\(operation == .convolution ? "convolve" : "correlate") \(self.image.summary) with "
        + kernels.summary,
      algorithm: algorithm(measured.prepared), shape: shape, timing: measured.timing)
    if let samples = settings.samples {
      var verification = Verification(samples: samples)
      let definition = ConvolutionDefinition(
        operation: operation, options: options, scale: 1, offset: 0)
      let outputs = PlanarDefinition(
        definition: definition, image: image(), kernel: kernel(), stride: stride, isBank: isBank)
      try verification.check(measured.result, by: outputs.outputs, samples: samples)
      try verification.finish(in: &report, precision: S.precision)
    }
    if let output = settings.output {
      try S.write([measured.result], to: output, range: settings.range)
      report.addOutput(output, shape: shape, precision: S.precision)
    }
    return report
  }
}

/// Planes that are each the result of one image and one kernel, by definition.
private struct PlanarDefinition {
  let definition: ConvolutionDefinition
  let image: Grid
  let kernel: Grid
  let stride: [Int]
  /// Whether planes are kernels of one image.
  let isBank: Bool

  var outputs: OutputDefinition {
    let images = (0..<image.extents[0]).map { image.plane($0) }
    let kernels = (0..<kernel.extents[0]).map { kernel.plane($0) }
    let steps = stride.isEmpty ? [1, 1] : stride
    return OutputDefinition { (position) throws(ConcordError) in
      let plane = position[0]
      let one = definition.outputs(
        image: images[isBank ? 0 : plane], kernel: kernels[kernels.count == 1 ? 0 : plane], rank: 2)
      return try one.value([position[1] * steps[0], position[2] * steps[1]])
    }
  }
}
