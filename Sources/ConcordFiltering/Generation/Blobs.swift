public import ConcordArrays
import RealModule

/// Gaussian spots at random places of an unbounded plane or space.
///
///     f(x) = Σᵢ bᵢ exp(-|x - cᵢ|² / 2σ²)
///
/// Space is cut into cells with an edge of ``spacing`` pixels; each holds one spot, at a random place
/// inside it and with a random brightness bᵢ in 0.5..<1. An image is moved by moving the centres, so
/// any shift, whole or not, is exact.
public struct Blobs: Hashable, Sendable {
  /// The standard deviation of each spot, in pixels.
  public var sigma: Double
  /// The edge of the cells, in pixels: the mean distance of neighbouring spots.
  public var spacing: Double
  /// What places and brightnesses are made from.
  public var seed: UInt64

  /// Spots of a size, so far apart.
  public init(sigma: Double = 2, spacing: Double = 16, seed: UInt64 = 0) {
    self.sigma = sigma
    self.spacing = spacing
    self.seed = seed
  }

  /// Where a spot has fallen to less than Double's rounding, in sigma.
  private static let reach = 8.5

  /// An image of the spots, moved by a shift: the element at `p` is `f(p - shift)`.
  ///
  /// - Complexity: O(*n* · (1 + σ/spacing)) along each axis.
  /// - Throws: ``ConcordError/outOfRange(what:found:allowed:)`` for a sigma outside 0.1...1000, a
  ///   spacing outside 1...10⁶ or a shift beyond 10⁹, ``ConcordError/empty(what:)`` for a shape
  ///   without elements.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func image<let rank: Int, Scalar: RealScalar>(
    _ shape: Shape<rank>, shift: Displacement<rank> = Displacement { _ in 0 }
  ) throws(ConcordError) -> NDArray<rank, Scalar> {
    guard (0.1...1000).contains(sigma) else {
      throw .outOfRange(what: "sigma", found: sigma, allowed: "0.1 to 1000")
    }
    guard (1...1e6).contains(spacing) else {
      throw .outOfRange(what: "spacing", found: spacing, allowed: "1 to 1e6")
    }
    try checkShift(shift)
    guard shape.count > 0 else { throw .empty(what: "the image to be generated") }
    let extents = [Int](repeating: 1, count: 3 - rank) + shape.components
    let shifts = [Double](repeating: 0, count: 3 - rank) + shift.components
    var field = NDArray<rank, Double>(shape: shape, repeating: 0)
    var out = field.mutableSpan
    let cells = (0..<3).map { axis in
      axis < 3 - rank ? 0..<1 : visibleCells(extent: extents[axis], shift: shifts[axis])
    }
    for plane in cells[0] {
      for row in cells[1] {
        for column in cells[2] {
          let cell = [plane, row, column]
          let profiles = (0..<3).map { axis in
            axis < 3 - rank
              ? Profile(first: 0, values: [1])
              : profile(cell, axis: axis, extent: extents[axis], shift: shifts[axis])
          }
          let brightness = 0.5 + 0.5 * LatticeNoise(seed: seed).number(plane, row, column, 3)
          add(profiles, times: brightness, extents: extents, to: &out)
        }
      }
    }
    return field.converted(to: Scalar.self)
  }

  /// A spot along one axis: its values from the first index inside the image on.
  private struct Profile {
    var first: Int
    var values: [Double]
  }

  /// The cells along an axis whose spots can be seen.
  private func visibleCells(extent: Int, shift: Double) -> Range<Int> {
    let margin = Self.reach * sigma
    let low = ((-margin - shift) / spacing).rounded(.down)
    let high = ((Double(extent) + margin - shift) / spacing).rounded(.up)
    return Int(low)..<Int(high)
  }

  private func profile(_ cell: [Int], axis: Int, extent: Int, shift: Double) -> Profile {
    let place = LatticeNoise(seed: seed).number(cell[0], cell[1], cell[2], axis)
    let centre = (Double(cell[axis]) + place) * spacing + shift
    let margin = Self.reach * sigma
    let first = max(0, Int((centre - margin).rounded(.up)))
    let last = min(extent - 1, Int((centre + margin).rounded(.down)))
    guard first <= last else { return Profile(first: 0, values: []) }
    return Profile(
      first: first,
      values: (first...last).map { index in
        let x = (Double(index) - centre) / sigma
        return Double.exp(-0.5 * x * x)
      })
  }

  private func add(
    _ profiles: [Profile], times brightness: Double, extents: [Int],
    to out: inout MutableSpan<Double>
  ) {
    for (i, plane) in profiles[0].values.enumerated() {
      for (j, row) in profiles[1].values.enumerated() {
        let line =
          (profiles[0].first + i) * extents[1] * extents[2]
          + (profiles[1].first + j) * extents[2] + profiles[2].first
        let weight = brightness * plane * row
        for (k, column) in profiles[2].values.enumerated() { out[line + k] += weight * column }
      }
    }
  }
}
