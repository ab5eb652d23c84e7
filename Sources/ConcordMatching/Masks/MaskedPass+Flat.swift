import ConcordArrays
import ConcordBackends
import ConcordFiltering

extension MaskedPass {
  /// Fewer elements than this are quicker summed than anything is looked for.
  private static var fewElements: Int { 1 << 20 }

  /// Scores the doubtful places of a band that are flat, where there are many, and returns the others
  /// by their places in the output.
  ///
  /// A scene's empty parts have no contrast at all, which sums of transforms can't tell from a little.
  func settleFlat(
    _ doubtful: [Int], _ band: MatchBand, _ block: SceneBlock<Scalar>, _ sums: BandSums,
    _ rule: MaskedRule<Scalar>, in scores: inout SharedBuffer<Scalar>
  ) -> [Int] {
    let first = band.range.lowerBound
    let correlations = try? engine.correlations(block.weights == nil ? .pair : .triple, band)
    guard !rule.metric.isProduct, let geometry = correlations?.geometry,
      isWorthwhile(doubtful, geometry, FlatBoxes<Scalar>.work(geometry))
    else { return doubtful.map { first + $0 } }
    var others = settle(
      doubtful, by: FlatBoxes(block, geometry, threads: threads).values(at: doubtful),
      band, sums, rule, in: &scores)
    if engine.parts != nil || sums.template != nil, rule.metric == .zncc || rule.metric == .ncc,
      isWorthwhile(others, geometry, 2 * FlatBoxes<Scalar>.work(geometry)),
      let parts = FlatBoxes(
        engine.template, over: geometry, lags: band.lags, options: engine.options.products,
        threads: threads)
    {
      let values = parts.values(at: others)
      var rest: [Int] = []
      for (index, value) in zip(others, values) {
        if rule.metric == .zncc ? value.isNaN : value != 0 {
          rest.append(index)
        } else {
          scores[first + index] = Scalar(rule.flatScore)
        }
      }
      others = rest
    }
    return others.map { first + $0 }
  }

  /// Whether to sum the elements that count at some places is more work than another way.
  private func isWorthwhile(
    _ places: [Int], _ geometry: ConvolutionGeometry, _ other: Int
  ) -> Bool {
    let (output, kernel, image) = (geometry.output, geometry.kernel, geometry.image)
    let inside = (0..<3).map { axis in
      (0..<output[axis]).map { place in
        let start = place + geometry.offset[axis]
        return max(0, min(kernel[axis], image[axis] - start) - max(0, -start))
      }
    }
    let limit = max(Self.fewElements, other)
    var elements = 0
    for index in places {
      let (row, column) = (index / output.columns, index % output.columns)
      elements += inside[0][row / output.rows] * inside[1][row % output.rows] * inside[2][column]
      if elements > limit { return true }
    }
    return false
  }

  /// Scores the places of a band whose windows have one value, and returns the others.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  private func settle(
    _ places: [Int], by values: [Double], _ band: MatchBand, _ sums: BandSums,
    _ rule: MaskedRule<Scalar>, in scores: inout SharedBuffer<Scalar>
  ) -> [Int] {
    let first = band.range.lowerBound
    var others: [Int] = []
    var lines = FlatLines(band: band, sums: sums)
    for (index, value) in zip(places, values) {
      var score: Double?
      switch rule.metric {
      case .zncc: score = value.isNaN ? nil : rule.flatScore
      case .ncc: score = value == 0 ? rule.flatScore : nil
      default:
        if !value.isNaN {
          score = rule.score(
            ofFlat: value * units.scale, lines.sums(at: index, engine, isBinary: isBinary))
        }
      }
      if let score { scores[first + index] = Scalar(score) } else { others.append(index) }
    }
    return others
  }
}

/// The sums of places of a band, which are asked for row by row.
private struct FlatLines {
  let band: MatchBand
  let sums: BandSums
  private var current: (row: Int, lines: PlaceLines)?

  init(band: MatchBand, sums: BandSums) {
    self.band = band
    self.sums = sums
  }

  mutating func sums<Scalar>(
    at index: Int, _ engine: MaskedEngine<Scalar>, isBinary: Bool
  ) -> PlaceSums {
    let columns = band.count.columns
    let (row, column) = (index / columns, index % columns)
    let lines = current?.row == row ? current?.lines : nil
    let found =
      lines
      ?? sums.lines(
        from: row * columns, template: line(row, engine),
        zeros: SharedBuffer(repeating: 0, count: columns))
    current = (row, found)
    var place = found[column]
    if isBinary { place.template.count = place.template.count.rounded() }
    return place
  }

  private func line<Scalar>(_ row: Int, _ engine: MaskedEngine<Scalar>) -> TemplateLine? {
    guard sums.template == nil else { return nil }
    return engine.parts?.line(
      plane: band.start.planes + row / band.count.rows,
      row: band.start.rows + row % band.count.rows)
      ?? TemplateLine(repeating: engine.template.whole, columns: band.count.columns)
  }
}
