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
    case .bank(let stride): return try bank(type, stride: stride)
    case .pairs:
      let images: [Volume<S>] = try colors()
      guard kernels.rank == 2 else { return try pairs(images, kernels.array()) }
      return try each(images, kernels.array())
    }
  }

  private func bank<S: RealScalar & CommandElement>(
    _ type: S.Type, stride: [Int]
  ) throws(ConcordError) -> Report {
    let images: [Image<S>] = try colors()
    let stack: Volume<S> = try volume(kernels)
    var planes: [Image<S>] = []
    for plane in 0..<stack.shape[0] { planes.append(try stack.plane(plane).copied()) }
    return try report(images, Grid(stack), stride: stride, isBank: true) {
      () throws(ConcordError) in
      try FilterBank(
        image: images[0].shape, kernels: planes, operation, options: options, stride: stride)
    } run: { (bank, image) throws(ConcordError) in
      try bank.stack([image])
    } algorithm: {
      $0.choice.strategy.algorithm
    }
  }

  private func pairs<S: RealScalar & CommandElement>(
    _ images: [Volume<S>], _ others: Volume<S>
  ) throws(ConcordError) -> Report {
    try report(images, Grid(others)) { () throws(ConcordError) in
      let (image, kernel) = (images[0].shape, others.shape)
      return try ImagePairPlan<S>(
        count: image.planes, image: Shape(rows: image.rows, columns: image.columns),
        kernel: Shape(rows: kernel.rows, columns: kernel.columns), operation, options: options)
    } run: { (plan, stack) throws(ConcordError) in
      try plan(stack, others)
    } algorithm: {
      $0.algorithm
    }
  }

  private func each<S: RealScalar & CommandElement>(
    _ images: [Volume<S>], _ kernel: Image<S>
  ) throws(ConcordError) -> Report {
    try report(images, Grid(kernel)) { () throws(ConcordError) in
      try ConvolutionPlan(images: images[0].shape, kernel: kernel, operation, options: options)
    } run: { (plan, stack) throws(ConcordError) in
      try plan(stack)
    } algorithm: {
      $0.choice.strategy.algorithm
    }
  }

  /// The colours of the image or of the stack; an opacity is no colour.
  private func colors<let rank: Int, S: RealScalar & CommandElement>() throws(ConcordError)
    -> [NDArray<rank, S>]
  {
    let channels: [NDArray<rank, S>] = try S.read(image)
    return Array(channels.prefix(image.colors))
  }

  /// A stack of kernels; one kernel is a stack as well.
  private func volume<S: RealScalar>(_ file: FileArray) throws(ConcordError) -> Volume<S> {
    guard file.rank == 2 else { return try file.array() }
    let only: Image<S> = try file.array()
    return try only.reshaped(to: Shape(planes: 1, rows: only.rows, columns: only.columns))
  }

  /// Computes, verifies and writes.
  private func report<let rank: Int, S: RealScalar & CommandElement, Prepared>(
    _ images: [NDArray<rank, S>], _ kernel: @autoclosure () -> Grid, stride: [Int] = [],
    isBank: Bool = false,
    prepare: () throws(ConcordError) -> Prepared,
    run: (Prepared, NDArray<rank, S>) throws(ConcordError) -> Volume<S>,
    algorithm: (Prepared) -> ConvolutionAlgorithm
  ) throws(ConcordError) -> Report {
    settings.progress.begin(steps: images.count * settings.applications)
    let measured = try settings.measure(prepare: prepare) { (prepared) throws(ConcordError) in
      var results: [Volume<S>] = []
      for image in images {
        results.append(try run(prepared, image))
        settings.progress.step()
      }
      return results
    }
    let shape = measured.result[0].shape.components
    var report = Report(
      title: "\(operation == .convolution ? "convolve" : "correlate") \(image.summary) with "
        + kernels.summary,
      algorithm: algorithm(measured.prepared).rawValue, shape: shape, timing: measured.timing)
    if let samples = settings.samples {
      var verification = Verification(samples: samples)
      let definition = ConvolutionDefinition(
        operation: operation, options: options, scale: 1, offset: 0)
      for (index, image) in images.enumerated() {
        let outputs = PlanarDefinition(
          definition: definition, image: Grid(image), kernel: kernel(), stride: stride,
          isBank: isBank)
        try verification.check(
          measured.result[index], by: outputs.outputs,
          samples: (samples + index) / images.count)
      }
      try verification.finish(in: &report, precision: S.precision)
    }
    if let output = settings.output {
      try S.write(measured.result, to: output, range: settings.range)
      report.addOutput(output, shape: shape, precision: S.precision)
      if images.count > 1 { report.fields.append(("channels", .integer(images.count))) }
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
