import ConcordArrays
import ConcordBackends
import ConcordFiltering

/// Where all that counts has one value, at a cost that does not grow with windows.
///
/// A mask inside the template is not looked at: what is flat only under it is found one by one.
struct FlatBoxes<Scalar: RealScalar>: Sendable {
  private let low: SharedBuffer<Scalar>
  private let high: SharedBuffer<Scalar>
  private let isReversed: Bool

  /// The windows of a block of a scene.
  init(_ block: SceneBlock<Scalar>, _ geometry: ConvolutionGeometry, threads: Int) {
    low = Self.extremes(block, geometry, largest: false, threads: threads)
    high = Self.extremes(block, geometry, largest: true, threads: threads)
    isReversed = false
  }

  /// The parts of a template over a block of a scene of some extents, at the same lags.
  init?(
    _ template: MaskedTemplate<Scalar>, over geometry: ConvolutionGeometry,
    lags: [ClosedRange<Int>],
    options: ConvolutionOptions, threads: Int
  ) {
    var options = options
    options.lags = lags.map { -$0.upperBound ... -$0.lowerBound }
    options.boundary = .zero
    let image = geometry.image
    let reversed = try? ConvolutionGeometry(
      image: (0..<3).map { template.extents[$0] }, kernel: (0..<3).map { image[$0] },
      operation: .correlation, options: options)
    guard let reversed else { return nil }
    let block = SceneBlock(pixels: template.given, weights: narrow(template.weights))
    low = Self.extremes(block, reversed, largest: false, threads: threads)
    high = Self.extremes(block, reversed, largest: true, threads: threads)
    isReversed = true
  }

  /// About as many elements could be summed while these are looked for: whatever windows are, but for
  /// what tiles read beyond them.
  static func work(_ geometry: ConvolutionGeometry) -> Int {
    let tiles = DirectTiles(for: geometry)
    return 3 * tiles.count * tiles.scratchCount
  }

  /// The one value at each of some places; NaN where there are several.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  func values(at places: [Int]) -> [Double] {
    var result = [Double](repeating: .nan, count: places.count)
    let (lowBuffer, highBuffer) = (low, high)
    let (lows, highs) = (lowBuffer.span, highBuffer.span)
    for (slot, place) in places.enumerated() {
      let index = isReversed ? lows.count - 1 - place : place
      if lows[index] == highs[index] { result[slot] = Double(lows[index]) }
    }
    return result
  }

  private static func extremes(
    _ block: SceneBlock<Scalar>, _ geometry: ConvolutionGeometry, largest: Bool, threads: Int
  ) -> SharedBuffer<Scalar> {
    var geometry = geometry
    geometry.renormalizes = true
    var result = SharedBuffer<Scalar>(uninitializedCount: geometry.output.count)
    WindowExtremes.run(
      block.replacingInvalid(by: largest ? -.infinity : .infinity), largest: largest,
      geometry: geometry, threads: threads, into: &result)
    return result
  }
}

@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func narrow<Scalar: RealScalar>(_ weights: SharedBuffer<Double>) -> SharedBuffer<Scalar> {
  var result = SharedBuffer<Scalar>(uninitializedCount: weights.count)
  var out = result.mutableSpan
  let source = weights.span
  for index in source.indices { out[index] = source[index] > 0 ? 1 : 0 }
  return result
}
