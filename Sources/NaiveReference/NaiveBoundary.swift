/// How an array goes on beyond its edges.
///
/// Beside the signal `abcd` stands
///
///     constant(k)   kkkkkk|abcd|kkkkkk
///     replicate     aaaaaa|abcd|dddddd
///     symmetric     cddcba|abcd|dcbaab
///     reflect       abcdcb|abcd|cbabcd
///     wrap          cdabcd|abcd|abcdab
///     renormalize   nothing: the weights inside are rescaled to the sum of all weights
public enum NaiveBoundary: Hashable, Sendable {
  /// A fixed value.
  case constant(Double)
  /// The nearest element.
  case replicate
  /// A mirror beside the edge element.
  case symmetric
  /// A mirror on the edge element.
  case reflect
  /// The array repeated.
  case wrap
  /// Nothing: the weights inside are rescaled to the sum of all weights.
  case renormalize

  /// Zeros beyond the edges.
  public static let zero = NaiveBoundary.constant(0)

  /// One case of each rule, for tests that go through all of them.
  public static let all: [NaiveBoundary] = [
    .zero, .constant(2.5), .replicate, .symmetric, .reflect, .wrap, .renormalize,
  ]

  /// The index inside `0..<extent` that any index stands for; nil where no element does.
  ///
  /// Mirrors reflect the index at one edge after the other until it lies inside, and the period is
  /// added or subtracted as often as needed.
  public func index(_ index: Int, extent: Int) -> Int? {
    var i = index
    if (0..<extent).contains(i) { return i }
    switch self {
    case .constant, .renormalize:
      return nil
    case .replicate:
      return i < 0 ? 0 : extent - 1
    case .symmetric:
      while !(0..<extent).contains(i) { i = i < 0 ? -1 - i : 2 * extent - 1 - i }
    case .reflect:
      if extent == 1 { return 0 }
      while !(0..<extent).contains(i) { i = i < 0 ? -i : 2 * extent - 2 - i }
    case .wrap:
      while i < 0 { i += extent }
      while i >= extent { i -= extent }
    }
    return i
  }

  /// What stands where ``index(_:extent:)`` names no element.
  var fill: Double {
    if case .constant(let value) = self { return value }
    return 0
  }
}

extension NaiveArray {
  /// The array with so many elements more before and after it along each axis.
  ///
  /// `renormalize` has no elements outside; zeros stand there.
  public func extended(before: [Int], after: [Int], boundary: NaiveBoundary) -> NaiveArray {
    let source = threeAxes(shape)
    let front = Array(repeating: 0, count: 3 - shape.count) + before
    let back = Array(repeating: 0, count: 3 - shape.count) + after
    let inside = (0..<3).map { axis in
      (-front[axis]..<source[axis] + back[axis]).map {
        boundary.index($0, extent: source[axis])
      }
    }
    var result: [Double] = []
    for plane in inside[0] {
      for row in inside[1] {
        for column in inside[2] {
          if let plane, let row, let column {
            result.append(values[(plane * source[1] + row) * source[2] + column])
          } else {
            result.append(boundary.fill)
          }
        }
      }
    }
    return NaiveArray(
      shape: shape.indices.map { before[$0] + shape[$0] + after[$0] }, values: result)
  }
}

extension NaiveComplexArray {
  /// The array with so many elements more before and after it; the constant is real.
  func extended(before: [Int], after: [Int], boundary: NaiveBoundary) -> NaiveComplexArray {
    var imaginaryBoundary = boundary
    if case .constant = boundary { imaginaryBoundary = .zero }
    return NaiveComplexArray(
      real: real.extended(before: before, after: after, boundary: boundary),
      imaginary: imaginary.extended(before: before, after: after, boundary: imaginaryBoundary))
  }
}
