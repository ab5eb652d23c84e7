/// Statistics of windows, tile by tile: nothing as large as the image is kept on the way.
///
/// Sums are in Double, and no sum is ever subtracted from another of its kind: nothing drifts, and
/// NaN reaches only the windows that hold it. The cost is the same for any window.
package struct WindowTiles: Sendable {
  package let problem: WindowProblem
  private let cut: WindowCut

  package init(_ problem: WindowProblem) {
    self.problem = problem
    cut = WindowCut(problem)
  }

  /// Bytes of a result from which on it is written past the caches.
  private static var streamedBytes: Int { 24 << 20 }

  /// Computes the formula of one or two images.
  @_specialize(exported:false,where Scalar == Float, Out == Float)
  @_specialize(exported:false,where Scalar == Double, Out == Double)
  package func run<Scalar: BackendScalar, Out: BackendScalar>(
    _ images: [SharedBuffer<Scalar>], threads: Int, into out: inout SharedBuffer<Out>
  ) {
    let output = problem.output
    precondition(out.count >= output.count)
    let bytes = MemoryLayout<Out>.stride
    let isAligned = problem.isLine || output.columns * bytes % 64 == 0
    let target = UncheckedSendable(
      WindowTarget(
        outs: [UnsafeMutableRawPointer(out.mutableBase())],
        planeStride: output.rows * output.columns, rowStride: output.columns,
        isFloat: Out.self == Float.self,
        streams: isAligned && output.count * bytes >= Self.streamedBytes))
    let (problem, cut) = (problem, cut)
    forEachTask(cut.count, threads: threads) {
      WindowTask(problem, images: images)
    } body: { index, task in
      let block = cut.task(index)
      let shifts = task.shifts(for: block)
      let part = target.value.from(
        plane: block.start.planes, row: block.start.rows, column: block.start.columns)
      task.fill(block, shifts: shifts, into: part)
    }
  }

  /// Tasks that the work is cut into.
  package var tasks: Int { cut.count }

  /// Elements that all tasks read.
  package var work: Double {
    let (size, window) = (cut.size, problem.window)
    let repetition = (0..<3).reduce(1.0) {
      $0 * (1 + Double(window[$1] - 1) / Double(max(1, size[$1])))
    }
    return Double(problem.output.count) * repetition
  }

  /// The bytes that so many threads work in, at the most, in Double: absurd windows have no integer.
  package func workspaceBytes<Scalar: BackendScalar>(of scalar: Scalar.Type, threads: Int) -> Double
  {
    Double(min(max(1, threads), cut.count)) * problem.workspaceBytes(cut.size, of: scalar)
  }
}

extension WindowProblem {
  /// The bytes that a worker needs for blocks of so many outputs.
  func workspaceBytes<Scalar: BackendScalar>(
    _ size: Extents, of scalar: Scalar.Type
  ) -> Double {
    // At most 8 doubles are a vector, and a ring is twice what it must hold.
    let lanes = 8
    let sums = Double(formula.sums)
    let columns = Double(
      (isLine
        ? min(size.columns, WindowCut.lineStep(output.columns, window.columns)) : size.columns)
        + window.columns + 3 * lanes)
    let ring = 2 * Double(window.columns + 12 * lanes) + Double(2 * window.columns / lanes)
    // Or where windows have few columns, lines of sums as they are and of one result.
    let along = max(Double(lanes) * ring, Double((lanes + 1) * 264))
    let across = columns * Double(2 * window.rows / lanes + 2)
    let copies = Double(formula.images * (window.rows + lanes)) * (columns + 64)
    let volume =
      window.planes > 1
      ? Double(min(image.planes, size.planes + window.planes)) * Double(size.rows * size.columns)
      : 0
    return 8 * (sums * (along + across + volume) + columns)
      + copies * Double(MemoryLayout<Scalar>.stride)
  }
}

/// Sums of the windows of one block, as they are.
package struct WindowBlockSums: ~Copyable {
  /// One after the other, in row-major order.
  private let values: AlignedBuffer<Double>

  /// The sums of several images, one after the other, for a formula of one image.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  package init<Scalar: BackendScalar>(
    _ problem: WindowProblem, of block: WindowBlock, ofEach images: [SharedBuffer<Scalar>],
    shifts: [Double]
  ) {
    precondition(problem.formula.images == 1 && shifts.count == images.count)
    let count = block.count.count
    let sums = problem.formula.sums
    values = AlignedBuffer(uninitializedCount: images.count * sums * count)
    for (number, image) in images.enumerated() {
      var task = WindowTask(problem, images: [image], keepsSums: true)
      let outs = (0..<sums).map {
        UnsafeMutableRawPointer(values.base + (number * sums + $0) * count)
      }
      task.fill(
        block, shifts: [shifts[number], 0],
        into: WindowTarget(
          outs: outs, planeStride: block.count.rows * block.count.columns,
          rowStride: block.count.columns, isFloat: false))
    }
  }

  /// All sums, one after the other.
  package var all: Span<Double> {
    @_lifetime(borrow self)
    borrowing get {
      let span = Span(_unsafeStart: values.base, count: values.count)
      return _overrideLifetime(span, borrowing: self)
    }
  }

  /// One of the sums.
  @_lifetime(borrow self)
  package borrowing func sum(_ index: Int, count: Int) -> Span<Double> {
    precondition(index >= 0 && (index + 1) * count <= values.count, "There is no such sum")
    let span = Span(_unsafeStart: values.base + index * count, count: count)
    return _overrideLifetime(span, borrowing: self)
  }
}
