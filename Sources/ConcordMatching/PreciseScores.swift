import ConcordArrays
import ConcordBackends
import ConcordFiltering

/// Makes scores anew that rounding may have spoilt: one by one, or where that is quicker, those of a
/// band of the scene together in Double.
///
/// Bands keep what is converted to Double far below the size of a scene.
struct PreciseScores<let rank: Int, Scalar: RealScalar> {
  let scene: [NDArray<rank, Scalar>]
  let template: PreparedTemplate<Scalar>
  let geometry: ConvolutionGeometry

  /// Elements that a band should not exceed, unless windows do.
  private static var bandElements: Int { 1 << 22 }

  /// A band costs about as much as so many terms of definitions for each of its elements.
  private static var termsPerElement: Int { 200 }

  func settle(
    _ uncertain: [Int], in scores: inout NDArray<rank, Scalar>
  ) throws(ConcordError) {
    guard !uncertain.isEmpty else { return }
    let threads = template.options.threadCount
    var single = uncertain
    if Scalar.self != Double.self, !geometry.renormalizes {
      single = []
      var rest = uncertain[...]
      while let first = rest.first {
        let band = band(of: first)
        let inside = rest.prefix { $0 < band.end }
        rest = rest.dropFirst(inside.count)
        let terms = Double(inside.count) * Double(geometry.kernel.count)
        let bound = Double(Self.termsPerElement) * Double(band.source.count)
        if terms > bound, try recompute(Array(inside), band, in: &scores) { continue }
        single += inside
      }
    }
    guard !single.isEmpty else { return }
    let windows = WindowScores(scene: scene.map { $0.buffer }, template, geometry)
    windows.run(at: single, threads: threads, into: &scores.buffer)
  }

  /// Outputs that are computed together: a range of the outermost axis that there is.
  private struct Band {
    var start: Extents
    var output: Extents
    /// The extents of what their windows cover.
    var source: Extents
    /// The output's index after the last.
    var end: Int
  }

  private func band(of index: Int) -> Band {
    let (output, kernel) = (geometry.output, geometry.kernel)
    let axis = (0..<3).first { output[$0] > 1 } ?? 2
    let slice = (axis..<3).dropFirst().reduce(1) { $0 * output[$1] }
    let sourceSlice = (0..<3).filter { $0 != axis }.reduce(1) {
      $0 * (output[$1] + kernel[$1] - 1)
    }
    let extent = max(kernel[axis], Self.bandElements / max(1, sourceSlice))
    let first = index / slice / extent * extent
    var start = Extents(0, 0, 0)
    var count = output
    start[axis] = first
    count[axis] = min(extent, output[axis] - first)
    return Band(
      start: start, output: count, source: Extents { count[$0] + kernel[$0] - 1 },
      end: (first + count[axis]) * slice)
  }

  /// Computes a band in Double; false if there is no memory for it.
  private func recompute(
    _ indices: [Int], _ band: Band, in scores: inout NDArray<rank, Scalar>
  ) throws(ConcordError) -> Bool {
    let origin = Extents { band.start[$0] + geometry.offset[$0] }
    let shape = Shape<rank>(threeAxes: band.source)
    var options = template.options.forSingleCall
    options.extent = .valid
    options.algorithm = .automatic
    let wide = template.given.map { widened($0) }
    let matcher = try? TemplateMatcher<rank, Double>(
      channels: wide.map { NDArray(shape: Shape(threeAxes: geometry.kernel), buffer: $0) },
      scene: shape, options: options)
    guard let matcher else { return false }
    let channels = scene.map { channel in
      var block = SharedBuffer<Scalar>(uninitializedCount: band.source.count)
      gather(channel.buffer, geometry, from: origin, band.source, into: &block)
      return NDArray(shape: shape, buffer: widened(block))
    }
    let precise = try matcher.scores(in: channels)
    let first = band.end - band.output.count
    copyScores(indices, from: precise.span, startingAt: first, to: &scores.buffer)
    return true
  }
}

/// Copies a block of a scene as it goes on beyond its edges.
@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func gather<Scalar: RealScalar>(
  _ scene: SharedBuffer<Scalar>, _ geometry: ConvolutionGeometry, from origin: Extents,
  _ count: Extents, into block: inout SharedBuffer<Scalar>
) {
  var out = block.mutableSpan
  Scalar.gather(
    from: scene.span, extents: geometry.image, origin: origin, count: count,
    extension: geometry.edges, into: &out)
}

/// The same elements in Double.
@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func widened<Scalar: RealScalar>(_ values: SharedBuffer<Scalar>) -> SharedBuffer<Double> {
  var result = SharedBuffer<Double>(uninitializedCount: values.count)
  var out = result.mutableSpan
  let source = values.span
  for index in source.indices { out[index] = Double(source[index]) }
  return result
}

/// Replaces some scores by those of a band in Double, whose first is at `start`.
@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func copyScores<Scalar: RealScalar>(
  _ indices: [Int], from precise: Span<Double>, startingAt start: Int,
  to scores: inout SharedBuffer<Scalar>
) {
  var out = scores.mutableSpan
  for index in indices { out[index] = Scalar(precise[index - start]) }
}
