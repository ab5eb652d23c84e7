import Concord
import ConcordFiles

/// Which places of a map of scores are wanted, before the number of axes is known.
struct PeakSearch {
  let count: Int
  let threshold: Double?
  let minimumDistance: [Int]?
  let neighborhood: [Int]?
  let border: [Int]?
  let subpixel: SubpixelMethod?
  /// The probability of the interval of each score.
  let confidence: Double?
  /// Where the table goes.
  let table: String?

  /// The places of a template in channels of a scene that are matched together, whose planes may be
  /// images of their own; with the number of their channel, where each is searched.
  func run<let rank: Int, S: RealScalar>(
    _ matcher: SceneMatcher<rank, S>, scene: [NDArray<rank, S>], template: [NDArray<rank, S>],
    scores: NDArray<rank, S>, isStack: Bool, channel: Int?
  ) throws(ConcordError) -> [FoundPlace<rank>] {
    let options = try options(axes: rank, isStack: isStack)
    let matches = try matcher.matches(in: scene, scores: scores, options)
    return try found(matches, scene: scene, template: template, channel: channel)
  }

  /// Places as they are told.
  func found<let rank: Int, S: RealScalar>(
    _ matches: [Match<rank>], scene: [NDArray<rank, S>], template: [NDArray<rank, S>],
    channel: Int? = nil
  ) throws(ConcordError) -> [FoundPlace<rank>] {
    var places: [FoundPlace<rank>] = []
    for match in matches {
      let interval = try interval(of: match, in: scene[0], template[0])
      places.append(
        FoundPlace(
          match: match, channel: channel, tellsSubpixel: subpixel != nil, interval: interval))
    }
    return places
  }

  /// How much the best place stands out from all others; nil for distances, which are near 0 there.
  func ratio<let rank: Int, S: RealScalar>(
    _ scores: NDArray<rank, S>, by matcher: SceneMatcher<rank, S>, isStack: Bool
  ) throws(ConcordError) -> Double? {
    let distance = try ratioDistance(of: matcher.options, matcher.templateShape, isStack)
    guard let distance else { return nil }
    return try scores.peakRatio(minimumDistance: distance, threads: matcher.options.threads)
  }

  /// How far the other place is away that the best one is compared with; nil for distances.
  func ratioDistance<let rank: Int>(
    of options: MatchingOptions, _ template: Shape<rank>, _ isStack: Bool
  ) throws(ConcordError) -> [Int]? {
    guard !options.metric.isDistance else { return nil }
    let given = try list(minimumDistance, axes: rank, ofImages: isStack ? 1 : nil)
    return given ?? template.components.map { max(1, ($0 + 1) / 2) }
  }

  /// The best value over the second.
  static func ratio(_ values: [Double]) -> Double? {
    guard values.count == 2, values[0] > 0 else { return nil }
    return values[1] > 0 ? values[0] / values[1] : .infinity
  }

  /// The peaks that are wanted of a map of so many axes.
  func options(axes: Int, isStack: Bool) throws(ConcordError) -> PeakOptions {
    var options = PeakOptions(count: count, threshold: threshold)
    let images = isStack ? 0 : nil
    options.minimumDistance =
      try list(minimumDistance, axes: axes, ofImages: isStack ? 1 : nil) ?? []
    // Images of a stack are searched one by one.
    options.neighborhood =
      try list(neighborhood ?? (isStack ? [1] : nil), axes: axes, ofImages: images) ?? []
    options.border = try list(border, axes: axes, ofImages: images) ?? []
    options.subpixel = subpixel
    return options
  }

  /// One number for each axis, of one for each or one for all; `ofImages` along a stack.
  private func list(
    _ values: [Int]?, axes: Int, ofImages images: Int?
  ) throws(ConcordError) -> [Int]? {
    guard let values else { return nil }
    let own = images == nil ? axes : axes - 1
    guard values.count == own || values.count == 1 else {
      throw .elementCount(expected: own, found: values.count)
    }
    let given = values.count == 1 ? Array(repeating: values[0], count: own) : values
    return (images.map { [$0] } ?? []) + given
  }

