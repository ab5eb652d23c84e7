import Concord

/// Finds spots between pixels, says how sure their scores are, and which blocks are copies.
@main
struct LocatePeaks {
  static func main() throws {
    let centres = [(20.3, 31.6), (52.75, 70.1), (60.4, 22.2)]
    let scene = Image<Float>(shape: [80, 100]) { position in
      let spots = centres.map { spot(Double(position.row) - $0.0, Double(position.column) - $0.1) }
      return Float(10 + spots.reduce(0, +) + 0.02 * grain(position.row, position.column))
    }
    let template = Image<Float>(shape: [13, 13]) {
      Float(spot(Double($0.row) - 6, Double($0.column) - 6))
    }

    let matcher = try TemplateMatcher(template: template, scene: scene.shape)
    let scores = try matcher.scores(in: scene)
    var options = PeakOptions(count: 3, threshold: 0.8)
    options.subpixel = .gaussian
    let matches = try matcher.matches(in: scene, scores: scores, options)
    for match in matches {
      let window = try scene.view(
        match.position.row..<match.position.row + 13,
        match.position.column..<match.position.column + 13
      ).copied()
      let count = try window.effectiveCount(with: template)
      let confidence = try ScoreConfidence(score: match.score, effectiveCount: count)
      let interval = try confidence.interval()
      print(
        "Spot at row \(match.place[0] + 6), column \(match.place[1] + 6): score \(match.score), "
          + "\(interval.lowerBound) to \(interval.upperBound) with \(Int(count)) pixels that count")
      precondition(
        centres.contains {
          abs($0.0 - match.place[0] - 6) < 0.05 && abs($0.1 - match.place[1] - 6) < 0.05
        }, "A spot was placed wrongly")
    }
    precondition(matches.count == 3)

    // Three spots that are alike: none stands out from the others.
    let ratio = try scores.peakRatio(minimumDistance: [7, 7])
    print("Best over second: \(ratio ?? .nan)")
  }

  static func spot(_ y: Double, _ x: Double) -> Double {
    // A Gaussian's neighbourhood, by a power that needs no more than multiplication.
    var value = 1 - (y * y + x * x) / 256
    if value < 0 { return 0 }
    for _ in 0..<5 { value *= value }
    return value
  }

  /// Numbers without a pattern in 0...1.
  static func grain(_ row: Int, _ column: Int) -> Double {
    let mixed = (UInt32(row) &* 73_856_093) ^ (UInt32(column) &* 19_349_663)
    return Double((mixed &* 2_654_435_761) >> 16) / 65536
  }
}
