import Concord
import ConcordFiles

/// Random outputs of a long signal, compared with their definition.
///
/// An output depends on a few samples, so the definition is asked about a short part of the signal.
struct SignalChecks<S: RealScalar & CommandElement> {
  private let definition: ConvolutionDefinition
  private let signal: FileArray
  private let taps: Grid
  /// The outputs to look at, in order, and what was found there.
  private let places: [Int]
  private var found: [Double] = []
  private var largest = 0.0
  /// The index in 'full' of the first output.
  private let first: Int

  init(
    _ operation: KernelOperation, signal: FileArray, taps: Signal<S>, count: Int, samples: Int
  ) throws(ConcordError) {
    definition = ConvolutionDefinition(
      operation: operation.operation, options: operation.options, scale: operation.scale,
      offset: operation.offset)
    self.signal = signal
    self.taps = Grid(taps)
    first = definition.firstOutput(samples: signal.count, taps: taps.count)
    places = (0..<samples).map { _ in Int.random(in: 0..<count) }.sorted()
  }

  /// Looks at a part of the result that begins at an output.
  mutating func look(at part: Signal<S>, from start: Int) {
    guard !places.isEmpty else { return }
    let values = part.span
    largest = max(largest, part.largestFiniteMagnitude)
    while found.count < places.count, places[found.count] < start + values.count {
      found.append(Double(values[places[found.count] - start]))
    }
  }

  /// Adds the largest error to a report; one that no rounding explains is a failure.
  func finish(in report: inout Report, precision: Precision) throws(ConcordError) {
    guard !places.isEmpty else { return }
    var verification = Verification(samples: places.count)
    for (place, value) in zip(places, found) {
      verification.add(Complex(value), expected: try expected(at: place), largest: largest)
    }
    try verification.finish(in: &report, precision: precision)
  }

  private func expected(at place: Int) throws(ConcordError) -> Complex<Double> {
    let (n, m, full) = (signal.count, taps.extents[2], place + first)
    var begin = full - (m - 1)
    var part: Signal<S>
    if begin >= 0 && full < n {
      part = try samples(begin..<(full + 1))
    } else if definition.options.boundary == .wrap {
      part = try Signal(samples((n - m)..<n).elements + samples(0..<m).elements)
      begin = full < m ? -m : n - m
    } else {
      begin = full < m ? 0 : n - 2 * m
      part = try samples(begin..<(begin + 2 * m))
    }
    let start = definition.firstOutput(samples: part.count, taps: m)
    return try definition.outputs(image: Grid(part), kernel: taps, rank: 1)
      .value([full - begin - start])
  }

  private func samples(_ range: Range<Int>) throws(ConcordError) -> Signal<S> {
    // The system may have mapped far more around these samples than was looked at.
    defer { signal.releaseMemory(of: 0..<signal.count) }
    return try signal.signal(in: range)
  }
}

extension NDArray where Scalar: RealScalar {
  /// The largest magnitude among the finite elements; 0 if there are none.
  fileprivate var largestFiniteMagnitude: Double {
    let values = span
    var largest: Scalar = 0
    for index in values.indices {
      let magnitude = abs(values[index])
      if magnitude.isFinite { largest = max(largest, magnitude) }
    }
    return Double(largest)
  }
}
