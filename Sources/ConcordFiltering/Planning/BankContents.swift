import ConcordArrays
import ConcordBackends

/// What a bank refers to: no layout depends on the rank.
final class BankContents<Scalar: RealScalar>: Sendable {
  let operation: ConvolutionOperation
  let options: ConvolutionOptions
  let problem: BankProblem
  let candidates: [StrategyEstimate]
  let choice: StrategyEstimate
  let engine: BankEngine<Scalar>

  /// The kernels' elements as engines take them: mirrored if need be, kernel by kernel.
  private let weights: SharedBuffer<Scalar>
  /// The extents of the kernels along the image's axes.
  private let kernel: [Int]

  /// Prepares kernels, channel by channel.
  convenience init(
    image: [Int], kernel: [Int], parts: [SharedBuffer<Scalar>], channels: Int, stride: [Int],
    _ operation: ConvolutionOperation, _ options: ConvolutionOptions
  ) throws(ConcordError) {
    try options.checkUnassured("a bank of kernels")
    let steps = try Self.extents(of: stride, axes: image.count)
    try self.init(
      image: image, kernel: kernel,
      weights: Self.joined(
        parts, count: kernel.reduce(1, *), mirrors: operation == .convolution),
      channels: channels, kernels: parts.count / channels, stride: steps, operation, options)
  }

  /// Prepares the same kernels for images of other extents.
  convenience init(resizing other: BankContents, image: [Int]) throws(ConcordError) {
    let sizes = other.problem.sizes
    try self.init(
      image: image, kernel: other.kernel, weights: other.weights, channels: sizes.channels,
      kernels: sizes.kernels, stride: sizes.stride, other.operation, other.options)
  }

  private init(
    image: [Int], kernel: [Int], weights: SharedBuffer<Scalar>, channels: Int, kernels: Int,
    stride: Extents, _ operation: ConvolutionOperation, _ options: ConvolutionOptions
  ) throws(ConcordError) {
    let geometry = try ConvolutionGeometry(
      image: image, kernel: kernel, operation: operation, options: options)
    let problem = BankProblem(
      single: ConvolutionProblem(
        geometry: geometry, isDouble: Scalar.self == Double.self,
        kernelIsFinite: Scalar.allFinite(weights.span), threads: options.threadCount),
      stride: stride, channels: channels, kernels: kernels)
    self.operation = operation
    self.options = options
    self.problem = problem
    self.weights = weights
    self.kernel = kernel
    candidates = BankPlanner.candidates(for: problem)
    (choice, engine) = try StrategyRace.settle(
      BankPlanner.finalists(for: problem, options: options)
    ) { (choice) throws(ConcordError) in
      try BankEngine(
        weights: weights, problem: problem, strategy: choice.strategy,
        threads: CostModel.current.usefulThreads(choice.strategy, for: problem))
    } input: {
      [SharedBuffer](repeating: Samples<Scalar>.zeros(geometry.image).real, count: channels)
    } run: {
      _ = $0.run($1)
    }
  }

  /// The strides as three axes.
  private static func extents(of stride: [Int], axes: Int) throws(ConcordError) -> Extents {
    guard !stride.isEmpty else { return Extents(1, 1, 1) }
    guard stride.count == axes else {
      throw .elementCount(expected: axes, found: stride.count)
    }
    for step in stride where step < 1 {
      throw .outOfRange(what: "stride", found: Double(step), allowed: "at least 1")
    }
    return Extents { $0 < 3 - axes ? 1 : stride[$0 - (3 - axes)] }
  }

  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  private static func joined(
    _ parts: [SharedBuffer<Scalar>], count: Int, mirrors: Bool
  ) -> SharedBuffer<Scalar> {
    var result = SharedBuffer<Scalar>(uninitializedCount: parts.count * count)
    var out = result.mutableSpan
    for (number, part) in parts.enumerated() {
      let taps = part.span
      for index in 0..<count {
        out[number * count + (mirrors ? count - 1 - index : index)] = taps[index]
      }
    }
    return result
  }
}
