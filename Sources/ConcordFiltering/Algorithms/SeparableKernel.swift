package import ConcordArrays
package import ConcordBackends

/// A real kernel as a sum of products of one factor for each axis.
///
///     w[i, j, k] = Σ_t a_t[i] b_t[j] c_t[k]
package struct SeparableKernel<Scalar: RealScalar>: Sendable {
  /// The factors of the three axes for each term; a single tap for an axis of extent 1.
  package let terms: [[SharedBuffer<Scalar>]]

  /// A product of given factors, for three axes.
  package init(factors: [SharedBuffer<Scalar>]) {
    precondition(factors.count == 3)
    terms = [factors]
  }

  /// Finds the fewest products that sum to a kernel of finite numbers; nil if it takes more than
  /// `limit`.
  ///
  /// The sum's error, relative to the kernel's norm, is below ``tolerance``. A kernel of three axes
  /// is taken as one axis against the others, whose factors are then taken apart in turn: that is the
  /// fewest for one term, and for a sum of which one axis' factor is the same in all.
  package init?(_ weights: SharedBuffer<Scalar>, extents: Extents, limit: Int) {
    let all = weights.span
    let values = (0..<extents.count).map { Double(all[$0]) }
    let largest = values.reduce(0) { max($0, abs($1)) }
    // Scaled, so that neither squares nor products overflow.
    let scale = largest > 0 ? largest : 1
    let scaled = values.map { $0 / scale }
    let norm = scaled.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard
      let terms = Self.terms(
        scaled, extents, tolerance: norm * Self.tolerance, limit: limit)
    else { return nil }
    self.terms = terms.map { factors in
      factors.enumerated().map { axis, factor in
        SharedBuffer(factor.map { Scalar(axis == 2 ? $0 * scale : $0) })
      }
    }
  }

  /// What factors may miss of a kernel, relative to its norm: about what its own numbers were rounded
  /// by, and in Double the rounding of the search as well.
  static var tolerance: Double {
    Scalar.self == Double.self ? 4 * Double.ulpOfOne : Double(Float.ulpOfOne)
  }

  /// The factors of all three axes for each term.
  private static func terms(
    _ values: [Double], _ extents: Extents, tolerance: Double, limit: Int
  ) -> [[[Double]]]? {
    let axes = (0..<3).filter { extents[$0] > 1 }
    guard axes.count == 3 else {
      let (first, last) = (axes.count == 2 ? axes[0] : axes.last == 0 ? 1 : 0, axes.last ?? 2)
      let matrix = LowRank(
        values, rows: extents[first], columns: extents[last], tolerance: tolerance, limit: limit)
      return matrix?.terms.map { term in
        (0..<3).map { $0 == first ? term.column : $0 == last ? term.row : [1] }
      }
    }
    let all = axes.compactMap {
      terms(values, extents, apart: $0, tolerance: tolerance, limit: limit)
    }
    return all.min { $0.count < $1.count }
  }

  /// The factors of a kernel of three axes, one of which is taken apart from the others first.
  private static func terms(
    _ values: [Double], _ extents: Extents, apart axis: Int, tolerance: Double, limit: Int
  ) -> [[[Double]]]? {
    var rest = extents
    rest[axis] = 1
    guard
      let outer = LowRank(
        unfolded(values, extents, axis), rows: extents[axis], columns: rest.count,
        tolerance: tolerance / 2, limit: limit)
    else { return nil }
    var result: [[[Double]]] = []
    // Errors of different terms add up at worst.
    let share = tolerance / 2 / Double(outer.terms.count)
    for term in outer.terms {
      let length = term.column.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard
        let inner = terms(
          term.row, rest, tolerance: length > 0 ? share / length : 1, limit: limit - result.count)
      else { return nil }
      for var factors in inner {
        factors[axis] = term.column
        result.append(factors)
      }
      guard result.count <= limit else { return nil }
    }
    return result
  }

  /// The kernel as a matrix whose rows are an axis.
  private static func unfolded(_ values: [Double], _ extents: Extents, _ axis: Int) -> [Double] {
    let inner = (axis..<3).dropFirst().reduce(1) { $0 * extents[$1] }
    let outer = values.count / (inner * extents[axis])
    var result: [Double] = []
    result.reserveCapacity(values.count)
    for row in 0..<extents[axis] {
      for block in 0..<outer {
        let start = (block * extents[axis] + row) * inner
        result += values[start..<(start + inner)]
      }
    }
    return result
  }

  /// The elements of the sum.
  var elements: SharedBuffer<Scalar> {
    let extents = Extents { terms[0][$0].count }
    var result = SharedBuffer<Scalar>(repeating: 0, count: extents.count)
    var out = result.mutableSpan
    for term in terms {
      let (a, b, c) = (term[0], term[1], term[2])
      var next = 0
      for plane in 0..<a.count {
        for row in 0..<b.count {
          let outer = a[plane] * b[row]
          for column in 0..<c.count {
            out[next] += outer * c[column]
            next += 1
          }
        }
      }
    }
    return result
  }

  /// The same for the mirrored kernel.
  var mirrored: SeparableKernel {
    SeparableKernel(terms: terms.map { $0.map { SharedBuffer(Self.elements($0).reversed()) } })
  }

  private init(terms: [[SharedBuffer<Scalar>]]) {
    self.terms = terms
  }

  private static func elements(_ buffer: SharedBuffer<Scalar>) -> [Scalar] {
    (0..<buffer.count).map { buffer[$0] }
  }
}
