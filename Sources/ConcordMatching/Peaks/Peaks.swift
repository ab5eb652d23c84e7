public import ConcordArrays
import ConcordBackends
import ConcordFiltering

/// A place where a template was found.
public struct Match<let rank: Int>: Hashable, Sendable {
  /// Where the template's first element lies in the scene.
  public var position: Position<rank>
  /// The score there, by the metric that was asked for.
  public var score: Double

  /// A match at a position.
  public init(position: Position<rank>, score: Double) {
    self.position = position
    self.score = score
  }

  /// Whether position and score are equal.
  public static func == (first: Self, second: Self) -> Bool {
    first.position == second.position && first.score == second.score
  }

  /// Feeds position and score to the hasher.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(position)
    hasher.combine(score)
  }
}

extension NDArray where Scalar: RealScalar {
  /// The highest local maxima, best first.
  ///
  /// A maximum is no smaller than its direct neighbours (diagonals included). Of two maxima whose
  /// distance along every axis is below `minimumDistance`, the higher one counts; equal ones in
  /// row-major order. NaN is never a maximum.
  ///
  /// - Complexity: O(*n* + *m* log *m* + *m k*) for *m* maxima above the threshold and *k* results.
  /// - Parameters:
  ///   - count: The most that are wanted.
  ///   - threshold: The smallest value that counts.
  ///   - minimumDistance: The least distance along each axis.
  /// - Returns: The positions and values.
  /// - Throws: ``ConcordError/elementCount(expected:found:)`` unless there is a distance for each axis.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func peaks(
    count: Int, threshold: Double = -.infinity, minimumDistance: [Int]
  ) throws(ConcordError) -> [Match<rank>] {
    guard minimumDistance.count == rank else {
      throw .elementCount(expected: rank, found: minimumDistance.count)
    }
    let candidates = localMaxima(of: span, extents: shape.threeAxes, above: threshold)
    var found: [Match<rank>] = []
    for candidate in candidates {
      if found.count >= count { break }
      let position = shape.position(ofIndex: candidate.index)
      let isNear = found.contains { other in
        (0..<rank).allSatisfy {
          abs(other.position[$0] - position[$0]) < minimumDistance[$0]
        }
      }
      if !isNear { found.append(Match(position: position, score: Double(candidate.value))) }
    }
    return found
  }
}

/// Elements that none of their direct neighbours exceeds, highest first, then in row-major order.
@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func localMaxima<Scalar: RealScalar>(
  of values: Span<Scalar>, extents: Extents, above threshold: Double
) -> [(index: Int, value: Scalar)] {
  var maxima: [(index: Int, value: Scalar)] = []
  var index = 0
  for plane in 0..<extents.planes {
    for row in 0..<extents.rows {
      for column in 0..<extents.columns {
        let value = values[index]
        // Most elements lose against a neighbour in their own row. (Spans are read before they
        // are compared: the compiler does not get along with one in a short-circuited operand.)
        let before = column > 0 ? values[index - 1] : value
        let after = column + 1 < extents.columns ? values[index + 1] : value
        // NaN is not at least anything.
        let mayBe = Double(value) >= threshold && !(before > value) && !(after > value)
        if mayBe {
          let position = Extents(plane, row, column)
          let isMaximum = isLocalMaximum(value, at: position, of: values, extents: extents)
          if isMaximum { maxima.append((index, value)) }
        }
        index += 1
      }
    }
  }
  maxima.sort { $0.value != $1.value ? $0.value > $1.value : $0.index < $1.index }
  return maxima
}

/// Whether no direct neighbour of a position exceeds `value`.
private func isLocalMaximum<Scalar: RealScalar>(
  _ value: Scalar, at position: Extents, of values: Span<Scalar>, extents: Extents
) -> Bool {
  for plane in max(0, position.planes - 1)...min(extents.planes - 1, position.planes + 1) {
    for row in max(0, position.rows - 1)...min(extents.rows - 1, position.rows + 1) {
      let line = (plane * extents.rows + row) * extents.columns
      let columns =
        max(0, position.columns - 1)...min(extents.columns - 1, position.columns + 1)
      for column in columns where values[line + column] > value { return false }
    }
  }
  return true
}
