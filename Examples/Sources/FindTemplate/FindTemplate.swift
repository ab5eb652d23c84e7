import Concord

/// Looks for a part of an image in a brighter, contrastier copy of it with a large offset.
@main
struct FindTemplate {
  static func main() throws {
    let scene = Image<Float>(shape: [120, 160]) { position in
      let (y, x) = (Double(position.row), Double(position.column))
      return Float(1_000_000 + 40 * wave(x / 7) * wave(y / 11) + 10 * wave(x * y / 900))
    }
    let template = try scene.view(37..<61, 88..<120).copied() * 0.5 + 3

    guard let match = try scene.bestMatch(for: template) else { return }
    print("Found at \(match.position) with a score of \(match.score)")
    precondition(match.position == Position(row: 37, column: 88) && match.score > 0.999)
  }

  /// A smooth periodic bump between -1 and 1.
  static func wave(_ x: Double) -> Double {
    let phase = x - x.rounded()
    return 1 - 16 * phase * phase * (1 - phase * phase)
  }
}
