package import ConcordArrays
package import ConcordBackends

/// Sums of x - shift and of (x - shift)² over every window, in Double, for loops that go on from them.
///
/// The cost is the same for any window. No sum is ever subtracted from, so nothing drifts, and NaN
/// reaches only the windows that hold it.
package struct WindowSums: Sendable {
  /// Image, window and boundary; `kernel` is the window's extents.
  package var geometry: ConvolutionGeometry
  /// What is subtracted from every element before it is summed, if sums of squares are wanted.
  package var shift: Double
  /// Whether sums of squares are wanted as well.
  package var squares: Bool

  package init(geometry: ConvolutionGeometry, shift: Double = 0, squares: Bool = false) {
    self.geometry = geometry
    self.shift = shift
    self.squares = squares
  }

  /// Some whole rows' sums, in row-major order, and where they lie in the output.
  package struct Part: ~Copyable {
    package let start: Extents
    package let count: Extents
    package let range: Range<Int>
    /// The sums, followed by those of squares if they were asked for, image by image.
    fileprivate let values: WindowBlockSums
    /// What was derived of the sums for all results.
    package fileprivate(set) var derived: [Double] = []

    /// The sum of x - shift.
    package var sums: Span<Double> {
      @_lifetime(borrow self)
      borrowing get { values.sum(0, count: range.count) }
    }

    /// The sum of (x - shift)².
    package var squares: Span<Double> {
      @_lifetime(borrow self)
      borrowing get { values.sum(1, count: range.count) }
    }

    /// The sums of each image, and of its squares if they were asked for, one after the other.
    package var all: Span<Double> {
      @_lifetime(borrow self)
      borrowing get { values.all }
    }
  }

  /// Computes the sums and lets `finish` turn each part's into output elements.
  package func run<Scalar: RealScalar, Out>(
    _ image: SharedBuffer<Scalar>, threads: Int, into out: inout SharedBuffer<Out>,
    finish: @Sendable (borrowing Part, inout MutableSpan<Out>) -> Void
  ) {
    run([image], shifts: [shift], threads: threads, into: &out, finish: finish)
  }

  /// The same for several images, each of which is summed about a value of its own.
  package func run<Scalar: RealScalar, Out>(
    _ images: [SharedBuffer<Scalar>], shifts: [Double], threads: Int,
    into out: inout SharedBuffer<Out>,
    finish: @Sendable (borrowing Part, inout MutableSpan<Out>) -> Void
  ) {
    run(images, shifts: shifts, threads: threads, results: 1, into: &out) { _, part, out in
      finish(part, &out)
    }
  }

  /// The same for several results, which follow each other in `out`: windows are summed once.
  ///
  /// `finish` is told which result a part is of. What `derive` makes of a part's sums serves all of
  /// them.
  package func run<Scalar: RealScalar, Out>(
    _ images: [SharedBuffer<Scalar>], shifts: [Double], threads: Int, results: Int,
    into out: inout SharedBuffer<Out>, derive: @Sendable (borrowing Part) -> [Double] = { _ in [] },
    finish: @Sendable (Int, borrowing Part, inout MutableSpan<Out>) -> Void
  ) {
    // Elements are only centred where their squares are summed.
    let shifts = squares ? shifts : shifts.map { _ in 0 }
    let parts = parts
    let formula: WindowFormula = squares ? .variance(ddof: 0) : .sum(.first)
    let problem = geometry.windowProblem(formula)
    fillRanges(
      parts.map(\.range), ofEach: results, size: geometry.output.count, of: &out, threads: threads
    ) { index in
      let part = parts[index]
      let block = WindowBlock(start: part.start, count: part.count)
      var sums = Part(
        start: part.start, count: part.count, range: part.range,
        values: WindowBlockSums(problem, of: block, ofEach: images, shifts: shifts))
      sums.derived = derive(sums)
      return sums
    } body: { result, part, out in
      finish(result, part, &out)
    }
  }

  /// The bytes that so many threads work in.
  func bytes<Scalar: RealScalar>(of scalar: Scalar.Type, threads: Int) -> Int {
    let formula: WindowFormula = squares ? .variance(ddof: 0) : .sum(.first)
    let parts = parts
    let workers = min(threads, parts.count)
    let sums = parts.reduce(0) { max($0, $1.range.count) } * (squares ? 2 : 1)
    let tiles = WindowTiles(geometry.windowProblem(formula))
    let workspace = min(tiles.workspaceBytes(of: scalar, threads: workers), 0x1p60)
    return workers * sums * MemoryLayout<Double>.stride + Int(workspace)
  }

  /// Outputs whose sums are kept at a time, unless windows are higher.
  private static let target = 1 << 17

  private var parts: [DirectTiles.Tile] {
    let output = geometry.output
    let window = geometry.kernel
    let isLine = output.planes * output.rows == 1
    let columns =
      isLine ? min(output.columns, max(Self.target, 4 * window.columns)) : output.columns
    // Rows that windows span are read again by the next part.
    let wanted = max(8, max(Self.target, min(8 * Self.target, window.rows * columns)) / columns)
    let rows = min(wanted, max(8, (output.rows + 3) / 4))
    return DirectTiles.cut(output, rows: rows, columns: columns)
  }
}

extension ConvolutionGeometry {
  /// The same windows, for a formula of their elements.
  package func windowProblem(_ formula: WindowFormula) -> WindowProblem {
    WindowProblem(
      image: image, window: kernel, output: output, offset: offset, edges: edges,
      shrinks: renormalizes, formula: formula)
  }
}
