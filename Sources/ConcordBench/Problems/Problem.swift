import ArgumentParser
package import Concord
import Foundation

/// What is to be computed, in words that every contender understands.
package struct Problem: Codable, Hashable, Sendable {
  /// The kinds of computation.
  package enum Operation: String, Codable, CaseIterable, Sendable {
    case convolve, correlate, gaussian, match, median
    /// The best score of many templates at each place.
    case matchMany = "match-many"
    case boxMean = "box-mean"
    /// The sum of a² - b² over a window.
    case squareDifference = "square-difference"
    /// Pearson's coefficient of every row of a matrix with every row of another, and of one with itself.
    case rowPearson = "row-pearson"
    case ownRowPearson = "own-row-pearson"
    /// A template of which a disc counts, by the coefficient of correlation and by the cosine.
    case maskedMatch = "masked-match"
    case maskedCosine = "masked-cosine"
    /// The coefficient of correlation of two frames at all displacements, both with the same holes.
    case maskedCorrelation = "masked-correlation"
  }

  package var operation: Operation
  /// The extents of the image or signal.
  package var image: [Int]
  /// The extents of the kernel, the template, the window or the second matrix.
  package var kernel: [Int]
  package var precision: Precision
  package var mode: String
  package var boundary: String
  package var sigma: Double?
  /// How many templates there are, where there are many.
  package var count: Int?

  package init(
    _ operation: Operation, image: [Int], kernel: [Int], precision: Precision = .float,
    mode: ConvolutionMode = .same, boundary: Boundary = .zero
  ) {
    self.operation = operation
    self.image = image
    self.kernel = kernel
    self.precision = precision
    self.mode = mode.rawValue
    self.boundary = boundary.description
  }

  /// A Gaussian whose taps reach four sigma.
  package init(
    gaussian sigma: Double, image: [Int], precision: Precision = .float, boundary: Boundary
  ) {
    let extent = 2 * Self.radius(sigma) + 1
    self.init(
      .gaussian, image: image, kernel: image.map { _ in extent }, precision: precision,
      boundary: boundary)
    self.sigma = sigma
  }

  /// Many templates of one shape in a scene.
  package init(
    matching count: Int, templates: [Int], scene: [Int], precision: Precision = .float
  ) {
    self.init(.matchMany, image: scene, kernel: templates, precision: precision, mode: .valid)
    self.count = count
  }

  /// As SciPy rounds it.
  static func radius(_ sigma: Double) -> Int { Int(4 * sigma + 0.5) }

  var convolutionMode: ConvolutionMode { ConvolutionMode(rawValue: mode) ?? .same }
  var boundaryRule: Boundary { Boundary(boundary) ?? .zero }

  /// The extents of the result.
  package var output: [Int] {
    if comparesRows { return [image[0], kernel[0]] }
    return zip(image, kernel).map { image, kernel in
      switch convolutionMode {
      case .full: image + kernel - 1
      case .same: image
      case .valid: abs(image - kernel) + 1
      }
    }
  }

  /// Whether it is rows of matrices that are compared.
  var comparesRows: Bool { operation == .rowPearson || operation == .ownRowPearson }

  /// Whether results are scores of templates, which have a size of their own: 1.
  var isMatch: Bool { operation == .match || operation == .matchMany || isMasked }

  /// Whether masks say what counts.
  var isMasked: Bool {
    operation == .maskedMatch || operation == .maskedCosine || operation == .maskedCorrelation
  }

  /// What counts of the kernel: a disc, or what has no holes.
  package var templateMask: Mask<2> {
    let (rows, columns) = (kernel[0], kernel[1])
    if operation == .maskedCorrelation { return Self.frameMask(rows, columns) }
    return Mask<2>(shape: [rows, columns]) {
      let (y, x) = ((2 * $0.row + 1 - rows) * columns, (2 * $0.column + 1 - columns) * rows)
      return y * y + x * x <= rows * rows * columns * columns
    }
  }

  /// What counts of the image; nil for all of it.
  package var sceneMask: Mask<2>? {
    operation == .maskedCorrelation ? Self.frameMask(image[0], image[1]) : nil
  }

  /// The least overlap of frames, as scikit-image has it if nothing is said.
  package static var leastOverlap: Double { 0.3 }

  private static func frameMask(_ rows: Int, _ columns: Int) -> Mask<2> {
    Mask<2>(shape: [rows, columns]) { ($0.row / 16 + $0.column / 16) % 8 != 0 }
  }

  /// How many numbers come out.
  package var outputCount: Int { output.reduce(1, *) }

  /// The bytes of image, kernel or second image, and result.
  package var dataBytes: Int {
    let image = image.reduce(1, *)
    let other: Int
    switch operation {
    case .convolve, .correlate, .match, .rowPearson, .maskedMatch, .maskedCosine,
      .maskedCorrelation:
      other = kernel.reduce(1, *)
    case .matchMany: other = (count ?? 1) * kernel.reduce(1, *)
    case .squareDifference: other = image
    case .gaussian, .boxMean, .median, .ownRowPearson: other = 0
    }
    return (image + other + outputCount) * (precision == .float ? 4 : 8)
  }

  /// What a Gaussian may be off by where a library takes that: less than what truncation at four sigma
  /// costs along a single axis, 1.27e-4.
  package var gaussianTolerance: Double { 1.2e-4 }

  /// The largest error, relative to the size of the results, that is taken for rounding.
  ///
  /// Gaussians may be cut or approximated as far as four sigma allow: the weight beyond is 6e-5.
  package var errorLimit: Double {
    switch (operation, precision) {
    case (.gaussian, .float): 1.5e-4
    case (.gaussian, .double): 1.3e-4
    case (_, .float): 1e-4
    case (_, .double): 1e-11
    }
  }

  /// What distinguishes the problem besides its sizes: problems that share it lie on one curve.
  package var setting: String {
    switch operation {
    case .convolve, .correlate:
      "\(operation == .convolve ? "convolution" : "correlation"), \(image.count)-D, \(mode)"
        + (mode == "same" ? ", boundary \(boundary)" : "")
    case .gaussian: "Gaussian, boundary \(boundary)"
    case .match: "normalized cross-correlation"
    case .matchMany: "best normalized cross-correlation of \(count ?? 1) templates"
    case .maskedMatch: "normalized cross-correlation under a disc"
    case .maskedCosine: "cosine under a disc"
    case .maskedCorrelation: "masked normalized cross-correlation"
    case .median: "median, boundary \(boundary)"
    case .boxMean: "box mean, boundary \(boundary)"
    case .squareDifference: "window sum of a² - b², boundary \(boundary)"
    case .rowPearson: "Pearson's coefficient of rows"
    case .ownRowPearson: "Pearson's coefficient of rows with each other"
    }
  }

  /// The problem in one line.
  package var title: String {
    func size(_ extents: [Int]) -> String {
      Set(extents).count == 1 && extents.count > 1
        ? "\(extents[0])\(["", "", "²", "³"][min(extents.count, 3)])"
        : extents.map(String.init).joined(separator: "×")
    }
    let kernel = sigma.map { "sigma \($0.formatted())" } ?? size(kernel)
    return "\(setting): \(size(image)) with \(kernel), \(precision.rawValue)"
  }
}

/// The type of the elements.
package enum Precision: String, ExpressibleByArgument, CaseIterable, Codable, Sendable {
  case float
  case double
}
