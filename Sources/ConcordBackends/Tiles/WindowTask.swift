import ConcordKernels

/// Where results go: one array for each, and the distance of planes and rows.
struct WindowTarget {
  var outs: [UnsafeMutableRawPointer]
  var planeStride: Int
  var rowStride: Int
  var isFloat: Bool
  var streams = false

  private var scalarSize: Int { isFloat ? 4 : 8 }

  /// The same from an element on.
  func from(plane: Int, row: Int, column: Int) -> WindowTarget {
    var part = self
    let bytes = (plane * planeStride + row * rowStride + column) * scalarSize
    part.outs = outs.map { $0 + bytes }
    return part
  }
}

/// One worker's memory, and what it does with it.
struct WindowTask<Scalar: BackendScalar>: ~Copyable {
  private let problem: WindowProblem
  private let images: [SharedBuffer<Scalar>]
  /// Whether sums are wanted as they are, whatever the formula makes of them.
  private let keepsSums: Bool
  private var scratch = WindowScratch()
  /// Sums over windows within the planes of a volume.
  private var planeSums = WindowScratch()

  init(_ problem: WindowProblem, images: [SharedBuffer<Scalar>], keepsSums: Bool = false) {
    precondition(images.count >= problem.formula.images)
    precondition(images.allSatisfy { $0.count >= problem.image.count })
    self.problem = problem
    self.images = images
    self.keepsSums = keepsSums
  }

  /// Computes a block of outputs; `target` is where its first goes.
  mutating func fill(_ block: WindowBlock, shifts: [Double], into target: WindowTarget) {
    if problem.window.planes > 1 {
      fillVolume(block, shifts: shifts, into: target)
    } else if problem.isLine {
      fillLine(block, shifts: shifts, into: target)
    } else {
      for plane in 0..<block.count.planes {
        var tile = tile(block, shifts: shifts, sumsOnly: keepsSums)
        aim(&tile, atPlane: block.start.planes + plane + problem.offset.planes)
        run(&tile, into: target.from(plane: plane, row: 0, column: 0))
      }
    }
  }

  /// Centres within a block, for formulas that need it: close to most of its elements.
  ///
  /// The middle one of some elements, so that a few that are far away do no harm.
  func shifts(for block: WindowBlock) -> [Double] {
    guard problem.formula.isCentred else { return [0, 0] }
    return (0..<2).map { index in
      guard index < problem.formula.images else { return 0 }
      let elements = images[index].base
      let extents = problem.image
      func places(_ axis: Int, _ most: Int) -> [Int] {
        let first = block.start[axis] + problem.offset[axis]
        let reach = block.count[axis] + problem.window[axis] - 1
        return (0..<min(most, reach)).map {
          max(0, min(extents[axis] - 1, first + (2 * $0 + 1) * reach / (2 * min(most, reach))))
        }
      }
      var sample: [Scalar] = []
      for plane in places(0, 5) {
        for row in places(1, 9) {
          for column in places(2, 9) {
            let x = elements[(plane * extents.rows + row) * extents.columns + column]
            if x.isFinite { sample.append(x) }
          }
        }
      }
      return sample.isEmpty ? 0 : Double(sample.sorted()[sample.count / 2])
    }
  }

  // MARK: - Kinds of blocks

