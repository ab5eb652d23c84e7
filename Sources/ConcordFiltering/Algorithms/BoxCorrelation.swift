import ConcordArrays
import ConcordBackends

/// The correlation with a kernel whose elements are all equal: window sums, whatever its size.
struct BoxCorrelation<Scalar: RealScalar>: Sendable {
  private let geometry: ConvolutionGeometry
  private let weight: Double

  /// The element of a kernel whose elements are all equal; nil for others.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  static func weight(of weights: SharedBuffer<Scalar>) -> Scalar? {
    let elements = weights.span
    guard let first = elements.indices.first.map({ elements[$0] }), first.isFinite else {
      return nil
    }
    for index in elements.indices where elements[index] != first { return nil }
    return first
  }

  init(weight: Scalar, geometry: ConvolutionGeometry) {
    self.geometry = geometry
    self.weight = Double(weight)
  }

  /// How the windows are summed; shrinking ones keep the sum of all weights.
  static func tiles(_ weight: Double, _ geometry: ConvolutionGeometry) -> WindowTiles {
    WindowTiles(
      geometry.windowProblem(geometry.renormalizes ? .mean(.first) : .scaledSum(weight)))
  }

  /// Correlates an image; NaN and infinity reach the windows that hold them, and no others.
  func run(
    _ image: Samples<Scalar>, edges: Extension, threads: Int, into out: inout SharedBuffer<Scalar>
  ) {
    var geometry = geometry
    geometry.edges = edges
    Self.tiles(weight, geometry).run([image.real], threads: threads, into: &out)
    let sum = weight * Double(geometry.kernel.count)
    if geometry.renormalizes && sum != 1 { Self.scale(&out, by: sum, threads: threads) }
  }

  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  private static func scale(_ out: inout SharedBuffer<Scalar>, by factor: Double, threads: Int) {
    let piece = 1 << 16
    let ranges = stride(from: 0, to: out.count, by: piece).map { $0..<min($0 + piece, out.count) }
    fillRanges(ranges, of: &out, threads: threads) {
    } body: { _, out, _ in
      for index in out.indices { out[index] = Scalar(Double(out[index]) * factor) }
    }
  }
}
