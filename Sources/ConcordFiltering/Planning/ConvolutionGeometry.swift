package import ConcordArrays
package import ConcordBackends

/// Whether the kernel is mirrored, and complex ones conjugated.
public enum ConvolutionOperation: String, Hashable, Sendable {
  /// `out[n] = Σ k[j] f[n - j]`
  case convolution
  /// `out[n] = Σ conj(k[j]) f[n + j]`
  case correlation
}

/// The one form that every mode, anchor and boundary comes down to.
///
///     out[p] = Σ w[t] F[p + t + offset],   p in 0 ..< output,   t in 0 ..< kernel
///
/// F is the image with its extension beyond the edges; w is the kernel, mirrored for a convolution.
/// So `p + offset` is the lag of a correlation's output.
package struct ConvolutionGeometry: Hashable, Sendable {
  package var image: Extents
  package var kernel: Extents
  package var output: Extents
  package var offset: Extents
  package var edges: Extension
  /// Whether sums are to be rescaled to the weights that fell inside the image.
  package var renormalizes: Bool

  package init(
    image: [Int], kernel: [Int], operation: ConvolutionOperation, options: ConvolutionOptions
  ) throws(ConcordError) {
    for (what, extents) in [("the image", image), ("the kernel", kernel)]
    where extents.contains(0) {
      throw .empty(what: what)
    }
    try Self.checkSize(image: image, kernel: kernel)
    let centre = try Self.centre(kernel: kernel, operation: operation, options: options)
    let swaps =
      options.lags.isEmpty
      ? try Self.validSwaps(image: image, kernel: kernel, mode: options.mode) : false
    self.image = Self.threeAxes(image, filler: 1)
    self.kernel = Self.threeAxes(kernel, filler: 1)
    var output: [Int] = []
    var offset: [Int] = []
    for axis in image.indices {
      let (n, m) = (image[axis], kernel[axis])
      switch options.mode {
      case .full:
        output.append(n + m - 1)
        offset.append(-(m - 1))
      case .same:
        output.append(n)
        offset.append(operation == .correlation ? -centre[axis] : centre[axis] - (m - 1))
      case .valid:
        output.append(abs(n - m) + 1)
        offset.append(swaps ? n - m : 0)
      }
    }
    if !options.lags.isEmpty {
      try Self.check(options.lags, image: image, kernel: kernel, operation: operation)
      output = options.lags.map(\.count)
      offset = options.lags.map(\.lowerBound)
    }
    let isValid = options.mode == .valid && options.lags.isEmpty
    self.output = Self.threeAxes(output, filler: 1)
    self.offset = Self.threeAxes(offset, filler: 0)
    // A larger kernel in mode 'valid' slides past the image, which is then followed by zeros.
    edges = isValid ? Extension(.constant) : options.boundary.edgeExtension
    renormalizes = !isValid && options.boundary == .renormalize
  }

  /// Whether no output reaches beyond the image.
  package var staysInside: Bool {
    (0..<3).allSatisfy {
      offset[$0] >= 0 && offset[$0] + output[$0] + kernel[$0] - 1 <= image[$0]
    }
  }

  /// The multiply-adds of the direct sum.
  package var multiplyAdds: Double { Double(output.count) * Double(kernel.count) }

  private static func check(
    _ lags: [ClosedRange<Int>], image: [Int], kernel: [Int], operation: ConvolutionOperation
  ) throws(ConcordError) {
    guard operation == .correlation else {
      throw .algorithmCannotServe(
        algorithm: "lags", why: "expected a correlation, found a convolution, which has none")
    }
    guard lags.count == image.count else {
      throw .elementCount(expected: image.count, found: lags.count)
    }
    for (axis, range) in lags.enumerated() {
      let all = -(kernel[axis] - 1)...(image[axis] - 1)
      for lag in [range.lowerBound, range.upperBound] where !all.contains(lag) {
        throw .outOfRange(what: "lag", found: Double(lag), allowed: "\(all)")
      }
    }
  }

  /// Sizes whose products no integer holds are nothing that any machine could compute.
  private static func checkSize(image: [Int], kernel: [Int]) throws(ConcordError) {
    let elements = zip(image, kernel).reduce(1.0) { $0 * (Double($1.0) + Double($1.1)) }
    guard elements < 0x1p56 else {
      throw .outOfRange(
        what: "the elements of image and kernel together", found: elements, allowed: "below 2^56")
    }
  }

  private static func threeAxes(_ extents: [Int], filler: Int) -> Extents {
    Extents { $0 < 3 - extents.count ? filler : extents[$0 - (3 - extents.count)] }
  }

  /// Whether 'valid' has the kernel as the larger of the two, along every axis.
  private static func validSwaps(
    image: [Int], kernel: [Int], mode: ConvolutionMode
  ) throws(ConcordError) -> Bool {
    guard mode == .valid else { return false }
    if zip(image, kernel).allSatisfy({ $0 >= $1 }) { return false }
    if zip(image, kernel).allSatisfy({ $0 <= $1 }) { return true }
    throw .validNeedsDominance(image: image, kernel: kernel)
  }

  private static func centre(
    kernel: [Int], operation: ConvolutionOperation, options: ConvolutionOptions
  ) throws(ConcordError) -> [Int] {
    let origin = options.origin.isEmpty ? kernel.map { _ in 0 } : options.origin
    guard origin.count == kernel.count else {
      throw .elementCount(expected: kernel.count, found: origin.count)
    }
    var base = kernel.map { options.anchor.centre(of: $0, in: operation) }
    if case .index(let index) = options.anchor {
      guard index.count == kernel.count else {
        throw .elementCount(expected: kernel.count, found: index.count)
      }
      base = index
    }
    let centre = zip(base, origin).map { $0 + $1 }
    guard zip(centre, kernel).allSatisfy({ $0 >= 0 && $0 < $1 }) else {
      throw .anchorOutsideKernel(anchor: centre, kernel: kernel)
    }
    return centre
  }
}

extension KernelAnchor {
  /// The centre of an axis with `extent` elements; 0 for explicit indices.
  func centre(of extent: Int, in operation: ConvolutionOperation) -> Int {
    let isCorrelation = operation == .correlation
    return switch self {
    case .scipy: isCorrelation ? extent / 2 : (extent - 1) / 2
    case .correlate2d: (extent - 1) / 2
    case .ndimage, .opencv: extent / 2
    case .matlab: isCorrelation ? (extent - 1) / 2 : extent / 2
    case .index: 0
    }
  }
}
