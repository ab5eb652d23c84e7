public import ConcordArrays
import ConcordBackends

/// The convolution or correlation of a signal that comes piece by piece, in constant memory.
///
///     var stream = try ConvolutionStream(taps: taps, .convolution, options: options)
///     while let samples = receive() { send(stream.push(samples)) }
///     send(try stream.finish())
///
/// All outputs together are those of ``NDArray/convolved(with:options:)`` for the whole signal, as
/// many, in modes 'full', 'same' and 'valid', within the same error bounds:
///
///     out[p] = Σ taps[j] x[p + c - j]   or, of a correlation,   out[p] = Σ taps[j] x[p - c + j]
///
/// Samples may come one by one or by the million: the bits don't depend on how a signal is cut, nor
/// on the number of threads. Boundary rules that need the start alone before it and the end alone
/// behind it are served: zero, constant, replicate, symmetric, reflect and renormalize.
///
/// Sums are direct for few taps, and by overlap-save for many, as a planner predicts to be quicker
/// for a long signal. Outputs are known ``blockCount`` at a time, so they lag behind the samples by
/// up to that and the taps. What is held are the last samples, tiles and the spectrum of the taps.
///
/// - Complexity: O(log *m*) a sample for *m* taps, O(*m*) for few; memory O(*m*), whatever the signal.
/// - SeeAlso: A. V. Oppenheim, R. W. Schafer, *Discrete-Time Signal Processing*, 8.7.3, on
///   overlap-save.
public struct ConvolutionStream<Scalar: RealScalar>: Sendable {
  private let contents: StreamContents<Scalar>
  /// The samples that windows of outputs to come reach, in front.
  private var held: SharedBuffer<Scalar>
  private var heldCount = 0
  /// The sample before the first that is held.
  private var before: Scalar = 0
  private var hasStarted = false

  /// How many samples of the signal were pushed.
  public private(set) var sampleCount = 0

  /// Prepares the taps.
  ///
  /// - Throws: ``ConcordError/boundaryCannotServe(boundary:why:)`` for 'wrap', whose start needs the
  ///   end; ``ConcordError/algorithmCannotServe(algorithm:why:)`` for another algorithm than direct or
  ///   overlap-save, for limited lags, and for more taps than a tile of overlap-save holds where it is
  ///   forced; ``ConcordError/memoryLimit(needed:limit:)``; and what a ``ConvolutionPlan`` throws for
  ///   the taps, their anchor and origin.
  public init(
    taps: Signal<Scalar>, _ operation: ConvolutionOperation,
    options: ConvolutionOptions = ConvolutionOptions()
  ) throws(ConcordError) {
    contents = try StreamContents(taps: taps, operation, options)
    held = SharedBuffer(repeating: 0, count: contents.capacity)
  }

  /// What the stream computes.
  public var operation: ConvolutionOperation { contents.operation }
  /// What was asked for.
  public var options: ConvolutionOptions { contents.options }
  /// How it is computed.
  public var strategy: ConvolutionStrategy { contents.strategy }
  /// Outputs whose windows lie inside the signal come in multiples of this, but the last.
  public var blockCount: Int { contents.block }

  /// How many outputs a signal of so many samples has in all.
  ///
  /// - Throws: ``ConcordError/empty(what:)`` for none.
  public func outputCount(forSamples count: Int) throws(ConcordError) -> Int {
    try ConvolutionGeometry(
      image: [count], kernel: [contents.taps.count], operation: operation, options: options
    ).output.columns
  }

  /// Takes the signal's next samples, and returns the outputs that are known by now: often none.
  public mutating func push(_ samples: Signal<Scalar>) -> Signal<Scalar> {
    let source = samples.buffer
    let known = contents.outputs(after: sampleCount)
    sampleCount += source.count
    var out = SharedBuffer<Scalar>(
      uninitializedCount: contents.outputs(after: sampleCount) - known)
    var (taken, written) = (0, 0)
    if !hasStarted {
      take(source, &taken, upTo: contents.edgeCount)
      if heldCount < contents.edgeCount { return Signal(shape: Shape(count: 0), buffer: out) }
      hasStarted = true
      writeHead(to: &out)
      written = contents.head
    }
    let reach = contents.taps.count - 1
    while let piece = contents.piece(for: heldCount + source.count - taken) {
      take(source, &taken, upTo: piece.outputs + reach)
      write(piece.outputs, by: piece, to: &out, at: written)
      written += piece.outputs
      before = held[piece.outputs - 1]
      held.moveToFront(piece.outputs..<heldCount)
      heldCount -= piece.outputs
    }
    take(source, &taken, upTo: .max)
    return Signal(shape: Shape(count: out.count), buffer: out)
  }

