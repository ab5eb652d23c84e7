public import ConcordArrays
import ConcordBackends

extension NDArray where Scalar: RealScalar {
  /// The local maxima or minima, best first, equal ones in row-major order.
  ///
  /// An element is a candidate if it passes the threshold, lies outside the excluded border, and none
  /// of its neighbours beats it. Going from the best candidate to the worst, each becomes a peak
  /// unless a better one is nearer than the minimum distance along every axis. NaN is never a peak,
  /// and keeps no neighbour from being one.
  ///
  ///     var options = PeakOptions(count: 10, threshold: 0.8, minimumDistance: [5, 5])
  ///     options.subpixel = .newton
  ///     for peak in try scores.peaks(options) { print(peak.place, peak.score) }
  ///
  /// - Complexity: O(*n*) to look at the array, and O(*m* log *m*) for *m* candidates. Memory holds at
  ///   most 65536, or four for each peak that is wanted, up to four million; if more are needed, since
  ///   the best ones were too near to each other, the array is searched again.
  /// - Throws: ``ConcordError/elementCount(expected:found:)`` for lists that are neither empty nor of
  ///   one number for each axis, and ``ConcordError/outOfRange(what:found:allowed:)`` for a polynomial
  ///   of an even size or one below 3.
  /// - SeeAlso: `skimage.feature.peak_local_max`, which finds the same peaks: see
  ///   ``PeakOptions/neighborhood``.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func peaks(_ options: PeakOptions) throws(ConcordError) -> [Match<rank>] {
    let scan = try peakScan(options)
    try options.subpixel?.check()
    guard count > 0 else { return [] }
    let distance = try options.extents(options.minimumDistance, axes: rank, unless: 1)
    let found = scan.select(
      options.count, distance: distance, threads: options.threads ?? availableProcessors)
    return found.map { candidate in
      let position = shape.position(ofIndex: candidate.index)
      let fit = options.subpixel.flatMap {
        fitted(at: position, by: $0, sign: options.seeking.sign, along: scan.reach)
      }
      return Match(position: position, score: scan.sign * candidate.value, fit: fit)
    }
  }

  /// The highest local maxima, best first.
  ///
  /// - Parameters:
  ///   - count: The most that are wanted.
  ///   - threshold: The smallest value that counts.
  ///   - minimumDistance: The least distance along each axis.
  /// - Returns: The positions and values.
  /// - Throws: ``ConcordError/elementCount(expected:found:)`` unless there is a distance for each axis.
  /// - SeeAlso: ``peaks(_:)``
  public func peaks(
    count: Int, threshold: Double = -.infinity, minimumDistance: [Int]
  ) throws(ConcordError) -> [Match<rank>] {
    guard minimumDistance.count == rank else {
      throw .elementCount(expected: rank, found: minimumDistance.count)
    }
    return try peaks(
      PeakOptions(count: count, threshold: threshold, minimumDistance: minimumDistance))
  }

  /// Where a peak lies between elements.
  ///
  /// - Returns: nil if the function that is fitted has no extremum of the kind that is sought less than
  ///   one element away, or if the element has no neighbours: see ``SubpixelMethod``.
  /// - Throws: ``ConcordError/outside(region:shape:)`` for a position outside the array, and
  ///   ``ConcordError/outOfRange(what:found:allowed:)`` for a polynomial of an even size or below 3.
  public func peakFit(
    at position: Position<rank>, by method: SubpixelMethod = .newton,
    seeking: Extremum = .maxima
  ) throws(ConcordError) -> PeakFit<rank>? {
    guard shape.contains(position) else {
      throw .outside(
        region: position.components.map { $0..<($0 + 1) }, shape: shape.components)
    }
    try method.check()
    return fitted(at: position, by: method, sign: seeking.sign, along: Extents(1, 1, 1))
  }

  /// How much the best peak stands out: its value over that of the best one elsewhere.
  ///
  /// A ratio near 1 means that another place fits as well. For minima it is the second value over the
  /// best, so that large ratios are good there as well. It is infinite where the smaller of both is not
  /// positive, though the larger is.
  ///
  /// - Parameters:
  ///   - minimumDistance: How far the second peak is away from the first at least, along some axis.
  ///   - seeking: Whether peaks are high or low.
  ///   - threads: How many threads may work; nil for all processors.
  /// - Returns: nil if there are no two peaks, or neither is positive.
  /// - Complexity: As ``peaks(_:)``.
  /// - Throws: ``ConcordError/elementCount(expected:found:)`` unless there is a distance for each axis.
  /// - SeeAlso: R. Keane, R. Adrian, *Theory of cross-correlation analysis of PIV images* (1992).
  public func peakRatio(
    minimumDistance: [Int], seeking: Extremum = .maxima, threads: Int? = nil
  ) throws(ConcordError) -> Double? {
    var options = PeakOptions(count: 2, minimumDistance: minimumDistance)
    options.seeking = seeking
    options.threads = threads
    let values = try peaks(options).map(\.score).sorted(by: >)
    guard values.count == 2, values[0] > 0 else { return nil }
    return values[1] > 0 ? values[0] / values[1] : .infinity
  }

  /// What has to be searched for.
  private func peakScan(_ options: PeakOptions) throws(ConcordError) -> PeakScan<Scalar> {
    let sign = options.seeking.sign
    return PeakScan(
      buffer, extents: shape.threeAxes, sign: sign,
      limit: options.threshold.map { sign * $0 } ?? -.infinity,
      reach: try options.extents(options.neighborhood, axes: rank, unless: 1, least: 0),
      border: try options.extents(options.border, axes: rank, unless: 0),
      plateaus: options.plateaus)
  }

  private func fitted(
    at position: Position<rank>, by method: SubpixelMethod, sign: Double, along reach: Extents
  ) -> PeakFit<rank>? {
    let window = PeakWindow(
      values: buffer, reach: reach, extents: shape.threeAxes,
      centre: Extents { $0 < 3 - rank ? 0 : position[$0 - (3 - rank)] })
    guard let found = window.extremum(method, sign: sign) else { return nil }
    return PeakFit(
      offset: Displacement { found.offset[$0 + 3 - rank] }, value: found.value)
  }
}

extension SubpixelMethod {
  /// Refuses windows without a middle, or too small for a quadratic.
  func check() throws(ConcordError) {
    guard case .polynomial(let size) = self, size < 3 || size % 2 == 0 else { return }
    throw .outOfRange(
      what: "the polynomial's size", found: Double(size), allowed: "an odd number of at least 3")
  }
}
