import ConcordArrays
import ConcordBackends
import RealModule

/// Which strategies give the exact sums of integers.
struct IntegerRules: Sendable {
  /// The largest magnitude of an element of the image, or of the constant around it.
  let magnitude: Double
  /// Σ |w| and ‖w‖₂.
  let sum: Double
  let norm: Double

  /// Checks that the kernel and the boundary are integers.
  init<Scalar: RealScalar>(
    weights: SharedBuffer<Scalar>, geometry: ConvolutionGeometry, magnitude: Double
  ) throws(ConcordError) {
    guard magnitude >= 0, magnitude <= 0x1p53 else {
      throw .outOfRange(what: "magnitude", found: magnitude, allowed: "0 to 2^53")
    }
    guard !geometry.renormalizes else {
      throw .boundaryCannotServe(
        boundary: .renormalize, why: "rescaled sums of integers are no integers")
    }
    let (sum, squares) = try Self.sums(of: weights)
    let outside = geometry.edges.rule == .constant ? geometry.edges.value : 0
    try Self.check(outside, "the boundary's constant", limit: 0x1p53)
    self.magnitude = max(magnitude, abs(outside))
    (self.sum, norm) = (sum, squares.squareRoot())
    guard largest <= 0x1p53 else {
      throw .outOfRange(
        what: "the largest sum of integers that there could be", found: largest,
        allowed: "at most 2^53, which Double holds exactly")
    }
  }

  /// The sums of magnitudes and of squares of elements, which must be integers.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  private static func sums<Scalar: RealScalar>(
    of weights: SharedBuffer<Scalar>
  ) throws(ConcordError) -> (magnitudes: Double, squares: Double) {
    let elements = weights.span
    var (sum, squares) = (0.0, 0.0)
    for index in elements.indices {
      let weight = Double(elements[index])
      try check(weight, "an element of the kernel", limit: 0x1p53)
      sum += abs(weight)
      squares += weight * weight
    }
    return (sum, squares)
  }

  static func check(_ value: Double, _ what: String, limit: Double) throws(ConcordError) {
    guard abs(value) <= limit, value.rounded() == value else {
      throw .outOfRange(
        what: what, found: value, allowed: "an integer of magnitude at most \(Int(limit))")
    }
  }

  /// The largest sum that there could be.
  private var largest: Double { sum * magnitude }

  /// Whether a strategy gives the exact sums, rounded to integers if it is a transform.
  func isExact(_ strategy: ConvolutionStrategy, isDouble: Bool) -> Bool {
    guard largest <= (isDouble ? 0x1p53 : 0x1p24) else { return false }
    switch strategy {
    case .direct, .matrix: return true
    // Factors are no integers, and sums are not multiplied by the weight itself.
    case .separable, .box: return false
    case .fft(let layout): return error(layout.extents.count, tiles: 1, isDouble) < 0.25
    case .overlapSave(let layout): return error(layout.extents.count, tiles: 2, isDouble) < 0.25
    }
  }

  /// A bound of a transform's error: three transforms of `points`, each of which rounds log₂ times,
  /// relative to the norms of kernel and image, with a margin of two.
  private func error(_ points: Int, tiles: Int, _ isDouble: Bool) -> Double {
    let rounding = isDouble ? 0x1p-53 : 0x1p-24
    return 8 * rounding * (Double.log2(Double(max(2, points))) + 1) * norm * magnitude
      * Double(tiles * points).squareRoot()
  }
}
