import Concord
import ConcordBackends
import ConcordFiles

// Scenes whose maps of scores are too large to be held.
extension MatchJob {
  /// Finds places strip by strip; nil where the map is small, or needed as a whole.
  func searchInStrips<let rank: Int, S: RealScalar & CommandElement>(
    _ scene: [NDArray<rank, S>], _ template: [NDArray<rank, S>]
  ) throws(ConcordError) -> Report? {
    let writesStrips = settings.output.map { $0.lowercased().hasSuffix(".npy") } ?? true
    let verifies = settings.samples != nil
    guard !masks.isUsed, picture == nil, writesStrips, scene.count == 1 || channels == .joint,
      scene.count == template.count, !verifies || options.extent == .valid
    else { return nil }
    let count = try options.scoresCount(of: template[0].shape, in: scene[0].shape)
    guard StripMatcher<rank, S>.suits(count, memoryLimit: options.memoryLimit) else { return nil }
    guard let output = settings.output else {
      return try strips(scene, template) { (_) throws(ConcordError) in }
    }
    var report: Report?
    let shape = try StripMatcher(channels: template, scene: scene[0].shape, options: options)
      .scoresShape
    try SignalWriter<S>.write(shape: shape.components, to: output) {
      (writer) throws(ConcordError) in
      report = try strips(scene, template) { (part) throws(ConcordError) in
        try writer.append(part)
      }
    }
    report?.addOutput(output, shape: shape.components, precision: S.precision)
    return report
  }

  private func strips<let rank: Int, S: RealScalar & CommandElement>(
    _ scene: [NDArray<rank, S>], _ template: [NDArray<rank, S>],
    write: (Signal<S>) throws(ConcordError) -> Void
  ) throws(ConcordError) -> Report {
    var samples = StripSamples<S>(settings.samples ?? 0)
    var waits: [Double] = []
    var queries: [PeakQuery] = []
    let clock = ContinuousClock()
    let measured = try settings.measure { () throws(ConcordError) in
      let matcher = try StripMatcher(channels: template, scene: scene[0].shape, options: options)
      samples.choose(of: matcher.scoresShape.count)
      settings.progress.begin(steps: matcher.stripCount * settings.applications)
      return matcher
    } run: { (matcher) throws(ConcordError) in
      queries = try self.queries(of: matcher, template[0].shape)
      let isFirst = waits.isEmpty
      var wait = 0.0
      var written = 0
      try matcher.search(scene, &queries) { elements in
        let start = clock.now
        for channel in scene { channel.buffer.loadPages(of: elements) }
        wait += (clock.now - start).inSeconds
      } visit: { (strip) throws(ConcordError) in
        let start = clock.now
        let own = strip.values.part(strip.strip)
        if isFirst && written < matcher.scoresShape.count {
          samples.look(at: own.span, from: written)
          try write(Signal(shape: Shape(count: own.count), buffer: own))
        }
        written += own.count
        settings.progress.step()
        wait += (clock.now - start).inSeconds
      }
      waits.append(wait)
    }
    var timing = measured.timing
    timing.subtract(waits)
    let matcher = measured.prepared
    var report = Report(
      title: "match \(self.template.summary) in \(self.scene.summary)",
      algorithm: matcher.choice.strategy.algorithm.rawValue,
      shape: matcher.scoresShape.components, timing: timing)
    let found = try places.found(
      matcher.matches(of: queries[0], in: scene), scene: scene, template: template)
    describe(found, in: &report)
    if queries.count > 1, let ratio = PeakSearch.ratio(queries[1].found.map(\.value)) {
      report.add("peak ratio", Format.significant(ratio), key: "peak_ratio", .number(ratio))
    }
    report.fields.append(("streamed", .boolean(true)))
    report.fields.append(("strips", .integer(matcher.stripCount)))
    try samples.finish(
      scene: scene, template: template, map: matcher.scoresShape, options, in: &report)
    try writeTable(found, in: &report)
    return report
  }

  /// What is looked for: the places, and for scores the best two.
  private func queries<let rank: Int, S: RealScalar>(
    of matcher: StripMatcher<rank, S>, _ template: Shape<rank>
  ) throws(ConcordError) -> [PeakQuery] {
    let isStack = self.template.rank < scene.rank
    var queries = [try matcher.query(try places.options(axes: rank, isStack: isStack))]
    if let distance = try places.ratioDistance(of: matcher.options, template, isStack) {
      queries.append(try matcher.query(PeakOptions(count: 2, minimumDistance: distance)))
    }
    return queries
  }
}

/// Random scores of a map that comes strip by strip, with all that their definition needs.
private struct StripSamples<S: RealScalar & CommandElement> {
  private var wanted: Int
  /// Indices in the map, in order.
  private var indices: [Int] = []
  private var values: [S] = []
  private var largest = 0.0

  init(_ wanted: Int) { self.wanted = wanted }

  mutating func choose(of count: Int) {
    guard count > 0, indices.isEmpty else { return }
    indices = (0..<wanted).map { _ in Int.random(in: 0..<count) }.sorted()
  }

  /// Takes note of the scores that follow those that were seen.
  @_specialize(exported:false,where S == Float)
  @_specialize(exported:false,where S == Double)
  mutating func look(at scores: Span<S>, from first: Int) {
    if wanted == 0 { return }
    for index in scores.indices {
      let magnitude = abs(Double(scores[index]))
      if magnitude.isFinite { largest = max(largest, magnitude) }
    }
    while values.count < indices.count, indices[values.count] < first + scores.count {
      values.append(scores[indices[values.count] - first])
    }
  }

  /// Compares them with the definition, each with its own window of the scene.
  func finish<let rank: Int>(
    scene: [NDArray<rank, S>], template: [NDArray<rank, S>], map: Shape<rank>,
    _ options: MatchingOptions, in report: inout Report
  ) throws(ConcordError) {
    guard wanted > 0 else { return }
    var verification = Verification(samples: wanted)
    let definition = MatchDefinition(
      template: template.map { Grid($0) }, options: options, precision: S.precision)
    for (index, value) in zip(indices, values) {
      let place = map.position(ofIndex: index)
      let ranges = (0..<rank).map { place[$0]..<(place[$0] + template[0].shape[$0]) }
      var windows: [Grid] = []
      for channel in scene { windows.append(Grid(try channel.view.view(ranges).copied())) }
      let expected = try definition.outputs(scene: windows).value(Array(repeating: 0, count: rank))
      verification.add(value.complexDouble, expected: expected, largest: largest)
    }
    try verification.finish(in: &report, precision: S.precision)
  }
}

extension Timing {
  /// Takes away the seconds of each run in which files were read and written.
  mutating func subtract(_ waits: [Double]) {
    guard let first = waits.first else { return }
    guard let whole = self.first else {
      seconds -= first
      return
    }
    self.first = whole - first
    for (index, wait) in waits.dropFirst().enumerated() where index < runs.count {
      runs[index] -= wait
    }
    let sorted = runs.sorted()
    let middle = sorted.count / 2
    seconds =
      sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
