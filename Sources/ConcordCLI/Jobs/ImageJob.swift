import Concord
import ConcordFiles

/// An operation on one or two images that were read: the resolved form of filtering commands.
struct ImageJob<Operation: ImageOperation> {
  /// What is done, for the summary.
  var title: String
  /// The images, of one shape.
  var inputs: [FileArray]
  var operation: Operation
  /// Whether an operation of two axes goes through the planes of a stack.
  var isPlanewise = false
  /// Whether elements are complex.
  var isComplex = false
  /// Whether another input than the images, such as the kernel, asks for Double.
  var needsDouble = false
  var settings: JobSettings

  /// Computes, verifies and writes.
  func run() throws(ConcordError) -> Report {
    try settings.checkOutput()
    if !Operation.servesComplex, let complex = inputs.first(where: \.isComplex) {
      throw .file(
        path: complex.path,
        problem: "expected real elements, found \(complex.elementType.rawValue)")
    }
    let needed: Precision? = needsDouble ? .double : nil
    let precision = Precision(settings.precision ?? needed, for: inputs)
    switch (precision, isComplex) {
    case (.float, false): return try run(Float.self)
    case (.double, false): return try run(Double.self)
    case (.float, true): return try run(Complex<Float>.self)
    case (.double, true): return try run(Complex<Double>.self)
    }
  }

  private func run<Element: CommandElement>(
    _ type: Element.Type
  ) throws(ConcordError) -> Report {
    switch inputs[0].rank {
    case 1: return try perform { (shape: Shape<1>) throws(ConcordError) in try whole(shape, type) }
    case 2: return try perform { (shape: Shape<2>) throws(ConcordError) in try whole(shape, type) }
    default:
      return try perform { (shape: Shape<3>) throws(ConcordError) in
        guard isPlanewise else { return try whole(shape, type) }
        let plane = Shape<2>(rows: shape.rows, columns: shape.columns)
        return try whole(plane, type).planewise(planes: shape.planes)
      }
    }
  }

  private func whole<let rank: Int, Element: CommandElement>(
    _ shape: Shape<rank>, _ type: Element.Type
  ) throws(ConcordError) -> PreparedOperation<rank, Element> {
    try Element.prepare(operation, for: shape)
  }

  private func perform<let rank: Int, Element: CommandElement>(
    _ prepare: (Shape<rank>) throws(ConcordError) -> PreparedOperation<rank, Element>
  ) throws(ConcordError) -> Report {
    let images = try ImageChannels<rank, Element>(inputs)
    let measured = try settings.measure { () throws(ConcordError) in
      let prepared = try prepare(images.shape)
      settings.progress.begin(
        steps: prepared.steps * images.colors.count * settings.applications)
      return prepared
    } run: { (prepared) throws(ConcordError) in
      var results: [NDArray<rank, Element>] = []
      for color in images.colors { results.append(try prepared.apply(color, settings.progress)) }
      return results
    }
    let shape = measured.result[0].shape.components
    var report = Report(
      title: title, algorithm: measured.prepared.algorithm, shape: shape, timing: measured.timing,
      strategy: measured.prepared.strategy)
    if let samples = settings.samples {
      var verification = Verification(samples: samples)
      for (index, color) in images.colors.enumerated() {
        let part = (samples + index) / images.colors.count
        try verification.check(
          measured.result[index], by: measured.prepared.definition(color), samples: part)
      }
      try verification.finish(in: &report, precision: Element.precision)
    }
    if let output = settings.output {
      try Element.write(
        images.joiningOpacity(measured.result), to: output, range: settings.range)
      report.addOutput(output, shape: shape, precision: Element.precision)
      if images.colors.count > 1 {
        report.fields.append(("channels", .integer(images.colors.count)))
      }
    }
    return report
  }
}

/// The channels of one or two images, side by side.
private struct ImageChannels<let rank: Int, Element: CommandElement> {
  /// For each colour, one array of each image; a grey image serves all colours of the other.
  let colors: [[NDArray<rank, Element>]]
  /// The opacity of the first image.
  let opacity: NDArray<rank, Element>?

  init(_ inputs: [FileArray]) throws(ConcordError) {
    var images: [[NDArray<rank, Element>]] = []
    var opacity: NDArray<rank, Element>?
    for input in inputs {
      let channels: [NDArray<rank, Element>] = try Element.read(input)
      if images.isEmpty, channels.count > input.colors { opacity = channels.last }
      images.append(Array(channels.prefix(input.colors)))
      if let first = images.first, first.count != 1 && images[images.count - 1].count != 1,
        first.count != images[images.count - 1].count
      {
        throw .file(
          path: input.path,
          problem: "expected as many colours as \(inputs[0].path) has, \(first.count), found "
            + "\(input.colors)")
      }
      if channels[0].shape != images[0][0].shape {
        throw .file(
          path: input.path,
          problem: "expected the shape of \(inputs[0].path), \(images[0][0].shape), found "
            + "\(channels[0].shape)")
      }
    }
    let count = images.map(\.count).max() ?? 1
    colors = (0..<count).map { color in images.map { $0[min(color, $0.count - 1)] } }
    self.opacity = opacity
  }

  var shape: Shape<rank> { colors[0][0].shape }

  /// The result with the image's opacity, which isn't filtered, if it still fits.
  func joiningOpacity(_ results: [NDArray<rank, Element>]) -> [NDArray<rank, Element>] {
    guard let opacity, opacity.shape == results[0].shape else { return results }
    return results + [opacity]
  }
}
