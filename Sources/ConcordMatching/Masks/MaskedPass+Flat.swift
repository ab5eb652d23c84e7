import ConcordArrays
import ConcordBackends
import ConcordFiltering

extension MaskedPass {
  /// From so many elements on, it is quicker to look for flat windows than to sum all of them anew.
  private static var manyElements: Int { 1 << 22 }

  /// Scores the doubtful places of a band that are flat, where there are many, and returns the others
  /// by their places in the output.
  ///
  /// A scene's empty parts have no contrast at all, which sums of transforms can't tell from a little.
  func settleFlat(
    _ doubtful: [Int], _ band: MatchBand, _ block: SceneBlock<Scalar>, _ sums: BandSums,
    _ rule: MaskedRule<Scalar>, in scores: inout SharedBuffer<Scalar>
  ) -> [Int] {
    let first = band.range.lowerBound
    let elements = engine.geometry.kernel.count
    guard !rule.metric.isProduct, doubtful.count > Self.manyElements / elements else {
      return doubtful.map { first + $0 }
    }
    let correlations = try? engine.correlations(block.weights == nil ? .pair : .triple, band)
    guard let geometry = correlations?.geometry else { return doubtful.map { first + $0 } }
    let windows = FlatBoxes(block, geometry, threads: threads)
    var others: [Int] = []
    var lines = FlatLines(band: band, sums: sums)
    for index in doubtful {
      let place = lines.sums(at: index, engine, isBinary: isBinary)
      if let value = windows.value(at: index),
        let score = rule.score(ofFlat: value * units.scale, place)
      {
        scores[first + index] = Scalar(score)
      } else {
        others.append(index)
      }
    }
    guard engine.parts != nil || sums.template != nil, rule.metric == .zncc || rule.metric == .ncc,
      others.count > Self.manyElements / elements,
      let parts = FlatBoxes(
        engine.template, over: geometry, lags: band.lags, options: engine.options.products,
        threads: threads)
    else { return others.map { first + $0 } }
    return others.filter { index in
      guard let value = parts.value(at: index), rule.metric == .zncc || value == 0 else {
        return true
      }
      scores[first + index] = Scalar(rule.flatScore)
      return false
    }.map { first + $0 }
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
