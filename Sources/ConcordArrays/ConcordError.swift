/// What went wrong, with what was expected and what was found.
///
/// Every throwing call of Concord throws this type. ``description`` is one line for a person.
public enum ConcordError: Error, Equatable, Sendable {
  /// Two arrays that must have one shape differ.
  case shapesDiffer(expected: [Int], found: [Int])
  /// A list of elements doesn't fill the shape.
  case elementCount(expected: Int, found: Int)
  /// An array has no elements where at least one is needed.
  case empty(what: String)
  /// The inner extents of two matrices differ.
  case rowLengthsDiffer(expected: Int, found: Int)
  /// 'valid' needs one of the two arrays to be at least as large as the other along every axis.
  case validNeedsDominance(image: [Int], kernel: [Int])
  /// A template or window is larger than what it is looked for in.
  case exceeds(what: String, extents: [Int], limit: [Int])
  /// A region reaches outside the array.
  case outside(region: [Range<Int>], shape: [Int])
  /// A number lies outside the range that has a meaning.
  case outOfRange(what: String, found: Double, allowed: String)
  /// The anchor or origin puts the kernel's centre outside the kernel.
  case anchorOutsideKernel(anchor: [Int], kernel: [Int])
  /// Weights that sum to zero cannot be rescaled to their sum.
  case weightsSumToZero
  /// A boundary rule has no meaning for what is asked.
  case boundaryCannotServe(boundary: Boundary, why: String)
  /// The template has no contrast, so that no score is defined.
  case flatTemplate
  /// The template holds NaN or infinity.
  case templateNotFinite
  /// A forced algorithm cannot serve this problem.
  case algorithmCannotServe(algorithm: String, why: String)
  /// The work would need more memory than allowed.
  case memoryLimit(needed: Int, limit: Int)
  /// A result that was to be verified differs from its definition by more than rounding.
  case verificationFailed(error: Double, bound: Double)
  /// A file can't be read, written or understood.
  case file(path: String, problem: String)
  /// An expression can't be understood.
  case expression(text: String, problem: String)
}

extension ConcordError: CustomStringConvertible {
  /// One line that names what was expected and what was found.
  public var description: String {
    switch self {
    case .shapesDiffer(let expected, let found):
      "shapes differ: expected \(text(expected)), found \(text(found))"
    case .elementCount(let expected, let found):
      "expected \(expected) elements, found \(found)"
    case .empty(let what):
      "\(what) is empty: expected at least one element, found none"
    case .rowLengthsDiffer(let expected, let found):
      "row lengths differ: expected rows of \(expected) elements, found \(found)"
    case .validNeedsDominance(let image, let kernel):
      "mode 'valid' expects one array to be at least as large as the other along every axis, "
        + "found \(text(image)) and \(text(kernel))"
    case .exceeds(let what, let extents, let limit):
      "\(what) is too large: expected at most \(text(limit)), found \(text(extents))"
    case .outside(let region, let shape):
      "region [\(region.map { "\($0)" }.joined(separator: ", "))] expected inside "
        + "\(text(shape)), found reaching outside"
    case .outOfRange(let what, let found, let allowed):
      "\(what): expected \(allowed), found \(found)"
    case .anchorOutsideKernel(let anchor, let kernel):
      "the kernel's centre: expected an index inside \(text(kernel)), found "
        + "(\(anchor.map(String.init).joined(separator: ", ")))"
    case .weightsSumToZero:
      "boundary 'renormalize' expects weights with a sum other than 0, found a sum of 0"
    case .boundaryCannotServe(let boundary, let why):
      "boundary '\(boundary)' cannot serve here: \(why)"
    case .flatTemplate:
      "the template is flat: expected some contrast, found one value everywhere"
    case .templateNotFinite:
      "the template: expected finite values, found NaN or infinity"
    case .algorithmCannotServe(let algorithm, let why):
      "algorithm '\(algorithm)' cannot serve here: \(why)"
    case .memoryLimit(let needed, let limit):
      "memory limit: expected at most \(limit) bytes, found a need of \(needed)"
    case .verificationFailed(let error, let bound):
      "verification: expected an error of at most \(bound), found \(error)"
    case .file(let path, let problem):
      "\(path): \(problem)"
    case .expression(let text, let problem):
      "expression '\(text)': \(problem)"
    }
  }

  private func text(_ extents: [Int]) -> String {
    extents.map(String.init).joined(separator: " × ")
  }
}
