public import ConcordArrays
import ConcordBackends
import ConcordFiltering

extension TemplateSet {
  /// The places where any of the templates is found, best first, scored to the last digit, in bounded memory.
  ///
  /// They are the peaks of the best scores of all templates: of two places whose templates' centres are near, the
  /// better one counts. No map as large as the scene is kept.
  ///
  ///     for place in try set.matches(in: scene, PeakOptions(count: 10, threshold: 0.7)) {
  ///       print(set.variants[place.template].angle, place.match.position, place.match.score)
  ///     }
  ///
  /// - Parameters:
  ///   - scene: The scene.
  ///   - peaks: Which places are wanted. If there is no minimum distance, it is half the extents, rounded up, of the
  ///     smallest template. Whether high or low scores are sought is the metric's to say. Places between
  ///     elements are fitted to scores of the template that is best there, by the definition.
  /// - Returns: The templates with their places in the scene.
  /// - Complexity: As ``search(_:)-(NDArray<rank,Scalar>)``, and as many passes as
  ///   ``TemplateMatcher/matches(in:_:)-(NDArray<rank,Scalar>,_)`` has.
  /// - Throws: The errors of ``search(_:)-(NDArray<rank,Scalar>)``, and what
  ///   ``ConcordArrays/NDArray/peaks(_:)`` throws.
  public func matches(
    in scene: NDArray<rank, Scalar>, _ peaks: PeakOptions
  ) throws(ConcordError) -> [TemplateMatch<rank>] {
    try matches(in: [scene], peaks)
  }

  /// The places where any of the templates is found in a scene of several channels.
  ///
  /// - Throws: The errors of ``matches(in:_:)-(NDArray<rank,Scalar>,_)``.
  public func matches(
    in channels: [NDArray<rank, Scalar>], _ peaks: PeakOptions
  ) throws(ConcordError) -> [TemplateMatch<rank>] {
    var queries = [try query(peaks)]
    _ = try run(channels, &queries)
    return matches(of: queries[0], in: channels)
  }

  /// Half the smallest template's extents, rounded up: how far matches are apart along some axis.
  package var defaultPeakDistance: [Int] {
    (0..<rank).map { axis in
      let smallest = templateShapes.reduce(Int.max) { min($0, $1[axis]) }
      return max(1, (smallest + 1) / 2)
    }
  }

  /// A query for peaks of the common map.
  package func query(_ peaks: PeakOptions) throws(ConcordError) -> PeakQuery {
    var peaks = peaks
    peaks.seeking = options.metric.isDistance ? .minima : .maxima
    peaks.threads = peaks.threads ?? options.threads
    if peaks.minimumDistance.isEmpty { peaks.minimumDistance = defaultPeakDistance }
    return try PeakQuery(peaks, map: grid.extents, axes: rank, axis: grid.axis)
  }

  /// The common map, with its peaks; `visit` is called after each strip.
  package func search(
    _ channels: [NDArray<rank, Scalar>], _ queries: inout [PeakQuery], visit: () -> Void = {}
  ) throws(ConcordError) -> TemplateSetScores<rank, Scalar> {
    var scores = SharedBuffer<Scalar>(uninitializedCount: scoresShape.count)
    var templates = SharedBuffer<Int32>(uninitializedCount: scoresShape.count)
    let slice = grid.slice
    let places = try run(channels, &queries) { (strip) throws(ConcordError) in
      let start = strip.range.lowerBound * slice
      scores.copyElements(strip.strip, of: strip.values, to: start)
      if let labels = strip.labels {
        templates.copyElements(strip.strip, of: labels, to: start)
      }
      visit()
    }
    return TemplateSetScores(
      scores: NDArray(shape: scoresShape, buffer: scores),
      templates: NDArray(shape: scoresShape, buffer: templates),
      matches: bestMatches(places, in: channels))
  }

  /// How many strips a pass has.
  package var stripCount: Int { grid.strips.count }

  /// Looks for peaks of the common map, strip by strip, and returns where each template has its best score: the
  /// index in its own map.
  ///
  /// `visit` is given the strips in order, in each pass. Pages of a mapped scene are let go of where it is searched in several
  /// strips.
  package func run(
    _ channels: [NDArray<rank, Scalar>], _ queries: inout [PeakQuery],
    visit: (MapStrip<Scalar>) throws(ConcordError) -> Void = { _ throws(ConcordError) in }
  ) throws(ConcordError) -> [Int?] {
    try check(channels)
    let margin = queries.reduce(0) { max($0, $1.margin) }
    var best: [BestScores<Scalar>.Place?] = Array(repeating: nil, count: count)
    repeat {
      for range in grid.strips {
        let strip = try strip(range, margin: margin, of: channels, &best)
        for index in queries.indices where !queries[index].isDone { queries[index].look(at: strip) }
        try visit(strip)
        if grid.strips.count > 1 { release(channels, before: range.upperBound) }
      }
      for index in queries.indices where !queries[index].isDone { queries[index].endPass() }
    } while !queries.allSatisfy { $0.isDone }
    return best.map { $0?.index }
  }

