import ConcordArrays
import ConcordBackends
import ConcordFiltering

/// The sums over the windows of a band, of which each is a map of its places.
struct BandSums: Sendable {
  var product: SharedBuffer<Double>
  /// Nil where it is 0, since nothing was subtracted, or of no use.
  var value: SharedBuffer<Double>?
  /// Nil where a metric has no use for it.
  var square: SharedBuffer<Double>?
  /// Nil where it is `value`.
  var rootValue: SharedBuffer<Double>?
  /// Those of the template: Σ w, Σ w u, Σ w u², Σ M S and Σ M S u; nil where no mask of the scene
  /// cuts it.
  var template: [SharedBuffer<Double>?]?
  /// How many elements count, if weights don't say.
  var support: SharedBuffer<Double>?
  /// How many of them are not finite; nil for none.
  var nonFinite: SharedBuffer<Double>?
  var isTermwise = false

  /// The sums of a row of places, with those of the template where these are no maps, and zeros for
  /// what is of no use.
  func lines(
    from start: Int, template parts: TemplateLine?, zeros: SharedBuffer<Double>
  ) -> PlaceLines {
    func line(_ map: SharedBuffer<Double>?) -> PlaceLines.Line {
      PlaceLines.Line(values: map ?? zeros, start: map == nil ? 0 : start)
    }
    func sum(_ index: Int) -> PlaceLines.Line {
      if let parts { return PlaceLines.Line(values: parts.values[index], start: 0) }
      return line(template?[index])
    }
    return PlaceLines(
      product: line(product), value: line(value), square: line(square),
      rootValue: line(rootValue ?? value),
      count: sum(0), sum: sum(1), squares: sum(2), rootCount: sum(3), rootSum: sum(4),
      same: parts?.same)
  }
}

extension MaskedEngine {
  /// Makes the sums of a band from the block of the scene that it covers.
  func sums(
    _ band: MatchBand, _ block: SceneBlock<Scalar>, _ scene: SceneUnits
  ) throws(ConcordError) -> BandSums {
    let threads = options.threadCount
    func run(
      _ correlations: SharedCorrelations, _ channel: SceneChannel, _ kernels: [Int]
    ) -> [SharedBuffer<Double>] {
      correlations.run(
        block.channel(channel, mean: scene.mean, scale: scene.scale, threads: threads),
        with: kernels)
    }
    let metric = options.metric
    let isBinary = template.isBinary && scene.isBinary
    let main = try correlations(block.weights == nil ? .pair : .triple, band)
    // Wherever all of the template counts, u has a mean of 0, and that of g adds nothing to products.
    let isWhole = metric == .zeroMeanCross && isBinary && block.weights == nil && parts == nil
    let values = run(main, .value, template.isCentred && !isWhole ? [1, 0] : [1])
    var sums = BandSums(product: values[0], value: values.count > 1 ? values[1] : nil)
    sums.isTermwise = main.isTermwise
    if !metric.isProduct { sums.square = run(main, .square, [0])[0] }
    let roots =
      metric.isCentred && !isBinary
      ? template.isBinary ? main : try correlations(.roots, band) : nil
    if let roots { sums.rootValue = run(roots, .rootValue, [0])[0] }
    if block.weights != nil {
      var wanted = [0]
      if template.isCentred { wanted.append(1) }
      if !metric.isProduct { wanted.append(2) }
      var list = [SharedBuffer<Double>?](repeating: nil, count: 5)
      for (kernel, sum) in zip(wanted, run(main, .weight, wanted)) { list[kernel] = sum }
      let others = roots.map { run($0, .rootWeight, [0, 1]) }
      list[3] = others?[0] ?? list[0]
      list[4] = others?[1] ?? list[1]
      sums.template = list
      if !isBinary { sums.support = try run(supports(band), .support, [0])[0] }
    }
    if scene.holdsNonFinite { sums.nonFinite = try run(supports(band), .nonFinite, [0])[0] }
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
