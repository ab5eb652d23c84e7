public import ConcordArrays
import ConcordBackends

extension NDArray where Scalar: RealScalar {
  /// Returns what a reduction makes of the windows of an expression of this image and another.
  ///
  ///     let energy = try first.windowed(
  ///       PixelExpression("a^2 - b^2"), with: second, reduction: .sum, of: [3, 3])
  ///
  /// This array is `a` and the other one `b`. Windows are centred at `extent / 2`, and shrink at the
  /// edges unless another rule is asked for: a mean is divided by the true count.
  ///
  /// Sums and means of `a`, `b`, `a^2`, `b^2`, `a*b` and `a^2 - b^2` are computed in one pass over the
  /// images; other expressions are computed strip by strip.
  ///
  /// - Throws: ``ConcordError`` if the shapes differ, `b` is missing, or the window is empty.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func windowed(
    _ expression: PixelExpression, with other: NDArray? = nil, reduction: WindowReduction,
    of window: Shape<rank>, options: WindowOptions = WindowOptions(boundary: .renormalize)
  ) throws(ConcordError) -> NDArray<rank, Double> {
    try windowed(
      expression, with: other, reduction: reduction, of: window, options: options, as: Double.self)
  }

  /// Returns what ``windowed(_:with:reduction:of:options:)`` returns, in the precision asked for.
  ///
  /// It is computed in Double and rounded once.
  @_specialize(exported:false,kind:partial,where Scalar == Float, Result == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double, Result == Double)
  public func windowed<Result: RealScalar>(
    _ expression: PixelExpression, with other: NDArray? = nil, reduction: WindowReduction,
    of window: Shape<rank>, options: WindowOptions = WindowOptions(boundary: .renormalize),
    as result: Result.Type
  ) throws(ConcordError) -> NDArray<rank, Result> {
    try checkShape(of: other)
    if let (formula, operands) = expression.windowFormula(for: reduction, isPair: other != nil),
      options.boundary.isSameOfTerms(expression)
    {
      let images = operands.map { $0 == .second ? other ?? self : self }
      return try images[0].windows(formula, with: images[1], window, options)
    }
    return try windowed(
      expression, with: other, reduction: reduction, of: window, options: options,
      stripElements: ExpressionStrips.target
    ).converted(to: Result.self)
  }

  private func checkShape(of other: NDArray?) throws(ConcordError) {
    if let other, other.shape != shape {
      throw .shapesDiffer(expected: shape.components, found: other.shape.components)
    }
  }

  /// The same with a given number of elements at a time, which tests make small.
  package func windowed(
    _ expression: PixelExpression, with other: NDArray?, reduction: WindowReduction,
    of window: Shape<rank>, options: WindowOptions, stripElements: Int
  ) throws(ConcordError) -> NDArray<rank, Double> {
    try checkShape(of: other)
    let reach = try options.geometry(image: shape, window: window).kernel[3 - rank]
    let strips = ExpressionStrips(
      extent: shape[0], inner: count / Swift.max(shape[0], 1), reach: reach,
      elements: stripElements)
    guard options.mode == .same, options.boundary != .wrap, strips.count > 1 else {
      return try expression.values(a: self, b: other, threads: options.threads)
        .windowReduced(reduction, of: window, options: options)
    }
    var result = NDArray<rank, Double>(uninitialized: shape)
    for strip in strips.all {
      let part = try expression.values(
        a: rows(strip.input), b: other?.rows(strip.input), threads: options.threads
      ).windowReduced(reduction, of: window, options: options)
      strips.copy(strip, of: part.span, into: &result.buffer)
    }
    return result
  }

  /// A part of the outermost axis, copied.
  private func rows(_ range: Range<Int>) throws(ConcordError) -> NDArray {
    try view.view((0..<rank).map { $0 == 0 ? range : 0..<shape[$0] }).copied()
  }
}

/// How an array is cut along its outermost axis, so that an expression is never computed for all of
/// it at once.
///
/// A strip's input reaches as far beyond its output as windows do. At the array's own edges it ends
/// there too, so the boundary rule applies; where it was cut, the outputs that notice are left out.
private struct ExpressionStrips {
  let extent: Int
  let inner: Int
  let reach: Int
  let elements: Int

  /// Elements of an expression that are computed at a time, unless windows reach further.
  static let target = 1 << 20

  private var height: Int { max(4 * reach, elements / max(inner, 1), 1) }

  var count: Int { extent.parts(of: height) }

  var all: [(output: Range<Int>, input: Range<Int>)] {
    (0..<count).map { index in
      let output = (index * height)..<min((index + 1) * height, extent)
      // At an edge the rule mirrors up to a window's extent, so a thin last strip takes more.
      let low = max(0, min(output.lowerBound - reach, extent - 2 * reach))
      return (output, low..<min(extent, max(output.upperBound + reach, 2 * reach)))
    }
  }

  func copy(
    _ strip: (output: Range<Int>, input: Range<Int>), of part: Span<Double>,
    into result: inout SharedBuffer<Double>
  ) {
    var out = result.mutableSpan
    let from = (strip.output.lowerBound - strip.input.lowerBound) * inner
    let to = strip.output.lowerBound * inner
    for index in 0..<(strip.output.count * inner) { out[to + index] = part[from + index] }
  }
}
