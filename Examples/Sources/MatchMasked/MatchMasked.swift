import Concord

/// Looks for a round object, whatever is behind it, in frames with dead pixels, and finds how far two
/// frames with holes have moved.
@main
struct MatchMasked {
  static func main() throws {
    try findDisc()
    try findShift()
  }

  /// A disc before another background; some pixels of the frame are NaN.
  static func findDisc() throws {
    let object = Image<Float>(shape: [25, 25]) { texture($0.row, $0.column) }
    let disc = Mask<2>(shape: [25, 25]) {
      ($0.row - 12) * ($0.row - 12) + ($0.column - 12) * ($0.column - 12) <= 144
    }
    var frame = Image<Float>(shape: [120, 160]) { 1000 + 3 * texture($0.column, 2 * $0.row) }
    for row in 0..<25 {
      for column in 0..<25 where disc[row, column] {
        frame[40 + row, 90 + column] = 5000 + 2 * object[row, column]
      }
    }
    for row in stride(from: 3, to: 120, by: 8) { frame[row, 100] = .nan }

    let matcher = try MaskedTemplateMatcher(
      template: object, mask: disc, scene: frame.shape, nan: .asMask)
    guard let match = try matcher.bestMatch(in: frame) else { return }
    print("Found at \(match.position) with a score of \(match.score)")
    precondition(match.position == Position(row: 40, column: 90) && match.score > 0.9999)
  }

  /// Two frames of one scene, 7 rows and -12 columns apart, of which neither is whole.
  static func findShift() throws {
    let first = Image<Float>(shape: [90, 100]) { texture($0.row, $0.column) }
    let second = Image<Float>(shape: [90, 100]) { texture($0.row + 7, $0.column - 12) }
    let seen = Mask<2>(shape: [90, 100]) { $0.row > 10 && ($0.row + $0.column) % 17 > 2 }
    let other = Mask<2>(shape: [90, 100]) { $0.column < 80 && $0.column % 13 != 0 }

    // All displacements that overlap by a third of what they could.
    var options = MatchingOptions(metric: .zncc, extent: .full)
    options.minimumOverlap = 0.3
    let matcher = try MaskedTemplateMatcher(
      template: second, mask: other, scene: first.shape, options: options)
    guard let match = try matcher.bestMatch(in: first, mask: seen) else { return }
    print("Moved by \(match.position) with a score of \(match.score)")
    precondition(match.position == Position(row: 7, column: -12) && match.score > 0.9999)
  }

  /// Numbers without a pattern.
  static func texture(_ row: Int, _ column: Int) -> Float {
    let x = (row &* 73_856_093) ^ (column &* 19_349_663)
    return Float(((x ^ (x >> 7)) &* 2_654_435_761) >> 8 & 255)
  }
}
