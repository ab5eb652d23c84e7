import Concord
import ConcordFiles

/// One pass over a signal in a file, whose result comes in pieces.
struct SignalPass<S: RealScalar & CommandElement> {
  private let signal: FileArray
  private let operation: KernelOperation
  private let stream: ConvolutionStream<S>
  /// For the rule 'wrap', the samples of the end that go before the start, and of the start that go
  /// behind the end; a file has both.
  private let wrapped: (before: Int, behind: Int)

  init(
    signal: FileArray, taps: Signal<S>, operation: KernelOperation
  ) throws(ConcordError) {
    self.signal = signal
    self.operation = operation
    var options = operation.options
    if options.boundary == .wrap && options.mode != .valid {
      let whole = try ConvolutionPlan(
        image: Shape(count: signal.count),
        kernel: Signal<S>(Array(repeating: 1, count: taps.count)),
        operation.operation, options: Self.unplanned(options))
      let before = -whole.firstLag(axis: 0)
      wrapped = (before, whole.outputShape[0] - signal.count + taps.count - 1 - before)
      options.mode = .valid
    } else {
      wrapped = (0, 0)
    }
    stream = try ConvolutionStream(taps: taps, operation.operation, options: options)
  }

  var algorithm: String { stream.strategy.algorithm.rawValue }

  func outputCount() throws(ConcordError) -> Int {
    try stream.outputCount(forSamples: wrapped.before + signal.count + wrapped.behind)
  }

  func steps(of piece: Int) -> Int { (signal.count + piece - 1) / piece }

  /// Filters the signal, and returns the seconds that took, reading and writing excluded.
  func run(
    pieces count: Int, _ progress: Progress,
    write: (Signal<S>) throws(ConcordError) -> Void
  ) throws(ConcordError) -> Double {
    var stream = stream
    var seconds = 0.0
    let clock = ContinuousClock()
    func push(_ range: Range<Int>) throws(ConcordError) {
      let samples: Signal<S> = try signal.signal(in: range)
      signal.releaseMemory(of: range)
      let start = clock.now
      let result = finished(try progress.watching { stream.push(samples) })
      seconds += (clock.now - start).inSeconds
      if result.count > 0 { try write(result) }
    }
    if wrapped.before > 0 { try push((signal.count - wrapped.before)..<signal.count) }
    for first in stride(from: 0, to: signal.count, by: count) {
      try push(first..<min(first + count, signal.count))
      progress.step()
    }
    if wrapped.behind > 0 { try push(0..<wrapped.behind) }
    let start = clock.now
    let last = finished(try stream.finish())
    seconds += (clock.now - start).inSeconds
    try write(last)
    return seconds
  }

  private func finished(_ result: Signal<S>) -> Signal<S> {
    var result = result
    if !operation.isPlain {
      result *= S(operation.scale)
      result += S(operation.offset)
    }
    return result
  }

  /// The sizes alone are of interest.
  private static func unplanned(_ options: ConvolutionOptions) -> ConvolutionOptions {
    var result = options
    result.algorithm = .direct
    result.effort = .estimate
    return result
  }
}
