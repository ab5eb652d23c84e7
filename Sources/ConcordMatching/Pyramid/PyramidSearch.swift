public import ConcordArrays
import ConcordBackends
import ConcordFiltering

extension NDArray where Scalar: RealScalar {
  /// The places of a template, looked for in a coarse copy of this array and then around what is found.
  ///
  /// Means of blocks make a coarse scene and a coarse template. Around each place whose coarse score is
  /// within a margin of the threshold all scores are computed, and the best is followed until no
  /// neighbour is better. Scores are right; but a place with fine structure alone, which no mean of a
  /// block shows, is not found. So ``PyramidMatches/isExact`` is false unless the factor came out as 1.
  ///
  /// A bound that misses nothing is known: with P the projection to means of blocks, ⟨w, t⟩ is at most
  /// ⟨Pw, Pt⟩ + |w - Pw| |t - Pt| by Cauchy and Schwarz. It needs blocks that are aligned to every window, and so
  /// more sums for each place than the full search does, which is why there is no such option.
  ///
  /// - Complexity: O(*n* + *n / fʳ* log *n*) for a factor *f* in *r* dimensions, and
  ///   O(*c* (*m + fʳ*) log *m*) for *c* candidates and templates of *m* elements.
  /// - Throws: ``ConcordError`` for the reasons that ``TemplateMatcher`` gives,
  ///   ``ConcordError/algorithmCannotServe(algorithm:why:)`` for another metric than `zncc` or another
  ///   extent than `valid`, and ``ConcordError/outOfRange(what:found:allowed:)`` for a factor below 1.
  /// - SeeAlso: ``TemplateMatcher/matches(in:scores:_:)``, the full search.
  public func coarseToFineMatches(
    of template: NDArray, _ options: PyramidOptions = PyramidOptions()
  ) throws(ConcordError) -> PyramidMatches<rank> {
    let matching = options.matching
    guard matching.metric == .zncc, matching.extent == .valid else {
      throw .algorithmCannotServe(
        algorithm: "coarse-to-fine",
        why: "expected metric zncc at extent valid, found \(matching.metric.rawValue) at "
          + matching.extent.rawValue)
    }
    if let factor = options.factor, factor < 1 {
      throw .outOfRange(what: "the factor", found: Double(factor), allowed: "at least 1")
    }
    let factor = Swift.min(
      options.factor ?? template.defaultFactor, template.shape.components.min() ?? 1)
    guard factor > 1, let coarse = try coarsePeaks(of: template, factor, options) else {
      let matcher = try TemplateMatcher(
        template: template, scene: shape, options: options.matching.forSingleCall)
      let matches = try matcher.matches(in: self, scores: matcher.scores(in: self), options.peaks)
      return PyramidMatches(matches: matches, isExact: true, factor: 1, candidates: 0)
    }
    let fine = try FineSearch(scene: self, template: template, factor: factor, options: options)
    let (matches, candidates) = try fine.matches(around: coarse)
    return PyramidMatches(
      matches: matches, isExact: false, factor: factor, candidates: candidates)
  }

  /// The largest power of two up to 16 that leaves 8 elements along every axis.
  private var defaultFactor: Int {
    let smallest = shape.components.min() ?? 1
    return [16, 8, 4, 2].first { smallest / $0 >= 8 } ?? 1
  }

  /// Places of the coarse scene; nil if the coarse template has no contrast.
  private func coarsePeaks(
    of template: NDArray, _ factor: Int, _ options: PyramidOptions
  ) throws(ConcordError) -> [Match<rank>]? {
    let threads = options.matching.threads ?? availableProcessors
    let scene = blockMeans(factor, threads: threads)
    let pattern = template.blockMeans(factor, threads: threads)
    let matcher: TemplateMatcher<rank, Scalar>
    do {
      matcher = try TemplateMatcher(
        template: pattern, scene: scene.shape, options: options.matching.forSingleCall)
    } catch {
      if error == .flatTemplate { return nil }
      throw error
    }
    var peaks = PeakOptions(count: options.candidates)
    peaks.threshold = options.peaks.threshold.map { $0 - options.margin }
    peaks.threads = threads
    return try matcher.scores(in: scene).peaks(peaks)
  }

  /// The means of blocks of `factor` elements along each axis; what is left at the end is left out.
  func blockMeans(_ factor: Int, threads: Int) -> NDArray {
    var result = NDArray(uninitialized: Shape { shape[$0] / factor })
    let blocks = Extents { $0 < 3 - rank ? 1 : factor }
    averageBlocks(
      buffer, shape.threeAxes, blocks, threads: threads, result.shape.threeAxes,
      into: &result.buffer)
    return result
  }
}

/// Writes the mean of each block, a row of blocks at a time.
@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func averageBlocks<Scalar: RealScalar>(
  _ source: SharedBuffer<Scalar>, _ extents: Extents, _ block: Extents, threads: Int,
  _ counts: Extents, into result: inout SharedBuffer<Scalar>
) {
  let columns = counts.columns
  let ranges = (0..<(counts.planes * counts.rows)).map { ($0 * columns)..<(($0 + 1) * columns) }
  let scale = 1 / Scalar(block.count)
  fillRanges(ranges, of: &result, threads: threads) {
  } body: { task, out, _ in
    let values = source.span
    for column in out.indices { out[column] = 0 }
    let (plane, row) = (task / counts.rows * block.planes, task % counts.rows * block.rows)
    for i in 0..<block.planes {
      for j in 0..<block.rows {
        var index = ((plane + i) * extents.rows + row + j) * extents.columns
        for column in out.indices {
          var sum: Scalar = 0
          for _ in 0..<block.columns {
            sum += values[index]
            index += 1
          }
          out[column] += sum * scale
        }
      }
    }
  }
}
