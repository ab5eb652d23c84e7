import ConcordArrays
import ConcordFiltering
import ConcordTestSupport
import Testing

/// The largest error of any output is bounded by norms.
///
///     |found - exact| ≤ c ε log₂ N ‖f‖₂ ‖k‖₂
///
/// with N elements of image and kernel together. Exact sums are made in twice the digits of Double.
@Suite("Errors keep a bound by the norms of image and kernel", .standardCosts)
struct ErrorBoundTests {
  /// The constant c, the same for all strategies, ranks and precisions.
  private static let constant = 0.5

  private static let algorithms = ConvolutionAlgorithm.allCases.filter { $0 != .automatic }

  /// What images are like: even noise, an offset, and a spot that outshines the rest.
  enum Content: CaseIterable {
    case noise, offset, spot
  }

  @Test("Signals", arguments: algorithms, Content.allCases)
  func signals(algorithm: ConvolutionAlgorithm, content: Content) throws {
    // A line has no factors to look for.
    guard algorithm != .separable else { return }
    try check(Shape(count: 3_000), Shape(count: 67), algorithm, content)
  }

  @Test("Images", arguments: algorithms, Content.allCases)
  func images(algorithm: ConvolutionAlgorithm, content: Content) throws {
    try check(Shape(rows: 61, columns: 70), Shape(rows: 13, columns: 9), algorithm, content)
  }

  @Test("Volumes", arguments: algorithms, Content.allCases)
  func volumes(algorithm: ConvolutionAlgorithm, content: Content) throws {
    try check(
      Shape(planes: 9, rows: 12, columns: 14), Shape(planes: 3, rows: 5, columns: 4), algorithm,
      content)
  }

  private func check<let rank: Int>(
    _ shape: Shape<rank>, _ kernelShape: Shape<rank>, _ algorithm: ConvolutionAlgorithm,
    _ content: Content
  ) throws {
    var samples = RandomSamples(seed: 0xe0)
    var image = samples.real(shape)
    if content == .offset { image += 1000 }
    if content == .spot { image[shape.position(ofIndex: shape.count / 2)] = 1e5 }
    let kernel: NDArray<rank, Float> =
      switch algorithm {
      case .box: NDArray(shape: kernelShape, repeating: 0.3)
      // Products of eighths are exact, so that the kernel has the same factors in Double.
      case .separable:
        try .separable(
          (0..<rank).map { axis in
            samples.real(Shape(count: kernelShape[axis])).map { ($0 * 64).rounded() / 8 }
          })
      default: samples.real(kernelShape)
      }
    let exact = Self.exactSums(image, kernel)
    try compare(image, kernel, algorithm, exact, of: Float.self)
    try compare(image, kernel, algorithm, exact, of: Double.self)
  }

  private func compare<let rank: Int, Scalar: RealScalar>(
    _ image: NDArray<rank, Float>, _ kernel: NDArray<rank, Float>,
    _ algorithm: ConvolutionAlgorithm, _ exact: [(Double, Double)], of scalar: Scalar.Type
  ) throws {
    var options = ConvolutionOptions(mode: .full)
    options.algorithm = algorithm
    options.effort = .estimate
    let weights = kernel.converted(to: Scalar.self)
    let plan = try ConvolutionPlan(
      image: image.shape, kernel: weights, .correlation, options: options)
    try #require(plan.choice.strategy.algorithm == algorithm)
    let found = try plan(image.converted(to: Scalar.self)).elements
    try #require(found.count == exact.count)
    func norm(_ array: NDArray<rank, Float>) -> Double {
      array.elements.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
    let points = Double(image.count + kernel.count)
    let unit =
      Double(Scalar.ulpOfOne) * log2(of: points) * norm(image) * norm(kernel)
    // The low parts of exact sums matter to Double.
    let worst = zip(found, exact).map { abs((Double($0) - $1.0) - $1.1) }.max() ?? .infinity
    #expect(worst <= Self.constant * unit, "\(scalar): \(worst / unit) of the bound's unit")
  }

  private func log2(of value: Double) -> Double {
    Double(value.exponent) + (value.significand - 1)
  }

  /// Correlations in mode 'full', each as a sum and what it lacks.
  private static func exactSums<let rank: Int>(
    _ image: NDArray<rank, Float>, _ kernel: NDArray<rank, Float>
  ) -> [(Double, Double)] {
    let n = Array(repeating: 1, count: 3 - rank) + image.shape.components
    let m = Array(repeating: 1, count: 3 - rank) + kernel.shape.components
    let (pixels, taps) = (image.elements, kernel.elements)
    let output = (0..<3).map { n[$0] + m[$0] - 1 }
    var sums: [(Double, Double)] = []
    sums.reserveCapacity(output.reduce(1, *))
    for i in 0..<output[0] {
      for j in 0..<output[1] {
        for k in 0..<output[2] {
          var (high, low) = (0.0, 0.0)
          for p in max(0, m[0] - 1 - i)..<min(m[0], n[0] + m[0] - 1 - i) {
            for q in max(0, m[1] - 1 - j)..<min(m[1], n[1] + m[1] - 1 - j) {
              let row = ((i + p - m[0] + 1) * n[1] + j + q - m[1] + 1) * n[2] + k - m[2] + 1
              let line = (p * m[1] + q) * m[2]
              for r in max(0, m[2] - 1 - k)..<min(m[2], n[2] + m[2] - 1 - k) {
                // A product of two Floats is a Double; what a sum loses is kept.
                let term = Double(pixels[row + r]) * Double(taps[line + r])
                let sum = high + term
                let part = sum - high
                low += (high - (sum - part)) + (term - part)
                high = sum
              }
            }
          }
          sums.append((high, low))
        }
      }
    }
    return sums
  }
}
