import ConcordArrays
import ConcordFiltering
import ConcordTestSupport
import NaiveReference

/// One way to ask for a convolution, for the engine and for the oracle.
struct FilterCase: Sendable, CustomStringConvertible {
  let operation: ConvolutionOperation
  let options: ConvolutionOptions
  let naive: NaiveFilter

  init(
    _ operation: ConvolutionOperation, _ mode: ConvolutionMode, _ boundary: Boundary = .zero,
    anchor: AnchorCase = AnchorCase(.scipy, .scipy)
  ) {
    self.operation = operation
    var options = ConvolutionOptions(mode: mode, boundary: boundary)
    options.anchor = anchor.anchor
    options.origin = anchor.origin
    options.effort = .estimate
    options.threads = 1
    self.options = options
    let naiveMode: NaiveMode =
      switch mode {
      case .full: .full
      case .same: .same
      case .valid: .valid
      }
    naive = NaiveFilter(
      operation == .convolution ? .convolution : .correlation, mode: naiveMode,
      boundary: NaiveBoundary(boundary), centring: anchor.centring)
  }

  /// Whether weights are to be positive, because sums of those inside are divided by.
  var divides: Bool { options.boundary == .renormalize }

  /// Both operations in every mode, with every boundary that has a meaning, and in mode 'same'
  /// every anchor.
  static func all(kernel: [Int]) -> [FilterCase] {
    var cases: [FilterCase] = []
    for operation in [ConvolutionOperation.convolution, .correlation] {
      cases.append(FilterCase(operation, .valid))
      for boundary in Boundary.all {
        cases.append(FilterCase(operation, .full, boundary))
        for anchor in AnchorCase.all(kernel: kernel) {
          cases.append(FilterCase(operation, .same, boundary, anchor: anchor))
        }
      }
    }
    return cases
  }

  /// Both operations in every mode and with every boundary, with SciPy's anchor.
  static var withoutAnchors: [FilterCase] {
    [ConvolutionOperation.convolution, .correlation].flatMap { operation in
      [FilterCase(operation, .valid)]
        + Boundary.all.flatMap {
          [FilterCase(operation, .full, $0), FilterCase(operation, .same, $0)]
        }
    }
  }

  var description: String {
    "\(operation.rawValue) \(options.mode) \(options.boundary) \(options.anchor) "
      + "\(options.origin)"
  }
}

/// An anchor and origin, and the oracle's word for both.
struct AnchorCase: Sendable {
  let anchor: KernelAnchor
  let origin: [Int]
  let centring: NaiveCentring

  init(_ anchor: KernelAnchor, _ centring: NaiveCentring, origin: [Int] = []) {
    self.anchor = anchor
    self.centring = centring
    self.origin = origin
  }

  static func all(kernel: [Int]) -> [AnchorCase] {
    let first = kernel.map { -($0 / 2) }
    let last = kernel.map { ($0 - 1) / 2 }
    // A different tap along each axis, so that swapped axes don't go unseen.
    let mixed = kernel.indices.map { axis in
      axis % 2 == 0 ? kernel[axis] - 1 : kernel[axis] / 3
    }
    return [
      AnchorCase(.scipy, .scipy), AnchorCase(.correlate2d, .correlate2d),
      AnchorCase(.opencv, .opencv), AnchorCase(.matlab, .matlab),
      AnchorCase(.ndimage, .ndimage(origin: kernel.map { _ in 0 })),
      AnchorCase(.ndimage, .ndimage(origin: first), origin: first),
      AnchorCase(.ndimage, .ndimage(origin: last), origin: last),
      AnchorCase(.index(mixed), .index(mixed)),
    ]
  }
}
