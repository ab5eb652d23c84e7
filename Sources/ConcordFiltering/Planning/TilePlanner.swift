import ConcordBackends

/// Chooses the tiles of overlap-save.
enum TilePlanner {
  /// Lengths that the tiles' transforms are quick at, all multiples of 16.
  private static let lengths = [
    16, 32, 48, 64, 80, 96, 128, 160, 192, 240, 256, 320, 384, 480, 512, 576, 640, 768, 800, 960,
    1024, 1152, 1280, 1536, 2048,
  ]
  /// The factors of lengths of lines, which have enough products to choose from.
  private static let lineLengths = lengths.filter {
    $0 <= 1024 ? ![240, 480, 576, 800, 960].contains($0) : $0 == 2048
  }
  private static let planeLengths =
    [1, 2, 3, 4, 5, 6, 8, 10, 12] + lengths.filter { $0 <= 256 && $0 != 240 }

  /// Why no tile holds a kernel.
  static func limits(of geometry: ConvolutionGeometry) -> String {
    let isLine = OverlapTiles.isLine(kernel: geometry.kernel, output: geometry.output)
    let longest = lengths.last ?? 0
    return isLine
      ? "expected a kernel that leaves an eighth of a tile of \(longest * longest) elements, "
        + "found \(geometry.kernel.count)"
      : "expected a kernel that leaves an eighth of a tile of \(longest) elements along each axis, "
        + "found \(geometry.kernel)"
  }

  /// The fastest tiles, and the fastest of those that take at most half, a quarter … of their memory.
  static func layouts(for problem: ConvolutionProblem, costs: CostModel) -> [TileLayout] {
    let all = estimates(for: problem, costs: costs).sorted { $0.seconds < $1.seconds }
    var chosen: [TileEstimate] = []
    for estimate in all where estimate.bytes <= (chosen.last?.bytes ?? .max) / 2 {
      chosen.append(estimate)
      if chosen.count == 3 { break }
    }
    return chosen.map(\.layout)
  }

  private struct TileEstimate {
    let layout: TileLayout
    let seconds: Double
    let bytes: Int
  }

  private static func estimates(
    for problem: ConvolutionProblem, costs: CostModel
  ) -> [TileEstimate] {
    let (kernel, output) = (problem.geometry.kernel, problem.geometry.output)
    let isLine = OverlapTiles.isLine(kernel: kernel, output: output)
    var result: [TileEstimate] = []
    for planes in isLine ? [1] : useful(planeLengths, kernel.planes, output.planes) {
      for rows in isLine ? lineLengths : useful(lengths, kernel.rows, output.rows) {
        for columns in isLine ? lineColumns(rows) : useful(lengths, kernel.columns, output.columns)
        {
          let tiles = OverlapTiles(
            lengths: Extents(planes, rows, columns), kernel: kernel, output: output)
          guard isWorthwhile(tiles) else { continue }
          let cost = costs.overlapSave(tiles, problem)
          let layout = TileLayout(lengths: [planes, rows, columns], isLine: isLine)
          result.append(
            TileEstimate(layout: layout, seconds: cost.seconds, bytes: cost.bytes))
        }
      }
    }
    return result
  }

  /// Whether a tile gives an eighth of its extent at least, or all that is wanted.
  private static func isWorthwhile(_ tiles: OverlapTiles) -> Bool {
    (0..<3).allSatisfy {
      let kept = tiles.kept[$0]
      return kept >= tiles.output[$0] || (kept > 0 && 8 * kept >= tiles.reach[$0])
    }
  }

  /// Both factors of a line's length are about equal.
  private static func lineColumns(_ rows: Int) -> [Int] {
    lineLengths.filter { $0 <= 2 * rows && rows <= 2 * $0 }
  }

  /// Lengths from the kernel's extent, up to the first that does an axis in one go.
  private static func useful(_ lengths: [Int], _ kernel: Int, _ output: Int) -> [Int] {
    let fitting = lengths.filter { $0 >= kernel }
    let whole = fitting.firstIndex { $0 >= output + kernel - 1 } ?? fitting.endIndex - 1
    return fitting.isEmpty ? [] : Array(fitting[0...whole])
  }
}
