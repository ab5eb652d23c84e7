import ConcordArrays
import ConcordBackends
import ConcordFiltering

/// The masked scores of one scene, made band by band.
struct MaskedPass<Scalar: RealScalar> {
  let engine: MaskedEngine<Scalar>
  private let scene: SharedBuffer<Scalar>
  /// Nil where all of the scene counts.
  private let weights: MaskWeights<Scalar>?
  let units: SceneUnits
  let threads: Int

  init(
    _ engine: MaskedEngine<Scalar>, _ scene: SharedBuffer<Scalar>, _ weights: MaskWeights<Scalar>?
  ) {
    self.engine = engine
    self.scene = scene
    threads = engine.options.threadCount
    self.weights = MaskWeights.valid(scene, weights: weights, nan: engine.nan)
    let summary = summary(of: scene, weights: self.weights?.values, threads: threads)
    let mean = engine.template.isCentred ? summary.mean : 0
    // Differences of scene and template need one unit.
    let scale =
      engine.options.metric.isScaleFree
      ? unitScale(of: summary.largest + abs(summary.mean - mean)) : engine.template.scale
    units = SceneUnits(
      mean: mean, scale: scale, isBinary: self.weights?.summary.isBinary ?? true,
      holdsNonFinite: summary.holdsNonFinite || !engine.geometry.edges.value.isFinite)
  }

  var isBinary: Bool { units.isBinary && engine.template.isBinary }

  /// Overwrites scores.
  func run(into scores: inout SharedBuffer<Scalar>) throws(ConcordError) {
    var uncertain: [Int] = []
    let bands = engine.bands.bands
    var minimum: Double?
    if bands.count > 1 || engine.options.minimumOverlap == 0 { minimum = try minimumCount() }
    for band in bands {
      let block = block(of: band)
      let sums = try engine.sums(band, block, units)
      let counts = sums.template?[0].map { largest(of: $0, threads: threads) }
      let rule = rule(sums, largestCount: counts, minimum: minimum)
      let found = finish(band, sums, rule, into: &scores)
      uncertain += settleFlat(found, band, block, sums, rule, in: &scores)
    }
    guard !uncertain.isEmpty else { return }
    let windows = MaskedWindowScores(
      scene: scene, sceneWeights: weights?.values, template: engine.template,
      geometry: engine.geometry, isOpen: engine.bands.isOpen, minimumCount: 0)
    windows.run(at: uncertain, threads: threads, into: &scores)
  }

  /// The largest Σ w of any place.
  func largestCount() throws(ConcordError) -> Double {
    guard weights != nil else {
      return engine.parts?.largestCount ?? engine.template.whole.count
    }
    var found = 0.0
    for band in engine.bands.bands {
      let channel = block(of: band).channel(
        .weight, mean: units.mean, scale: units.scale, threads: threads)
      let counts = try engine.correlations(.triple, band).run(channel, with: [0])[0]
      found = max(found, largest(of: counts, threads: threads))
    }
    return isBinary ? found.rounded() : found
  }

  /// The least Σ w that is scored, of all bands together.
  private func minimumCount() throws(ConcordError) -> Double {
    engine.options.minimumOverlap > 0 ? minimumCount(try largestCount()) : minimumCount(0)
  }

  private func minimumCount(_ largest: Double) -> Double {
    // Numbers of elements are whole, and other sums round.
    if isBinary { return max(0.5, engine.options.minimumOverlap * largest.rounded()) }
    return max(.leastNormalMagnitude, engine.options.minimumOverlap * largest * (1 - 1e-12))
  }

  /// The block of the scene that a band covers.
  private func block(of band: MatchBand) -> SceneBlock<Scalar> {
    let geometry = engine.geometry
    if band.origin == Extents(0, 0, 0), band.block == geometry.image {
      return SceneBlock(pixels: scene, weights: weights?.values)
    }
    var pixels = SharedBuffer<Scalar>(uninitializedCount: band.block.count)
    var out = pixels.mutableSpan
    Scalar.gather(
      from: scene.span, extents: geometry.image, origin: band.origin, count: band.block,
      extension: geometry.edges, into: &out)
    guard let weights else { return SceneBlock(pixels: pixels, weights: nil) }
    var gathered = SharedBuffer<Scalar>(uninitializedCount: band.block.count)
    var to = gathered.mutableSpan
    // What stands outside counts as what is inside.
    Scalar.gather(
      from: weights.values.span, extents: geometry.image, origin: band.origin, count: band.block,
      extension: Extension(geometry.edges.rule, value: 1), into: &to)
    return SceneBlock(pixels: pixels, weights: gathered)
  }

