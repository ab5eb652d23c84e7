public import ConcordArrays
import ConcordBackends

/// The numbers that a convolution is computed in.
public enum SampleKind: String, Hashable, Sendable, CaseIterable {
  /// Single precision.
  case float
  /// Double precision.
  case double
  /// Complex numbers of single precision.
  case complexFloat
  /// Complex numbers of double precision.
  case complexDouble
}

/// What a convolution would cost, and how it would be computed, before there is any data.
///
///     let forecast = try ConvolutionForecast(
///       image: [2048, 2048], kernel: [31, 31], .convolution, samples: .float)
///     print(forecast.choice.strategy, forecast.choice.seconds)
///
/// The kernel is taken to hold finite numbers; ``ConvolutionPlan`` decides the same for such a one.
/// Whether it is a sum of products, or all its elements are equal, can't be known without it, but may
/// be told.
public struct ConvolutionForecast: Hashable, Sendable {
  /// The extents of the result.
  public let outputShape: [Int]
  /// Every strategy that would be considered with its predicted cost, fastest first.
  public let candidates: [StrategyEstimate]
  /// The one that would be chosen.
  public let choice: StrategyEstimate

  /// Predicts the cost for the extents of image and kernel, outermost first.
  ///
  /// - Parameters:
  ///   - image: The extents of the image.
  ///   - kernel: The extents of the kernel.
  ///   - operation: Whether the kernel is mirrored.
  ///   - samples: The numbers that are computed in.
  ///   - separableTerms: Of how many products of one factor for each axis the kernel is a sum; nil
  ///     for one that is no such sum.
  ///   - equalElements: Whether all elements of the kernel are equal.
  ///   - options: What is asked for.
  /// - Throws: ``ConcordError`` if the numbers of axes differ or are not 1 to 3, an extent is below
  ///   1, the sizes are beyond 2³⁶ elements, or nothing can serve under the options.
  public init(
    image: [Int], kernel: [Int], _ operation: ConvolutionOperation, samples: SampleKind,
    separableTerms: Int? = nil, equalElements: Bool = false,
    options: ConvolutionOptions = ConvolutionOptions()
  ) throws(ConcordError) {
    guard (1...3).contains(image.count) else {
      throw .outOfRange(what: "axes of the image", found: Double(image.count), allowed: "1 to 3")
    }
    guard kernel.count == image.count else {
      throw .outOfRange(
        what: "axes of the kernel", found: Double(kernel.count),
        allowed: "\(image.count) as the image has")
    }
    for extent in image + kernel where extent < 1 {
      throw .outOfRange(what: "an extent", found: Double(extent), allowed: "at least 1")
    }
    let elements = zip(image, kernel).reduce(1.0) { $0 * (Double($1.0) + Double($1.1)) }
    guard elements < 0x1p36, image.count < 3 || image[0] + kernel[0] < 1 << 24 else {
      throw .outOfRange(
        what: "the elements of image and kernel together", found: elements, allowed: "below 2^36")
    }
    if let separableTerms, separableTerms < 1 {
      throw .outOfRange(
        what: "separable terms", found: Double(separableTerms), allowed: "at least 1")
    }
    let geometry = try ConvolutionGeometry(
      image: image, kernel: kernel, operation: operation, options: options)
    var problem = ConvolutionProblem(
      geometry: geometry, isDouble: samples == .double || samples == .complexDouble,
      isComplex: samples == .complexFloat || samples == .complexDouble, kernelIsFinite: true,
      separableTerms: separableTerms ?? (equalElements ? 1 : nil),
      threads: options.threadCount)
    problem.isBox = equalElements
    problem.isTermwise =
      options.exactness == .local && (problem.isComplex || geometry.renormalizes)
    problem.isLocal = options.exactness == .local && !problem.isTermwise
    outputShape = (0..<image.count).map { geometry.output[$0 + 3 - image.count] }
    candidates = ConvolutionPlanner.candidates(for: problem)
    choice = try ConvolutionPlanner.choose(for: problem, options: options)
  }
}
