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
  /// images; other expressions are computed strip by strip, whatever the mode and the boundary rule.
  ///
  /// - Throws: ``ConcordError`` if the shapes differ, `b` is missing, the window is empty, or a strip
  ///   takes more memory than allowed.
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
  /// It is computed in Double and rounded once; variances and deviations divide by the count minus
  /// `ddof`.
  @_specialize(exported:false,kind:partial,where Scalar == Float, Result == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double, Result == Double)
  public func windowed<Result: RealScalar>(
    _ expression: PixelExpression, with other: NDArray? = nil, reduction: WindowReduction,
    of window: Shape<rank>, ddof: Int = 0,
    options: WindowOptions = WindowOptions(boundary: .renormalize), as result: Result.Type
  ) throws(ConcordError) -> NDArray<rank, Result> {
    try checkShape(of: other)
    if let (formula, operands) = expression.windowFormula(for: reduction, isPair: other != nil),
      options.boundary.isSameOfTerms(expression)
    {
      let images = operands.map { $0 == .second ? other ?? self : self }
      return try images[0].windows(formula, with: images[1], window, options)
    }
    return try windowed(
      expression, with: other, reduction: reduction, of: window, ddof: ddof, options: options,
      stripElements: ExpressionStrips.target)
  }

  private func checkShape(of other: NDArray?) throws(ConcordError) {
    if let other, other.shape != shape {
      throw .shapesDiffer(expected: shape.components, found: other.shape.components)
    }
  }

  /// The same with a given number of elements at a time, which tests make small.
  package func windowed<Result: RealScalar>(
    _ expression: PixelExpression, with other: NDArray?, reduction: WindowReduction,
    of window: Shape<rank>, ddof: Int = 0, options: WindowOptions, stripElements: Int
  ) throws(ConcordError) -> NDArray<rank, Result> {
    try checkShape(of: other)
    try expression.checkOperands(isPair: other != nil)
    let geometry = try options.geometry(image: shape, window: window)
    let strips = try ExpressionStrips(
      geometry, axis: 3 - rank, reduction, ddof: ddof, options, elements: stripElements)
    var out = NDArray<rank, Result>(uninitialized: Shape(threeAxes: geometry.output))
    strips.run(expression, a: buffer, b: other?.buffer, into: &out.buffer)
    return out
  }
}