  private func rule(
    _ sums: BandSums, largestCount: Double?, minimum: Double?
  ) -> MaskedRule<Scalar> {
    let (template, options) = (engine.template, engine.options)
    var levels = BandLevels(
      isTermwise: sums.isTermwise, isTemplateTransformed: sums.template != nil)
    levels.square = sums.square.map { largest(of: $0, threads: threads) } ?? 0
    levels.count = largestCount ?? template.whole.count
    let all = largestCount ?? engine.parts?.largestCount ?? template.whole.count
    return MaskedRule(
      metric: options.metric, flatScore: options.flatScore, missingScore: options.missingScore,
      sceneMean: units.mean * units.scale, templateMean: template.mean,
      templateSquares: template.whole.squares, factor: 1 / units.scale / template.scale,
      minimumCount: minimum ?? minimumCount(all), isBinary: isBinary, levels: levels)
  }

  /// Scores the places of a band; returns those that rounding may have spoilt, by their place in it.
  private func finish(
    _ band: MatchBand, _ sums: BandSums, _ rule: MaskedRule<Scalar>,
    into scores: inout SharedBuffer<Scalar>
  ) -> [Int] {
    let columns = band.count.columns
    let rows = band.count.planes * band.count.rows
    let step = max(1, (1 << 13) / columns)
    let tasks = (0..<rows.parts(of: step)).map { $0 * step..<min(($0 + 1) * step, rows) }
    let uncertain = UncertainWindows()
    let parts = engine.parts
    let zeros = SharedBuffer<Double>(repeating: 0, count: columns)
    let whole =
      sums.template == nil && parts == nil
      ? TemplateLine(repeating: engine.template.whole, columns: columns) : nil
    let ranges = tasks.map {
      (band.range.lowerBound + $0.lowerBound * columns)..<(band.range.lowerBound + $0.upperBound
        * columns)
    }
    fillRanges(ranges, of: &scores, threads: threads) {
    } body: { task, out, _ in
      var found: [Int] = []
      for row in tasks[task] {
        var line = whole
        if sums.template == nil, let parts {
          line = parts.line(
            plane: band.start.planes + row / band.count.rows,
            row: band.start.rows + row % band.count.rows)
        }
        let first = (row - tasks[task].lowerBound) * columns
        let start = row * columns
        var doubtful: [Int] = []
        rule.score(
          sums.lines(from: start, template: line, zeros: zeros), columns: columns, from: first,
          into: &out,
          &doubtful)
        if sums.support != nil || sums.nonFinite != nil {
          doubtful = mark(sums, start, doubtful, rule, columns: columns, from: first, in: &out)
        }
        found += doubtful.map { start + $0 }
      }
      uncertain.add(found)
    }
    return uncertain.indices
  }

  /// Marks places where nothing counts, or something that is not finite; returns the doubtful rest.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  private func mark(
    _ sums: BandSums, _ start: Int, _ doubtful: [Int], _ rule: MaskedRule<Scalar>, columns: Int,
    from first: Int, in out: inout MutableSpan<Scalar>
  ) -> [Int] {
    var isSettled = [Bool](repeating: false, count: columns)
    if let support = sums.support {
      for column in 0..<columns where support[start + column] < 0.5 {
        out[first + column] = Scalar(rule.missingScore)
        isSettled[column] = true
      }
    }
    if let nonFinite = sums.nonFinite {
      for column in 0..<columns where nonFinite[start + column] > 0.5 {
        out[first + column] = .nan
        isSettled[column] = true
      }
    }
    return doubtful.filter { !isSettled[$0] }
  }
}
