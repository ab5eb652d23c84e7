/// How an output is cut for a correlation with products of one factor for each axis.
///
/// A task is a strip of columns of a band of rows (and of planes). It goes down its band in chunks of
/// rows, and keeps what the factor along columns of the image made of each row as long as windows
/// reach it: so that nothing is computed twice but where bands meet, and all of it is in cache. The
/// cut depends on the sizes alone.
package struct SeparableCut: Hashable, Sendable {
  package let kernel: Extents
  package let output: Extents
  package let terms: Int
  /// Columns of a strip, rows and planes that are finished together, rows and planes of a band.
  let columns: Int
  let chunk: Extents
  let band: Extents
  let scalarSize: Int

  /// Elements of 64 bytes, to which rows are padded.
  private var lanes: Int { 64 / scalarSize }

  /// Bytes that a task works on, which the second-level cache should hold.
  private static let cacheBytes = 512 << 10

  package init(kernel: Extents, output: Extents, terms: Int, scalarSize: Int) {
    self.kernel = kernel
    self.output = output
    self.terms = terms
    self.scalarSize = scalarSize
    let rows = min(output.rows, min(64, max(16, kernel.rows / 16 * 4)))
    let planes = kernel.planes == 1 ? 1 : min(output.planes, 4)
    chunk = Extents(planes, rows, 1)
    let held = terms * (rows + kernel.rows - 1)
    let layers = kernel.planes == 1 ? 0 : terms * (planes + kernel.planes - 1) * rows
    let fitting = Self.cacheBytes / scalarSize / (held + layers + rows)
    let strips = output.columns.parts(of: min(4096, max(256, fitting)))
    columns = min(output.columns, output.columns.parts(of: strips).roundedUp(to: 16))
    // Tasks for many processors, but no more of a band than half is begun anew in the next.
    var wanted = max(1, 32 / strips)
    if kernel.planes == 1 { wanted = max(1, wanted / output.planes) }
    let bands = min(wanted, max(1, output.rows / max(32, 2 * (kernel.rows - 1))))
    if kernel.planes == 1 {
      band = Extents(1, output.rows.parts(of: bands).roundedUp(to: 4), 1)
    } else {
      // Rows of a chunk are a band of their own: what is kept are planes.
      let layers = min(
        max(1, wanted * rows / output.rows), max(1, output.planes / (2 * kernel.planes)))
      band = Extents(output.planes.parts(of: layers), rows, 1)
    }
  }

  private var grid: Extents {
    Extents(
      output.planes.parts(of: band.planes),
      output.rows.parts(of: band.rows),
      output.columns.parts(of: columns))
  }

  package var count: Int { grid.count }

  /// The first output of a task, and how many there are.
  func task(_ index: Int) -> (start: Extents, count: Extents) {
    let grid = grid
    let place = Extents(
      index / (grid.rows * grid.columns), index / grid.columns % grid.rows, index % grid.columns)
    let size = Extents(band.planes, band.rows, columns)
    let start = Extents { place[$0] * size[$0] }
    return (start, Extents { min(size[$0], output[$0] - start[$0]) })
  }

  /// The index of an output.
  func index(_ place: Extents) -> Int {
    (place.planes * output.rows + place.rows) * output.columns + place.columns
  }

  /// Elements from one row to the next: a whole number of cache lines, and no power of two of them.
  var stride: Int { columns.roundedUp(to: lanes) + lanes }
  /// A source row's part that a strip's windows reach, padded.
  var lineCount: Int { (columns + kernel.columns - 1).roundedUp(to: lanes) + 2 * lanes }
  /// The rows that one term's factor along columns made.
  var ringCount: Int { (chunk.rows + kernel.rows - 1) * stride }
  /// One plane of a chunk.
  var planeCount: Int { chunk.rows * stride }
  /// The planes that one term's inner factors made.
  var layersCount: Int {
    kernel.planes == 1 ? 0 : (chunk.planes + kernel.planes - 1) * planeCount
  }

  /// Scalars that one worker needs.
  package var workspaceCount: Int {
    lineCount + terms * (ringCount + layersCount) + max(chunk.planes, chunk.rows) * stride
  }

  /// The most terms whose passes are no more work than the kernel as it stands.
  package static func worthwhileTerms(of kernel: Extents) -> Int {
    let passes = (0..<3).reduce(0) { $0 + (kernel[$1] > 1 ? kernel[$1] : 0) }
    return max(1, kernel.count / max(1, passes))
  }

  /// How often a row is filtered along itself, and a plane along its rows, because bands meet.
  private var repetition: (rows: Double, planes: Double) {
    let rows = Double(min(band.rows, output.rows))
    let planes = Double(min(band.planes, output.planes))
    return (1 + Double(kernel.rows - 1) / rows, 1 + Double(kernel.planes - 1) / planes)
  }

  /// Multiply-adds for each output.
  package var multiplyAdds: Double {
    func taps(_ axis: Int) -> Double { kernel[axis] > 1 ? Double(kernel[axis]) : 0 }
    return Double(terms)
      * ((taps(2) * repetition.rows + taps(1)) * repetition.planes + taps(0))
  }

  /// Rows of strips that are filtered along themselves.
  package var rows: Double {
    Double(output.planes * output.rows * grid.columns * terms) * repetition.rows
      * repetition.planes
  }
}
