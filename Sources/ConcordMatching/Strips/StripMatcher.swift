package import ConcordArrays
import ConcordBackends
package import ConcordFiltering

/// A template looked for in a scene strip by strip, for maps of scores that are too large to be held.
///
/// Parts of the scene, all of one length, are matched as scenes of their own by one ``TemplateMatcher``.
package struct StripMatcher<let rank: Int, Scalar: RealScalar>: Sendable {
  /// For a part of the scene.
  private let matcher: TemplateMatcher<rank, Scalar>
  private let contents: PreparedTemplate<Scalar>
  private let parts: SceneParts

  /// The shape of the whole map.
  package let scoresShape: Shape<rank>
  /// Where the template's first element lies in the scene for the first score.
  package let firstPosition: Position<rank>

  /// Maps of more bytes come in strips.
  package static var heldBytes: Int { 64 << 20 }

  /// The bytes of a strip.
  private static var stripBytes: Int { 24 << 20 }

  /// What the sums of products in a strip may work in.
  private static var workingBytes: Int { 64 << 20 }

  /// Whether a map of so many scores comes in strips.
  package static func suits(_ scores: Int, memoryLimit: Int?) -> Bool {
    scores * MemoryLayout<Scalar>.stride > min(heldBytes, memoryLimit ?? .max)
  }

  /// Prepares a template of one or several channels, for strips of so many bytes; nil for what is good for
  /// most scenes.
  ///
  /// - Throws: As ``TemplateMatcher/init(channels:scene:options:)``.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  package init(
    channels: [NDArray<rank, Scalar>], scene: Shape<rank>, options: MatchingOptions,
    bytes: Int? = nil
  ) throws(ConcordError) {
    guard let first = channels.first else { throw .empty(what: "the list of channels") }
    for channel in channels where channel.shape != first.shape {
      throw .shapesDiffer(expected: first.shape.components, found: channel.shape.components)
    }
    _ = try options.scoresCount(of: first.shape, in: scene)
    let geometry = try ConvolutionGeometry(
      image: scene.components, kernel: first.shape.components, operation: .correlation,
      options: options.windows)
    scoresShape = Shape(threeAxes: geometry.output)
    let offset = geometry.offset
    firstPosition = Position { offset[$0 + 3 - rank] }
    let bytes = bytes ?? min(Self.stripBytes, (options.memoryLimit ?? .max) / 4)
    let slice = SceneParts(geometry, outputs: 1).slice * MemoryLayout<Scalar>.stride
    parts = SceneParts(geometry, outputs: max(1, bytes / max(1, slice)))
    var extents = geometry.image
    extents[parts.axis] = parts.length
    var own = options
    own.memoryLimit =
      options.memoryLimit ?? max(Self.workingBytes, 64 * first.count * MemoryLayout<Scalar>.stride)
    matcher = try TemplateMatcher(
      channels: channels, scene: Shape(threeAxes: extents), options: own)
    contents = matcher.contents
  }

  /// The strategy of the sums of products.
  package var choice: StrategyEstimate { matcher.plan.choice }

  /// What was asked for.
  package var options: MatchingOptions { contents.options }

  /// How many strips a pass has.
  package var stripCount: Int { strips(margin: 0).count }

  /// Looks for peaks, in as many passes as they need: nearly always one.
  ///
  /// Pages of a mapped scene are let go of behind each strip. `willRead` is told the range of a channel's elements before
  /// they are read; `visit` is given the strips in order, in each pass.
  package func search(
    _ channels: [NDArray<rank, Scalar>], _ queries: inout [PeakQuery],
    willRead: (Range<Int>) -> Void = { _ in },
    visit: (MapStrip<Scalar>) throws(ConcordError) -> Void = { _ throws(ConcordError) in }
  ) throws(ConcordError) {
    try check(channels)
    let margin = queries.reduce(0) { max($0, $1.margin) }
    repeat {
      for range in strips(margin: margin) {
        let strip = try strip(
          range, margin: margin, of: channels, willRead: willRead)
        for index in queries.indices where !queries[index].isDone { queries[index].look(at: strip) }
        try visit(strip)
      }
      for index in queries.indices where !queries[index].isDone { queries[index].endPass() }
    } while !queries.allSatisfy { $0.isDone }
  }

  /// A query for this map, with the defaults of ``TemplateMatcher/matches(in:scores:_:)``.
  package func query(_ peaks: PeakOptions) throws(ConcordError) -> PeakQuery {
    var peaks = peaks
    peaks.seeking = options.metric.isDistance ? .minima : .maxima
    peaks.threads = peaks.threads ?? options.threads
    if peaks.minimumDistance.isEmpty { peaks.minimumDistance = matcher.defaultPeakDistance }
    return try PeakQuery(peaks, map: parts.geometry.output, axes: rank, axis: parts.axis)
  }

  /// The places that a query found, scored to the last digit, and fitted to such scores.
  package func matches(
    of query: PeakQuery, in channels: [NDArray<rank, Scalar>]
  ) -> [Match<rank>] {
    let windows = WindowScores(
      scene: channels.map { $0.buffer }, contents, parts.geometry)
    let found: [Match<rank>] = query.found.map { windows.match(at: $0.index, query) }
    let metric = options.metric
    return found.filter { query.options.admits($0.score) }.sorted { $0.precedes($1, by: metric) }
  }

  private func check(_ channels: [NDArray<rank, Scalar>]) throws(ConcordError) {
    guard channels.count == contents.given.count else {
      throw .elementCount(expected: contents.given.count, found: channels.count)
    }
    let scene = Shape<rank>(threeAxes: parts.geometry.image)
    for channel in channels where channel.shape != scene {
      throw .shapesDiffer(expected: scene.components, found: channel.shape.components)
    }
  }

  /// The ranges of the map's outermost axis that come one after the other.
  private func strips(margin: Int) -> [Range<Int>] {
    let length = max(parts.capacity - 2 * margin, (parts.capacity + 1) / 2)
    return .strips(of: parts.geometry.output[parts.axis], length: length)
  }

  private func strip(
    _ range: Range<Int>, margin: Int, of channels: [NDArray<rank, Scalar>],
    willRead: (Range<Int>) -> Void
  ) throws(ConcordError) -> MapStrip<Scalar> {
    let held = range.widened(by: margin, within: parts.geometry.output[parts.axis])
    let pieces: [Range<Int>] = .strips(of: held.count, length: parts.capacity)
    if pieces.count == 1 {
      let values = try scores(of: held, in: channels, willRead: willRead)
      return MapStrip(values: values, labels: nil, held: held, range: range)
    }
    // Neighbourhoods that reach further than a part.
    var values = SharedBuffer<Scalar>(uninitializedCount: parts.count(of: held.count))
    for piece in pieces {
      let start = held.lowerBound + piece.lowerBound
      let some = try scores(of: start..<start + piece.count, in: channels, willRead: willRead)
      values.copyElements(0..<some.count, of: some, to: parts.count(of: piece.lowerBound))
    }
    return MapStrip(values: values, labels: nil, held: held, range: range)
  }

  /// The scores of a range of places along the axis, of one part of the scene.
  private func scores(
    of outputs: Range<Int>, in channels: [NDArray<rank, Scalar>], willRead: (Range<Int>) -> Void
  ) throws(ConcordError) -> SharedBuffer<Scalar> {
    let (range, first) = parts.part(of: outputs)
    let pixels = elements(of: range)
    willRead(pixels)
    let scores = try matcher.scores(in: channels.map { $0.part(range, along: parts.axis) })
    if !parts.isWhole {
      for channel in channels { channel.buffer.releasePages(of: pixels) }
    }
    let slice = parts.slice
    return scores.buffer.part(first * slice..<(first + outputs.count) * slice)
  }

  /// The elements of a channel in a range of the axis, as far as it lies inside.
  private func elements(of range: Range<Int>) -> Range<Int> {
    let image = parts.geometry.image
    let slice = (parts.axis + 1..<3).reduce(1) { $0 * image[$1] }
    let inside = range.clamped(to: 0..<image[parts.axis])
    return inside.lowerBound * slice..<inside.upperBound * slice
  }
}

extension Array where Element == Range<Int> {
  /// Ranges of at most `length` that make up 0..<count.
  static func strips(of count: Int, length: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: Swift.max(1, length)).map {
      $0..<Swift.min($0 + Swift.max(1, length), count)
    }
  }
}
