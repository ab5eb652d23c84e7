import ConcordArrays
import ConcordBackends

/// Makes the sums of integers exact: checks images, computes in Double if need be, and rounds.
struct ExactIntegers<Scalar: RealScalar>: Sendable {
  private let magnitude: Double
  /// Whether sums come from transforms.
  private let rounds: Bool
  private let threads: Int
  /// The engine in Double, where the scalar can't hold every sum or Double is faster.
  private let wide: ConvolutionEngine<Double>?

  /// What the planner settled on.
  struct Choice {
    let estimate: StrategyEstimate
    let rules: IntegerRules
    /// Every strategy that is exact, fastest first.
    let candidates: [StrategyEstimate]
  }

  /// The fastest strategy that is proven to be exact.
  static func choose(
    _ weights: SharedBuffer<Scalar>, magnitude: Double, for problem: ConvolutionProblem,
    options: ConvolutionOptions
  ) throws(ConcordError) -> Choice {
    guard !problem.isComplex else {
      throw .algorithmCannotServe(
        algorithm: "integers", why: "expected a real kernel, found a complex one")
    }
    let rules = try IntegerRules(
      weights: weights, geometry: problem.geometry, magnitude: magnitude)
    var estimates = candidates(for: problem).filter {
      rules.isExact($0.strategy, isDouble: problem.isDouble)
    }
    if !problem.isDouble {
      var wide = problem
      wide.isDouble = true
      estimates += candidates(for: wide).filter { rules.isExact($0.strategy, isDouble: true) }
        .map { widened($0, problem.geometry) }
    }
    let wanted = estimates.filter {
      options.algorithm == .automatic || $0.strategy.algorithm == options.algorithm
    }
    guard let smallest = wanted.map({ $0.bytes }).min() else {
      throw .algorithmCannotServe(
        algorithm: options.algorithm.rawValue,
        why: "expected one that is proven to be exact for integers up to \(Int(magnitude))")
    }
    let fastest = wanted.filter { $0.bytes <= options.workingMemory }
      .min { $0.seconds < $1.seconds }
    guard let fastest else {
      throw .memoryLimit(needed: smallest, limit: options.workingMemory)
    }
    return Choice(
      estimate: fastest, rules: rules, candidates: estimates.sorted { $0.seconds < $1.seconds })
  }

  private static func candidates(for problem: ConvolutionProblem) -> [StrategyEstimate] {
    var dense = problem
    dense.separableTerms = nil
    // Results must not depend on the threads that work.
    dense.threads = problem.processors
    return ConvolutionPlanner.candidates(for: dense)
  }

  /// With two conversions, and room for them.
  private static func widened(
    _ estimate: StrategyEstimate, _ geometry: ConvolutionGeometry
  ) -> StrategyEstimate {
    var result = estimate
    let elements = geometry.image.count + geometry.output.count
    result.seconds += Double(elements) * 1e-9
    result.bytes += elements * MemoryLayout<Double>.stride
    result.isWidened = true
    return result
  }

  /// Prepares what the scalar's own engine doesn't do; `weights` are as the sums use them.
  init(
    _ choice: Choice, weights: SharedBuffer<Scalar>, geometry: ConvolutionGeometry,
    options: ConvolutionOptions
  ) throws(ConcordError) {
    magnitude = choice.rules.magnitude
    rounds = choice.estimate.strategy != .direct
    threads = options.threadCount
    guard choice.estimate.isWidened else {
      wide = nil
      return
    }
    wide = try ConvolutionEngine(
      weights: Samples(real: Self.widened(weights, threads: 1)), mirrors: false, geometry: geometry,
      strategy: choice.estimate.strategy, options: options)
  }

  /// The exact sums; `engine` is the scalar's own.
  func run(
    _ image: SharedBuffer<Scalar>, asImaginaryPart: Bool, by engine: ConvolutionEngine<Scalar>
  ) throws(ConcordError) -> SharedBuffer<Scalar> {
    if let strange = Self.stranger(in: image, magnitude: magnitude, threads: threads) {
      try IntegerRules.check(Double(strange), "an element of the image", limit: magnitude)
    }
    if let wide {
      // The widened image is gone before the result is made.
      let sums = wide.run(
        Samples(real: Self.widened(image, threads: threads)), asImaginaryPart: asImaginaryPart
      ).real
      return Self.narrowed(sums, rounds: rounds, threads: threads)
    }
    var result = engine.run(Samples(real: image), asImaginaryPart: asImaginaryPart).real
    if rounds { Self.round(&result, threads: threads) }
    return result
  }

  /// Pieces that threads share; what becomes of an element doesn't depend on them.
  private static func pieces(_ count: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: 1 << 16).map { $0..<min($0 + 1 << 16, count) }
  }

  /// The first element that is no integer or too large; nil if there is none.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  private static func stranger(
    in image: SharedBuffer<Scalar>, magnitude: Double, threads: Int
  ) -> Scalar? {
    let limit = Scalar(magnitude)
    let pieces = pieces(image.count)
    var places = SharedBuffer<Int>(repeating: -1, count: pieces.count)
    fillRanges(pieces.indices.map { $0..<$0 + 1 }, of: &places, threads: threads) {
    } body: { task, place, _ in
      let pixels = image.span
      for index in pieces[task] {
        let value = pixels[index]
        if !(abs(value) <= limit && value.rounded() == value) {
          place[0] = index
          return
        }
      }
    }
    return (0..<places.count).first { places[$0] >= 0 }.map { image[places[$0]] }
  }

  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  private static func widened(
    _ values: SharedBuffer<Scalar>, threads: Int
  ) -> SharedBuffer<Double> {
    var result = SharedBuffer<Double>(uninitializedCount: values.count)
    let pieces = pieces(values.count)
    fillRanges(pieces, of: &result, threads: threads) {
    } body: { task, out, _ in
      let source = values.span.extracting(pieces[task])
      for index in source.indices { out[index] = Double(source[index]) }
    }
    return result
  }

  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  private static func narrowed(
    _ values: SharedBuffer<Double>, rounds: Bool, threads: Int
  ) -> SharedBuffer<Scalar> {
    var result = SharedBuffer<Scalar>(uninitializedCount: values.count)
    let pieces = pieces(values.count)
    fillRanges(pieces, of: &result, threads: threads) {
    } body: { task, out, _ in
      let source = values.span.extracting(pieces[task])
      // To an integer first, then once to the scalar.
      for index in source.indices {
        out[index] = Scalar(rounds ? source[index].rounded() : source[index])
      }
    }
    return result
  }

  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  private static func round(_ values: inout SharedBuffer<Scalar>, threads: Int) {
    fillRanges(pieces(values.count), of: &values, threads: threads) {
    } body: { _, out, _ in
      for index in out.indices { out[index] = out[index].rounded() }
    }
  }
}