  /// A line's outputs in pieces, which are done abreast.
  private mutating func fillLine(
    _ block: WindowBlock, shifts: [Double], into target: WindowTarget
  ) {
    let step = WindowCut.lineStep(problem.output.columns, problem.window.columns)
    let first = block.start.columns
    let end = first + block.count.columns
    // Where windows shrink, each has its own count: that takes pieces on their own.
    let whole = problem.shrinks ? problem.whole(2) : 0..<problem.output.columns
    var column = first
    while column < end {
      var tile = tile(block, shifts: shifts, sumsOnly: keepsSums)
      aim(&tile, atPlane: 0)
      tile.column = column + problem.offset.columns
      tile.columns = min(step, end - column)
      tile.rows = 1
      if whole.contains(column) {
        let free = min(whole.upperBound, end) - column
        tile.columns = min(tile.columns, free)
        if free >= 2 * step {
          tile.rows = free / step
          tile.line_step = step
        }
        tile.column_counts = nil
        tile.row_counts = nil
      } else if column < whole.lowerBound {
        tile.columns = min(tile.columns, whole.lowerBound - column)
      }
      if let counts = tile.column_counts { tile.column_counts = counts + (column - first) }
      tile.whole_columns = (0, 0)
      var part = target.from(plane: 0, row: 0, column: column - first)
      part.rowStride = step
      let bytes = part.isFloat ? 4 : 8
      if (column - first) * bytes % 64 != 0 || step * bytes % 64 != 0 { part.streams = false }
      let done = tile.rows * tile.columns
      run(&tile, into: part)
      column += done
    }
  }

  /// Sums within every plane that windows reach, and then along planes.
  private mutating func fillVolume(
    _ block: WindowBlock, shifts: [Double], into target: WindowTarget
  ) {
    let sums = problem.formula.sums
    let reach = (0..<(block.count.planes + problem.window.planes - 1)).compactMap {
      problem.edges.index(
        $0 + block.start.planes + problem.offset.planes,
        extent: problem.image.planes)
    }
    let low = reach.min() ?? 0
    let high = reach.max() ?? 0
    let needed = Set(reach)
    let columns = block.count.columns
    let size = block.count.rows * columns
    let held = (high - low + 1) * size
    let base = planeSums.memory(sums * held)
    for plane in low...high where needed.contains(plane) {
      var tile = tile(block, shifts: shifts, sumsOnly: true)
      aim(&tile, atPlane: plane)
      let outs = (0..<sums).map {
        UnsafeMutableRawPointer(base + $0 * held + (plane - low) * size)
      }
      run(
        &tile,
        into: WindowTarget(outs: outs, planeStride: 0, rowStride: columns, isFloat: false))
    }
    let planes = SharedBuffer<Double>(
      (0..<(problem.shrinks ? block.count.planes : 0)).map {
        problem.counts[0][block.start.planes + $0]
      })
    for row in 0..<block.count.rows {
      var tile = alongPlanes(block, row: row, shifts: shifts)
      let first = UnsafeRawPointer(base - low * size)
      withUnsafeMutableBytes(of: &tile.images) { images in
        let images = images.assumingMemoryBound(to: UnsafeRawPointer?.self)
        for index in 0..<sums { images[index] = first + index * held * 8 }
      }
      tile.image_columns = size
      var counts = planes
      if problem.shrinks {
        let factor = problem.counts[1][block.start.rows + row]
        counts = SharedBuffer((0..<planes.count).map { planes[$0] * factor })
        tile.row_counts = counts.base
      }
      var part = target.from(plane: 0, row: row, column: 0)
      part.rowStride = target.planeStride
      withExtendedLifetime(counts) { run(&tile, into: part, of: Double.self) }
    }
  }

  // MARK: - Tiles

  /// A block's first plane, as the kernel takes it.
  private func tile(
    _ block: WindowBlock, shifts: [Double], sumsOnly: Bool
  ) -> concord_window {
    var tile = concord_window()
    let formula = problem.formula
    tile.images_count = Int32(formula.images)
    tile.image_rows = problem.image.rows
    tile.image_columns = problem.image.columns
    tile.row = block.start.rows + problem.offset.rows
    tile.column = block.start.columns + problem.offset.columns
    tile.rows = block.count.rows
    tile.columns = block.count.columns
    tile.window_rows = problem.window.rows
    tile.window_columns = problem.window.columns
    tile.boundary = problem.edges.rule.rawValue
    let outside = outsideValues(shifts)
    tile.constants.0 = outside[0]
    tile.constants.1 = outside[1]
    tile.shifts = (shifts[0], shifts[1])
    tile.term = Int32(formula.term.rawValue)
    tile.result = Int32((sumsOnly ? CONCORD_SUMS : formula.result).rawValue)
    describeResult(&tile)
    if problem.shrinks {
      tile.row_counts = problem.counts[1].base + block.start.rows
      tile.column_counts = problem.counts[2].base + block.start.columns
      tile.whole_rows = part(problem.whole(1), block, 1)
      tile.whole_columns = part(problem.whole(2), block, 2)
    }
    return tile
  }

