/// How the output of a window formula is cut into tasks, by sizes alone.
///
/// A task is a strip of columns of a band of rows. Both are several times as large as windows, so
/// that little is summed twice where tasks meet; the rows that windows span stay in cache.
struct WindowCut {
  let output: Extents
  /// Outputs of a task along each axis.
  let size: Extents
  let count: Int

  init(_ problem: WindowProblem) {
    let (output, window) = (problem.output, problem.window)
    self.output = output
    if problem.isLine {
      size = Extents(1, 1, Self.lineRows * Self.lineStep(output.columns, window.columns))
    } else {
      // The rows that windows span, and sums of theirs, stay in a part of the third-level cache: they are
      // asked for in time, and the second level's would cut rows into pieces that are too short for that.
      let formula = problem.formula
      let bytes = 4 * formula.images * (window.rows + 8) + 8 * formula.sums * (window.rows / 4 + 2)
      let fitting = Self.cacheBytes / bytes - window.columns
      let columns = Self.part(
        output.columns, atMost: max(min(4096, fitting), 4 * window.columns), step: 16)
      // Tasks for several threads, even where windows are large.
      let limit = min(max(512, 12 * window.rows), max(output.rows.parts(of: 4), 64))
      var rows = Self.part(output.rows, atMost: limit, step: 8)
      if window.planes > 1 {
        // What planes' windows sum to is kept for all planes.
        let fitting = Self.volumeElements / problem.formula.sums / max(1, problem.image.planes)
        rows = min(rows, max(2 * window.rows, 8, fitting / max(1, columns)))
      }
      size = Extents(window.planes > 1 ? output.planes : 1, rows, columns)
    }
    let size = size
    let grid = Extents { axis in output[axis].parts(of: size[axis]) }
    count = grid.count
  }

  /// Bytes that the rows of a strip may take.
  private static let cacheBytes = 3 << 20

  /// Doubles that a task on a volume keeps.
  private static let volumeElements = 1 << 19

  /// A line is cut into pieces that are done abreast, so many and so far from each other.
  static let lineRows = 8
  static func lineStep(_ extent: Int, _ window: Int) -> Int {
    let abreast = extent.parts(of: lineRows).roundedUp(to: 16)
    return max(16, min(abreast, max(4096, 4 * window)))
  }

  /// The extent of equal parts, none larger than a limit, of a whole number of steps.
  private static func part(_ extent: Int, atMost limit: Int, step: Int) -> Int {
    let even = extent.parts(of: max(1, extent.parts(of: limit)))
    return max(1, min(extent, even.roundedUp(to: step)))
  }

  /// The outputs of a task.
  func task(_ index: Int) -> WindowBlock {
    let size = size
    let grid = Extents { axis in output[axis].parts(of: size[axis]) }
    let place = Extents(
      index / (grid.rows * grid.columns), index / grid.columns % grid.rows, index % grid.columns)
    let start = Extents { place[$0] * size[$0] }
    return WindowBlock(start: start, count: Extents { min(size[$0], output[$0] - start[$0]) })
  }
}

/// Outputs that are computed together.
package struct WindowBlock: Hashable, Sendable {
  package var start: Extents
  package var count: Extents

  package init(start: Extents, count: Extents) {
    self.start = start
    self.count = count
  }
}
