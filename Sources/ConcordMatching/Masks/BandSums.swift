import ConcordArrays
import ConcordBackends
import ConcordFiltering

/// The sums over the windows of a band, of which each is a map of its places.
struct BandSums: Sendable {
  var product: SharedBuffer<Double>
  var value: SharedBuffer<Double>
  /// Nil where a metric has no use for it.
  var square: SharedBuffer<Double>?
  /// Nil where it is `value`.
  var rootValue: SharedBuffer<Double>?
  /// Those of the template: Σ w, Σ w u, Σ w u², Σ M S and Σ M S u; nil where no mask of the scene
  /// cuts it.
  var template: [SharedBuffer<Double>]?
  /// How many elements count, if weights don't say.
  var support: SharedBuffer<Double>?
  /// How many of them are not finite; nil for none.
  var nonFinite: SharedBuffer<Double>?
  var isTermwise = false

  /// The sums of a row of places, with those of the template where these are no maps.
  func lines(from start: Int, template line: TemplateLine?) -> PlaceLines {
    func sum(_ index: Int) -> PlaceLines.Line {
      if let line { return PlaceLines.Line(values: line.values[index], start: 0) }
      return PlaceLines.Line(values: template?[index] ?? product, start: start)
    }
    return PlaceLines(
      product: PlaceLines.Line(values: product, start: start),
      value: PlaceLines.Line(values: value, start: start),
      square: PlaceLines.Line(values: square ?? product, start: start),
      rootValue: PlaceLines.Line(values: rootValue ?? value, start: start),
      count: sum(0), sum: sum(1), squares: sum(2), rootCount: sum(3), rootSum: sum(4))
  }
}

extension MaskedEngine {
  /// Makes the sums of a band from the block of the scene that it covers.
  func sums(
    _ band: MatchBand, _ block: SceneBlock<Scalar>, _ scene: SceneUnits
  ) throws(ConcordError) -> BandSums {
    let threads = options.threadCount
    func run(
      _ correlations: SharedCorrelations, _ channel: SceneChannel, _ count: Int
    ) -> [SharedBuffer<Double>] {
      correlations.run(
        block.channel(channel, mean: scene.mean, scale: scene.scale, threads: threads),
        first: count)
    }
    let hasSquares = !options.metric.isProduct
    let isBinary = template.isBinary && scene.isBinary
    let main = try correlations(block.weights == nil ? .pair : .triple, band)
    let values = run(main, .value, 2)
    var sums = BandSums(product: values[1], value: values[0])
    sums.isTermwise = main.isTermwise
    if hasSquares { sums.square = run(main, .square, 1)[0] }
    let roots =
      options.metric.isCentred && !isBinary
      ? template.isBinary ? main : try correlations(.roots, band) : nil
    if let roots { sums.rootValue = run(roots, .rootValue, 1)[0] }
    if block.weights != nil {
      var template = run(main, .weight, hasSquares ? 3 : 2)
      if !hasSquares { template.append(template[1]) }
      template += roots.map { run($0, .rootWeight, 2) } ?? Array(template.prefix(2))
      sums.template = template
      if !isBinary { sums.support = try run(supports(band), .support, 1)[0] }
    }
    if scene.holdsNonFinite { sums.nonFinite = try run(supports(band), .nonFinite, 1)[0] }
    return sums
  }

  /// Correlations with 1 for every element of the template that counts.
  private func supports(_ band: MatchBand) throws(ConcordError) -> SharedCorrelations {
    try correlations(template.isBinary ? .pair : .support, band)
  }
}

/// What is subtracted from a scene, and what brings the rest near 1.
struct SceneUnits: Sendable {
  let mean: Double
  let scale: Double
  /// Whether weights are 0 and 1 only.
  let isBinary: Bool
  let holdsNonFinite: Bool
}

/// The largest value of a map.
func largest(of values: SharedBuffer<Double>, threads: Int) -> Double {
  let step = 1 << 15
  let ranges = (0..<values.count.parts(of: step)).map {
    $0 * step..<min(($0 + 1) * step, values.count)
  }
  var parts = SharedBuffer<Double>(repeating: 0, count: ranges.count)
  fillRanges(ranges.indices.map { $0..<($0 + 1) }, of: &parts, threads: threads) {
  } body: { task, out, _ in
    out[0] = Double.finiteRange(of: values.span.extracting(ranges[task]))?.upperBound ?? 0
  }
  return (0..<parts.count).reduce(0) { max($0, parts[$1]) }
}