  /// Ends the signal and returns its last outputs; the next signal may begin.
  ///
  /// - Throws: ``ConcordError/empty(what:)`` if no sample was pushed.
  public mutating func finish() throws(ConcordError) -> Signal<Scalar> {
    defer {
      (heldCount, sampleCount, hasStarted) = (0, 0, false)
    }
    guard hasStarted else { return try whole() }
    let reach = contents.taps.count - 1
    let rest = (sampleCount - reach) % contents.block
    var out = SharedBuffer<Scalar>(uninitializedCount: rest + contents.tail)
    if let edges = contents.edges, contents.tail > 0 {
      writeTail(by: edges, to: &out, at: rest)
    }
    if rest > 0, let piece = contents.pieces.last {
      let unused = heldCount..<(piece.outputs + reach)
      var span = held.mutableSpan
      for index in unused { span[index] = 0 }
      write(rest, by: piece, to: &out, at: 0)
    }
    return Signal(shape: Shape(count: out.count), buffer: out)
  }

  /// Holds more samples, until there are so many or no more.
  private mutating func take(
    _ source: SharedBuffer<Scalar>, _ taken: inout Int, upTo wanted: Int
  ) {
    let count = min(max(0, wanted - heldCount), source.count - taken)
    held.copyElements(taken..<(taken + count), of: source, to: heldCount)
    heldCount += count
    taken += count
  }

  /// The first outputs of the samples that are held, by windows inside.
  private func write(
    _ count: Int, by piece: StreamContents<Scalar>.Piece, to out: inout SharedBuffer<Scalar>,
    at place: Int
  ) {
    ScratchArena.using(contents.arena) {
      let result = piece.engine.run(Samples(real: held)).real
      out.copyElements(0..<count, of: result, to: place)
    }
  }

  /// Outputs whose windows reach beyond the start, from the first samples.
  private func writeHead(to out: inout SharedBuffer<Scalar>) {
    guard let edges = contents.edges, contents.head > 0 else { return }
    ScratchArena.using(contents.arena) {
      let result = edges.engine.run(Samples(real: held)).real
      out.copyElements(0..<contents.head, of: result, to: 0)
    }
  }

  /// Outputs whose windows reach beyond the end: they see as many samples as there are taps, and
  /// what is before these doesn't matter.
  private func writeTail(
    by edges: ConvolutionPlan<1, Scalar>, to out: inout SharedBuffer<Scalar>, at place: Int
  ) {
    let m = contents.taps.count
    ScratchArena.using(contents.arena) {
      var signal = SharedBuffer<Scalar>(repeating: 0, count: contents.edgeCount)
      signal[contents.edgeCount - m] = before
      let last = max(0, heldCount - m)..<heldCount
      signal.copyElements(last, of: held, to: contents.edgeCount - last.count)
      let result = edges.engine.run(Samples(real: signal)).real
      out.copyElements(
        (result.count - contents.tail)..<result.count, of: result, to: place)
    }
  }

  /// All outputs of a signal that ended before the start was known.
  private func whole() throws(ConcordError) -> Signal<Scalar> {
    var samples = SharedBuffer<Scalar>(uninitializedCount: heldCount)
    samples.copyElements(0..<heldCount, of: held, to: 0)
    let signal = Signal<Scalar>(shape: Shape(count: heldCount), buffer: samples)
    return try ConvolutionPlan(
      image: signal.shape, kernel: contents.taps, operation,
      options: StreamContents<Scalar>.whole(options))(signal)
  }
}

extension ConvolutionStream: CustomStringConvertible {
  /// What is computed, and how.
  public var description: String {
    "\(operation.rawValue) of a stream with \(contents.taps.count) taps, \(options.mode.rawValue), "
      + "\(options.boundary), \(Scalar.self): \(strategy) in blocks of \(blockCount)"
  }
}
