public import ConcordArrays
import ConcordBackends

/// The sums of all boxes of an array that begin at its origin, from which any box's follows at once.
///
///     sums[i, j] = Σ f[y, x],   0 ≤ y < i, 0 ≤ x < j
///
/// The sums are exclusive: one row and column longer than the array, beginning with zeros. They are
/// accumulated in Double, so sums of integers below 2⁵³ are exact; those of other numbers are right to
/// about 1e-16 of the largest sum, which a small box in a large bright image will notice:
/// ``NDArray/windowSum(of:options:)`` has no such loss.
///
///     let integral = try image.integralImage()
///     let total = try integral.sum(2..<5, 10..<20)
///
/// - SeeAlso: `cv2.integral`, whose sums these are; `skimage.transform.integral_image`, whose sums are
///   these without the first row and column. F. C. Crow, "Summed-area tables for texture mapping"
///   (1984).
public struct IntegralImage<let rank: Int>: Sendable {
  /// The sums, one longer along each axis than the array.
  public let sums: NDArray<rank, Double>

  /// The shape of the array that was summed.
  public var imageShape: Shape<rank> { Shape { sums.shape[$0] - 1 } }

  /// Returns the sum over a box, given by one range for each axis, outermost first.
  ///
  ///     Σ f = sums[b, d] - sums[a, d] - sums[b, c] + sums[a, c]   for rows a..<b and columns c..<d
  ///
  /// An empty range gives 0. A NaN or infinity makes the sums of all boxes NaN that don't lie before it
  /// along some axis.
  ///
  /// - Complexity: O(1).
  /// - Throws: ``ConcordError/elementCount(expected:found:)`` unless there is one range for each axis,
  ///   or ``ConcordError/outside(region:shape:)`` if one reaches outside the array.
  public func sum(_ ranges: Range<Int>...) throws(ConcordError) -> Double {
    try sum(over: ranges)
  }

  /// Returns the sum over a box, given by a list of one range for each axis.
  ///
  /// - Throws: ``ConcordError`` for the same reasons as ``sum(_:)``.
  public func sum(over ranges: [Range<Int>]) throws(ConcordError) -> Double {
    guard ranges.count == rank else {
      throw .elementCount(expected: rank, found: ranges.count)
    }
    let shape = imageShape
    for axis in 0..<rank where ranges[axis].lowerBound < 0 || ranges[axis].upperBound > shape[axis]
    {
      throw .outside(region: ranges, shape: shape.components)
    }
    var total = 0.0
    // Inclusion and exclusion: a corner counts negatively for every lower bound that it has.
    for corner in 0..<(1 << rank) {
      var index = 0
      var sign = 1.0
      for axis in 0..<rank {
        let isLower = corner >> axis & 1 == 1
        index =
          index * (shape[axis] + 1) + (isLower ? ranges[axis].lowerBound : ranges[axis].upperBound)
        if isLower { sign = -sign }
      }
      total += sign * sums.span[index]
    }
    return total
  }

  /// Returns the mean over a box; NaN for an empty one.
  ///
  /// - Throws: ``ConcordError`` for the same reasons as ``sum(_:)``.
  public func mean(_ ranges: Range<Int>...) throws(ConcordError) -> Double {
    let total = try sum(over: ranges)
    return total / Double(ranges.reduce(1) { $0 * $1.count })
  }
}

extension NDArray where Scalar: RealScalar {
  /// Returns the sums of all boxes that begin at the array's origin, in Double.
  ///
  /// - Parameter threads: How many threads may work; nil for all processors. Results don't depend on it.
  /// - Returns: The sums, one longer along each axis than the array; see ``IntegralImage``.
  /// - Complexity: O(*n*).
  /// - Throws: ``ConcordError/empty(what:)`` if the array has no elements.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func integralImage(threads: Int? = nil) throws(ConcordError) -> IntegralImage<rank> {
    guard count > 0 else { throw .empty(what: "the array") }
    let extents = Extents { $0 < 3 - rank ? 1 : shape[$0 - (3 - rank)] }
    // Axes that the array doesn't have are not made longer.
    let margin = Extents { $0 < 3 - rank ? 0 : 1 }
    let sums = prefixSums(
      of: buffer, extents, margin, threads: max(1, threads ?? availableProcessors))
    let size = shape
    return IntegralImage(sums: NDArray<rank, Double>(shape: Shape { size[$0] + 1 }, buffer: sums))
  }
}

/// Sums along rows first, then down rows, then through planes, each sum begun with zeros.
@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func prefixSums<Scalar: RealScalar>(
  of values: SharedBuffer<Scalar>, _ extents: Extents, _ margin: Extents, threads: Int
) -> SharedBuffer<Double> {
  let size = Extents { extents[$0] + margin[$0] }
  var sums = SharedBuffer<Double>(uninitializedCount: size.count)
  let planeCount = size.rows * size.columns
  // Planes are independent until the last pass; a single one is summed as a whole.
  let planes = (0..<size.planes).map { $0 * planeCount..<($0 + 1) * planeCount }
  fillRanges(planes, of: &sums, threads: threads) {
  } body: { plane, out, _ in
    let source = plane - margin.planes
    if source < 0 {
      for index in out.indices { out[index] = 0 }
    } else {
      sumPlane(values.span, source * extents.rows * extents.columns, extents, margin, into: &out)
    }
  }
  if margin.planes > 0 {
    var out = sums.mutableSpan
    for index in planeCount..<size.count { out[index] += out[index - planeCount] }
  }
  return sums
}

/// The sums of one plane: each row's running sum, on top of the row above.
@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func sumPlane<Scalar: RealScalar>(
  _ values: Span<Scalar>, _ start: Int, _ extents: Extents, _ margin: Extents,
  into out: inout MutableSpan<Double>
) {
  let columns = extents.columns + margin.columns
  if margin.rows > 0 { for column in 0..<columns { out[column] = 0 } }
  for row in 0..<extents.rows {
    let line = (row + margin.rows) * columns
    let from = start + row * extents.columns
    var sum = 0.0
    if margin.columns > 0 { out[line] = 0 }
    for column in 0..<extents.columns {
      sum += Double(values[from + column])
      out[line + margin.columns + column] = sum
    }
    guard line >= columns else { continue }
    for column in 0..<columns { out[line + column] += out[line - columns + column] }
  }
}