  /// The best scores in a strip.
  private func strip(
    _ range: Range<Int>, margin: Int, of channels: [NDArray<rank, Scalar>],
    _ best: inout [BestScores<Scalar>.Place?]
  ) throws(ConcordError) -> MapStrip<Scalar> {
    let axis = grid.axis
    let held = range.widened(by: margin, within: grid.extents[axis])
    var extents = grid.extents
    extents[axis] = held.count
    var scores = BestScores<Scalar>(extents: extents, isDistance: options.metric.isDistance)
    var last: CentredPart<rank, Scalar>?
    for group in groups {
      var place = grid.place(of: group)
      let first = held.lowerBound - place[axis]
      let own = (first..<first + held.count).clamped(to: 0..<group.geometry.output[axis])
      place[axis] += own.lowerBound - held.lowerBound
      for piece in [Range<Int>].strips(of: own.count, length: group.parts.capacity) {
        let start = own.lowerBound + piece.lowerBound
        let maps = try group.maps(of: start..<start + piece.count, in: channels, &last)
        var offset = place
        offset[axis] += piece.lowerBound
        let places = scores.add(
          maps, of: group.numbers, at: offset, threads: options.threadCount)
        for (number, found) in zip(group.numbers, places) {
          guard var found else { continue }
          found.index += start * group.parts.slice
          if best[number].map({ found.isBetter(than: $0) }) ?? true { best[number] = found }
        }
      }
    }
    let (values, labels) = scores.finish()
    return MapStrip(values: values, labels: labels, held: held, range: range)
  }

  /// Lets go of what lies in the scene before a place of the common map.
  private func release(_ channels: [NDArray<rank, Scalar>], before place: Int) {
    let image = sceneShape.threeAxes
    let slice = (grid.axis + 1..<3).reduce(1) { $0 * image[$1] }
    let end = min(image[grid.axis], max(0, place)) * slice
    for channel in channels { channel.buffer.releasePages(of: 0..<end) }
  }

  /// The places that a query found, scored to the last digit.
  package func matches(
    of query: PeakQuery, in channels: [NDArray<rank, Scalar>]
  ) -> [TemplateMatch<rank>] {
    let homes = homes
    let found = query.found.map { candidate in
      let number = Int(candidate.label)
      let (group, index) = (groups[homes[number].group], homes[number].index)
      let place = grid.extents.position(ofIndex: candidate.index)
      let start = grid.place(of: group)
      let match: Match<rank> = group.windows(index, in: channels).match(
        at: Extents { place[$0] - start[$0] }, query)
      return TemplateMatch(template: number, match: match)
    }
    let metric = options.metric
    return found.filter { query.options.admits($0.match.score) }.sorted {
      $0.match.score == $1.match.score && $0.match.position == $1.match.position
        ? $0.template < $1.template : $0.match.precedes($1.match, by: metric)
    }
  }

  /// The best place of each template, scored to the last digit, of their indices.
  package func bestMatches(
    _ places: [Int?], in channels: [NDArray<rank, Scalar>]
  ) -> [Match<rank>?] {
    let homes = homes
    return places.enumerated().map { number, place in
      guard let place else { return nil }
      let group = groups[homes[number].group]
      let output = group.geometry.output.position(ofIndex: place)
      let offset = group.geometry.offset
      return Match(
        position: Position { output[$0 + 3 - rank] + offset[$0 + 3 - rank] },
        score: group.windows(homes[number].index, in: channels).score(at: output))
    }
  }

  /// The part of the common map that has scores of a template, along each axis.
  package func commonRanges(of template: Int) -> [Range<Int>] {
    let group = groups[homes[template].group]
    let start = grid.place(of: group)
    return (3 - rank..<3).map { start[$0]..<start[$0] + group.geometry.output[$0] }
  }

  /// The group of each template, and its number there.
  private var homes: [(group: Int, index: Int)] {
    var result = Array(repeating: (group: 0, index: 0), count: count)
    for (group, content) in groups.enumerated() {
      for (index, number) in content.numbers.enumerated() { result[number] = (group, index) }
    }
    return result
  }
}
