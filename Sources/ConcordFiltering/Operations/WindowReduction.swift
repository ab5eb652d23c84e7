public import ConcordArrays
import ConcordBackends

/// What becomes of the elements of a window.
public enum WindowReduction: String, Hashable, Sendable, CaseIterable {
  /// Their sum.
  case sum
  /// Their mean.
  case mean
  /// Their variance: the mean of the squares about the mean.
  case variance
  /// The smallest; NaN where there is NaN.
  case minimum = "min"
  /// The largest; NaN where there is NaN.
  case maximum = "max"
  /// The median; NaN where there is NaN.
  case median
}

extension NDArray where Scalar: RealScalar {
  /// Returns what a reduction makes of the window around each element.
  ///
  /// - Complexity: O(*n*) for sum, mean and variance, O(*n* log *m*) for the extremes, O(*n m*) for
  ///   the median.
  /// - Throws: ``ConcordError`` if the array or the window is empty, or memory is too small.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func windowReduced(
    _ reduction: WindowReduction, of window: Shape<rank>,
    options: WindowOptions = WindowOptions()
  ) throws(ConcordError) -> NDArray {
    switch reduction {
    case .sum: try windowSum(of: window, options: options)
    case .mean: try windowMean(of: window, options: options)
    case .variance: try windowVariance(of: window, options: options)
    case .median: try windowMedian(of: window, options: options)
    case .minimum: try windowExtreme(of: window, largest: false, options)
    case .maximum: try windowExtreme(of: window, largest: true, options)
    }
  }

  private func windowExtreme(
    of window: Shape<rank>, largest: Bool, _ options: WindowOptions
  ) throws(ConcordError) -> NDArray {
    let geometry = try options.geometry(image: shape, window: window)
    try options.checkMemory(
      DirectTiles(for: geometry), bytesPerElement: MemoryLayout<Scalar>.size)
    var out = NDArray(uninitialized: Shape(threeAxes: geometry.output))
    WindowExtremes.run(
      buffer, largest: largest, geometry: geometry, threads: options.threadCount,
      into: &out.buffer)
    return out
  }

  /// Returns what a reduction makes of the windows of an expression of this image and another.
  ///
  ///     let energy = try first.windowed(
  ///       PixelExpression("a^2 - b^2"), with: second, reduction: .sum, of: [3, 3])
  ///
  /// This array is `a` and the other one `b`. Windows are centred at `extent / 2`, and shrink at the
  /// edges unless another rule is asked for: a mean is divided by the true count.
  ///
  /// - Throws: ``ConcordError`` if the shapes differ, `b` is missing, or the window is empty.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func windowed(
    _ expression: PixelExpression, with other: NDArray? = nil, reduction: WindowReduction,
    of window: Shape<rank>, options: WindowOptions = WindowOptions(boundary: .renormalize)
  ) throws(ConcordError) -> NDArray<rank, Double> {
    try windowed(
      expression, with: other, reduction: reduction, of: window, options: options,
      stripElements: ExpressionStrips.target)
  }

  /// The same with a given number of elements at a time, which tests make small.
  package func windowed(
    _ expression: PixelExpression, with other: NDArray?, reduction: WindowReduction,
    of window: Shape<rank>, options: WindowOptions, stripElements: Int
  ) throws(ConcordError) -> NDArray<rank, Double> {
    if let other, other.shape != shape {
      throw .shapesDiffer(expected: shape.components, found: other.shape.components)
    }
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

  var count: Int { (extent + height - 1) / height }

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
