import ConcordArrays
import ConcordBackends
import ConcordFiltering

/// Places that are scored together: a range of the outermost axis that there is.
struct MatchBand: Sendable {
  /// The first place, and how many there are.
  let start: Extents
  let count: Extents
  /// The block of the scene that their windows cover, which begins outside where an extension is.
  let origin: Extents
  let block: Extents
  /// The lags of the places, relative to the block.
  let lags: [ClosedRange<Int>]
  /// Where the scores lie.
  let range: Range<Int>
}

/// How the places of a template are cut into bands, whose sums are all that is kept of a scene.
struct MatchBands: Sendable {
  let bands: [MatchBand]
  /// Whether nothing is beyond the edges, so that windows shrink.
  let isOpen: Bool
  /// How the sums of all bands are made.
  let choice: StrategyEstimate

  /// Sums of a band, beside the channel they are made of.
  private static let arrays = 10
  /// Places that a band should have: if all is transformed at once, and otherwise.
  private static let (wholeTarget, target) = (1 << 22, 1 << 20)

  init(
    _ geometry: ConvolutionGeometry, isOpen: Bool, kernels: Int, options: ConvolutionOptions
  ) throws(ConcordError) {
    self.isOpen = isOpen
    // The way is chosen for all places, but memory may leave only some of them to a band.
    let all = Self.band(Extents(0, 0, 0), geometry.output, 0, geometry, isOpen: isOpen)
    let settled = try SharedCorrelations.choose(
      kernels: kernels, extents: geometry.kernel, image: all.block, lags: all.lags,
      options: options)
    choice = settled.choice
    let isWhole = choice.strategy.algorithm == .fft
    let (output, kernel) = (geometry.output, geometry.kernel)
    let axis = (0..<3).first { output[$0] > 1 } ?? 2
    let slice = (axis..<3).dropFirst().reduce(1) { $0 * output[$1] }
    let most = max(
      1, options.workingMemory / (Self.arrays * MemoryLayout<Double>.stride * slice))
    var wanted = (isWhole ? Self.wholeTarget : Self.target) / slice
    if let kept = settled.kept?[axis] {
      wanted = max(1, wanted).roundedUp(to: kept)
    } else {
      // A window reads as much beyond a band as it is high.
      wanted = max(wanted, 2 * min(kernel[axis], geometry.image[axis]))
    }
    let extent = max(1, min(most, wanted, output[axis]))
    bands = stride(from: 0, to: output[axis], by: extent).map { first in
      var (start, count) = (Extents(0, 0, 0), output)
      start[axis] = first
      count[axis] = min(extent, output[axis] - first)
      return Self.band(start, count, slice * first, geometry, isOpen: isOpen)
    }
  }

  private static func band(
    _ start: Extents, _ count: Extents, _ first: Int, _ geometry: ConvolutionGeometry, isOpen: Bool
  ) -> MatchBand {
    var (origin, block) = (start, count)
    var lags: [ClosedRange<Int>] = []
    for axis in 0..<3 {
      var low = start[axis] + geometry.offset[axis]
      let place = low
      var high = low + count[axis] + geometry.kernel[axis] - 1
      if isOpen {
        low = max(0, low)
        high = max(low + 1, min(geometry.image[axis], high))
      }
      origin[axis] = low
      block[axis] = high - low
      lags.append((place - low)...(place - low + count[axis] - 1))
    }
    return MatchBand(
      start: start, count: count, origin: origin, block: block, lags: lags,
      range: first..<(first + count.count))
  }
}