  /// The interval of a score, of as many pixels as count.
  func interval<let rank: Int, S: RealScalar>(
    of match: Match<rank>, in scene: NDArray<rank, S>, _ template: NDArray<rank, S>
  ) throws(ConcordError) -> ClosedRange<Double>? {
    guard let confidence else { return nil }
    let ranges = (0..<rank).map {
      match.position[$0]..<(match.position[$0] + template.shape[$0])
    }
    let window = try scene.view.view(ranges).copied()
    return try ScoreConfidence(
      score: match.score, effectiveCount: window.effectiveCount(with: template)
    ).interval(level: confidence)
  }
}

/// A place as it is told.
struct FoundPlace<let rank: Int> {
  let match: Match<rank>
  /// Which channel it was found in, where each was searched.
  let channel: Int?
  /// Whether a place between pixels was asked for.
  let tellsSubpixel: Bool
  let interval: ClosedRange<Double>?
  /// Which template it is, where there are several.
  var template: NamedTemplate?

  /// The names of the axes, innermost last.
  private static var axes: [String] { Array(["plane", "row", "column"].suffix(rank)) }

  /// The place and the score as an object.
  var json: JSONValue {
    var fields = channel.map { [(key: "channel", value: JSONValue.integer($0))] } ?? []
    fields += template?.fields ?? []
    fields += zip(Self.axes, match.position.components).map {
      (key: $0, value: JSONValue.integer($1))
    }
    fields.append(("score", .number(match.score)))
    if tellsSubpixel { fields.append(("subpixel", subpixel)) }
    if let interval {
      fields.append(("interval", .numbers([interval.lowerBound, interval.upperBound])))
    }
    return .object(fields)
  }

  private var subpixel: JSONValue {
    guard let fit = match.fit else { return .number(.nan) }
    let place = zip(Self.axes, match.place.components).map {
      (key: $0, value: JSONValue.number($1))
    }
    return .object(place + [("score", .number(fit.value))])
  }

  /// The place and the score for people.
  var text: String {
    var parts = channel.map { ["channel \($0)"] } ?? []
    if let template { parts.append(template.text) }
    parts += zip(Self.axes, match.position.components).map { "\($0) \($1)" }
    parts.append("score \(Format.significant(match.score, digits: 5))")
    if let interval {
      let bounds = [interval.lowerBound, interval.upperBound].map {
        Format.significant($0, digits: 4)
      }
      parts.append("between \(bounds[0]) and \(bounds[1])")
    }
    if match.fit != nil {
      let place = match.place.components.map { Format.significant($0, digits: 6) }
      parts.append("fitted at (\(place.joined(separator: ", ")))")
    }
    return parts.joined(separator: ", ")
  }

  /// All places as comma-separated values, best first.
  static func table(_ places: [FoundPlace]) -> String {
    var columns = ["rank"] + (places.first?.channel == nil ? [] : ["channel"])
    if places.first?.template != nil { columns += NamedTemplate.columns(axes: rank) }
    columns += axes + ["score"]
    if places.first?.tellsSubpixel ?? false {
      columns += (axes + ["score"]).map { "subpixel_\($0)" }
    }
    if places.first?.interval != nil { columns += ["interval_low", "interval_high"] }
    let rows = places.enumerated().map { index, place in
      ["\(index + 1)"] + place.row
    }
    return ([columns] + rows).map { $0.joined(separator: ",") + "\n" }.joined()
  }

  private var row: [String] {
    var cells = channel.map { ["\($0)"] } ?? []
    cells += template?.cells ?? []
    cells += match.position.components.map(String.init) + ["\(match.score)"]
    if tellsSubpixel {
      let fit = match.fit.map { fit in match.place.components + [fit.value] }
      cells += fit.map { $0.map { "\($0)" } } ?? Array(repeating: "", count: rank + 1)
    }
    if let interval { cells += ["\(interval.lowerBound)", "\(interval.upperBound)"] }
    return cells
  }
}
