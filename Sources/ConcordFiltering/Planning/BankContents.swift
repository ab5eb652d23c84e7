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

  /// Prepares kernels, channel by channel.
  init(
    image: [Int], kernel: [Int], parts: [SharedBuffer<Scalar>], channels: Int, stride: [Int],
    _ operation: ConvolutionOperation, _ options: ConvolutionOptions
  ) throws(ConcordError) {
    try options.checkUnassured("a bank of kernels")
    let geometry = try ConvolutionGeometry(
      image: image, kernel: kernel, operation: operation, options: options)
    let problem = BankProblem(
      single: ConvolutionProblem(
        geometry: geometry, isDouble: Scalar.self == Double.self,
        kernelIsFinite: parts.allSatisfy { Scalar.allFinite($0.span) },
        threads: options.threadCount),
      stride: try Self.extents(of: stride, axes: image.count), channels: channels,
      kernels: parts.count / channels)
    self.operation = operation
    self.options = options
    self.problem = problem
    candidates = BankPlanner.candidates(for: problem)
    choice = try BankPlanner.choose(for: problem, options: options)
    engine = try BankEngine(
      weights: Self.joined(parts, count: geometry.kernel.count, mirrors: operation == .convolution),
      problem: problem, strategy: choice.strategy,
      threads: CostModel.current.usefulThreads(choice.strategy, for: problem))
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