  /// Windows along planes of what was summed within planes, for one row of outputs.
  private func alongPlanes(_ block: WindowBlock, row: Int, shifts: [Double]) -> concord_window {
    var tile = tile(block, shifts: shifts, sumsOnly: keepsSums)
    let sums = problem.formula.sums
    tile.images_count = Int32(sums)
    tile.image_rows = problem.image.planes
    tile.row = block.start.planes + problem.offset.planes
    tile.column = row * block.count.columns
    tile.rows = block.count.planes
    tile.window_rows = problem.window.planes
    tile.window_columns = 1
    tile.term = Int32(CONCORD_SUM_EACH.rawValue)
    let outside = outsideValues(shifts)
    // The kernel centres elements; here they are sums already.
    let centred = problem.formula.isCentred ? zip(outside, shifts).map { $0 - $1 } : outside
    let constants = problem.formula.terms(centred[0], centred[1])
    let inPlane = Double(problem.window.rows * problem.window.columns)
    withUnsafeMutableBytes(of: &tile.constants) { values in
      let values = values.assumingMemoryBound(to: Double.self)
      for index in 0..<sums { values[index] = constants[index] * inPlane }
    }
    tile.whole_rows = part(problem.whole(0), block, 0)
    if !problem.whole(1).contains(block.start.rows + row) { tile.whole_rows = (0, 0) }
    return tile
  }

  /// What stands outside: nothing that sums would notice, where windows shrink.
  private func outsideValues(_ shifts: [Double]) -> [Double] {
    problem.shrinks ? shifts : [problem.edges.value, problem.edges.value]
  }

  private func describeResult(_ tile: inout concord_window) {
    tile.count = Double(problem.window.count)
    tile.ddof = problem.formula.ddof
    if case .correlation(let flat, let resolution) = problem.formula {
      tile.flat = flat
      tile.resolution = resolution
    }
  }

  private func part(_ range: Range<Int>, _ block: WindowBlock, _ axis: Int) -> (Int, Int) {
    (range.lowerBound - block.start[axis], range.upperBound - block.start[axis])
  }

  private func aim(_ tile: inout concord_window, atPlane plane: Int) {
    let skipped = plane * problem.image.rows * problem.image.columns
    tile.images.0 = UnsafeRawPointer(images[0].base + skipped)
    if images.count > 1 { tile.images.1 = UnsafeRawPointer(images[1].base + skipped) }
  }

  private mutating func run(_ tile: inout concord_window, into target: WindowTarget) {
    run(&tile, into: target, of: Scalar.self)
  }

  private mutating func run<Element: BackendScalar>(
    _ tile: inout concord_window, into target: WindowTarget, of element: Element.Type
  ) {
    withUnsafeMutableBytes(of: &tile.outs) { outs in
      let outs = outs.assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
      for (index, out) in target.outs.enumerated() { outs[index] = out }
    }
    tile.out_stride = target.rowStride
    tile.out_is_float = target.isFloat ? 1 : 0
    tile.streams = target.streams ? 1 : 0
    let kernels = Element._backend.kernels
    kernels.windowTile(&tile, scratch.memory(kernels.windowScratch(&tile)))
  }
}

/// Memory that grows as it is asked for.
private struct WindowScratch: ~Copyable {
  private var buffer = AlignedBuffer<Double>(uninitializedCount: 0)

  mutating func memory(_ count: Int) -> UnsafeMutablePointer<Double> {
    if count > buffer.count {
      // Asks for what is laid out in large pages; only what is used takes memory.
      let isLarge = count >= 1 << 16
      buffer = AlignedBuffer(uninitializedCount: isLarge ? max(count, 1 << 19) : count)
    }
    return buffer.base
  }
}
