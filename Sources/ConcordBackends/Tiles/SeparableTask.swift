import ConcordKernels

/// An image with its extension, as windows see it.
struct SeparableSource<Scalar: BackendScalar>: @unchecked Sendable {
  let base: UnsafePointer<Scalar>
  let extents: Extents
  let offset: Extents
  let edges: Extension
  let shift: Scalar

  /// The row that an index stands for; nil where the constant does.
  func row(plane: Int, row: Int) -> UnsafePointer<Scalar>? {
    guard let plane = edges.index(plane + offset.planes, extent: extents.planes),
      let row = edges.index(row + offset.rows, extent: extents.rows)
    else { return nil }
    return base + (plane * extents.rows + row) * extents.columns
  }
}

/// One worker's memory, and what it does with it.
struct SeparableTask<Scalar: BackendScalar>: ~Copyable {
  private let cut: SeparableCut
  private let terms: [[SharedBuffer<Scalar>]]
  private let kernels: KernelFunctions<Scalar>
  private let storage: AlignedBuffer<Scalar>
  /// Whether results go past the caches, which they would only sweep clean.
  private let streams: Bool
  private let lanes = 64 / MemoryLayout<Scalar>.stride

  private let line: UnsafeMutablePointer<Scalar>
  private let rings: UnsafeMutablePointer<Scalar>
  private let layers: UnsafeMutablePointer<Scalar>
  private let block: UnsafeMutablePointer<Scalar>

  /// Bytes of a result from which on it is streamed.
  private static var streamedBytes: Int { 24 << 20 }

  init(cut: SeparableCut, terms: [[SharedBuffer<Scalar>]]) {
    self.cut = cut
    self.terms = terms
    kernels = Scalar._backend.kernels
    storage = AlignedBuffer(uninitializedCount: cut.workspaceCount)
    streams = cut.output.count * MemoryLayout<Scalar>.stride >= Self.streamedBytes
    line = storage.base
    rings = line + cut.lineCount
    layers = rings + cut.terms * cut.ringCount
    block = layers + cut.terms * cut.layersCount
    // Padding takes part in vectors: whatever it holds must not be slow to add.
    line.initialize(repeating: 0, count: cut.workspaceCount)
  }

  /// A strip of one plane's band of rows; returns whether all of it is finite.
  func filterRows(
    of source: SeparableSource<Scalar>, _ start: Extents, _ count: Extents,
    into out: UnsafeMutablePointer<Scalar>
  ) -> Bool {
    let kept = cut.kernel.rows - 1
    var isFinite = true
    var held = 0
    for first in stride(from: 0, to: count.rows, by: cut.chunk.rows) {
      let rows = min(cut.chunk.rows, count.rows - first)
      for row in held..<(rows + kept) {
        let from = source.row(plane: start.planes, row: start.rows + first + row)
        filterLine(from, of: source, start.columns, count.columns, row)
      }
      let sums = Sums(
        source: rings, distance: cut.ringCount, stride: cut.stride, axis: 1,
        lines: rows, columns: count.columns)
      let place = Extents(start.planes, start.rows + first, start.columns)
      if !complete(sums, into: out + cut.index(place), cut.output.columns) { isFinite = false }
      for term in 0..<cut.terms where first + rows < count.rows {
        let ring = rings + term * cut.ringCount
        ring.update(from: ring + rows * cut.stride, count: kept * cut.stride)
      }
      held = kept
    }
    if streams { concord_stream_end() }
    return isFinite
  }

  /// A strip of a chunk of rows, through a band of planes; returns whether all of it is finite.
  func filterPlanes(
    of source: SeparableSource<Scalar>, _ start: Extents, _ count: Extents,
    into out: UnsafeMutablePointer<Scalar>
  ) -> Bool {
    let kept = cut.kernel.planes - 1
    var isFinite = true
    var held = 0
    for first in stride(from: 0, to: count.planes, by: cut.chunk.planes) {
      let planes = min(cut.chunk.planes, count.planes - first)
      for plane in held..<(planes + kept) {
        for row in 0..<(count.rows + cut.kernel.rows - 1) {
          let from = source.row(plane: start.planes + first + plane, row: start.rows + row)
          filterLine(from, of: source, start.columns, count.columns, row)
        }
        for term in 0..<cut.terms {
          _ = kernels.filterColumns(
            rings + term * cut.ringCount, cut.stride, terms[term][1].base, cut.kernel.rows, write,
            layers + term * cut.layersCount + plane * cut.planeCount, cut.stride, count.rows,
            count.columns)
        }
      }
      // To the factor along planes, the same row of each plane is a column's element.
      for row in 0..<count.rows {
        let sums = Sums(
          source: layers + row * cut.stride, distance: cut.layersCount, stride: cut.planeCount,
          axis: 0, lines: planes, columns: count.columns)
        let place = Extents(start.planes + first, start.rows + row, start.columns)
        let plane = cut.output.rows * cut.output.columns
        if !complete(sums, into: out + cut.index(place), plane) { isFinite = false }
      }
      for term in 0..<cut.terms where first + planes < count.planes {
        let layer = layers + term * cut.layersCount
        layer.update(from: layer + planes * cut.planeCount, count: kept * cut.planeCount)
      }
      held = kept
    }
    if streams { concord_stream_end() }
    return isFinite
  }

  private let write = Int32(CONCORD_WRITE.rawValue)

  /// The last sums: over the taps of an axis and over all terms.
  private struct Sums {
    /// What the first term's other factors made, and how far the next term's is.
    let source: UnsafePointer<Scalar>
    let distance: Int
    /// From one element along the axis to the next.
    let stride: Int
    let axis: Int
    /// How many lines to make, and of how many columns.
    let lines: Int
    let columns: Int
  }

  /// Makes the last sums and writes them where they belong, at best straight from registers.
  ///
  /// - Returns: Whether all are finite.
  private func complete(
    _ sums: Sums, into out: UnsafeMutablePointer<Scalar>, _ outStride: Int
  ) -> Bool {
    let bytes = outStride * MemoryLayout<Scalar>.stride
    let isAligned = (UInt(bitPattern: out) | UInt(bytes)) % 64 == 0
    // Partial sums must not go past the caches.
    let isWhole = cut.terms == 1 && cut.kernel[sums.axis] <= 128
    let isDirect = !streams || (isAligned && isWhole)
    let whole = isDirect ? sums.columns / lanes * lanes : 0
    var isFinite = true
    if whole > 0 {
      let store = streams ? Int32(CONCORD_STREAM.rawValue) : write
      isFinite = add(sums, from: 0, whole, store, to: out, outStride)
    }
    guard whole < sums.columns else { return isFinite }
    let rest = sums.columns - whole
    if !add(sums, from: whole, rest, write, to: block, cut.stride) { isFinite = false }
    for line in 0..<sums.lines {
      let (from, to) = (block + line * cut.stride, out + line * outStride + whole)
      if streams { kernels.streamRow(from, rest, to) } else { to.update(from: from, count: rest) }
    }
    return isFinite
  }

  private func add(
    _ sums: Sums, from column: Int, _ columns: Int, _ store: Int32,
    to target: UnsafeMutablePointer<Scalar>, _ targetStride: Int
  ) -> Bool {
    var isFinite = true
    for term in 0..<cut.terms {
      let answer = kernels.filterColumns(
        sums.source + term * sums.distance + column, sums.stride, terms[term][sums.axis].base,
        cut.kernel[sums.axis], term > 0 ? Int32(CONCORD_ADD.rawValue) : store, target,
        targetStride, sums.lines, columns)
      if term == cut.terms - 1 { isFinite = answer != 0 }
    }
    return isFinite
  }

  /// Filters a source row along itself with each term's factor, into row `index` of the rings.
  ///
  /// Where windows lie inside the row it is read where it is; the rest is gathered by the boundary
  /// rule.
  private func filterLine(
    _ row: UnsafePointer<Scalar>?, of source: SeparableSource<Scalar>, _ column: Int,
    _ columns: Int,
    _ index: Int
  ) {
    let reach = cut.kernel.columns - 1
    let start = column + source.offset.columns
    let target = rings + index * cut.stride
    guard let row else {
      line.update(
        repeating: Scalar(source.edges.value) - source.shift, count: columns + reach)
      return filter(line, into: target, columns)
    }
    // Whole vectors, so that no more is read than windows hold.
    let first = min(columns, max(0, -start).roundedUp(to: lanes))
    let last = min(columns, source.extents.columns - reach - start)
    let inside = source.shift == 0 ? max(0, last - first) / lanes * lanes : 0
    let rest = inside == 0 ? 0 : first + inside
    if inside > 0 {
      if first > 0 { gather(row, of: source, start, first + reach, into: target, first) }
      filter(row + start + first, into: target + first, inside)
    }
    if rest < columns {
      gather(
        row, of: source, start + rest, columns - rest + reach, into: target + rest, columns - rest)
    }
  }

  private func gather(
    _ row: UnsafePointer<Scalar>, of source: SeparableSource<Scalar>, _ start: Int, _ count: Int,
    into target: UnsafeMutablePointer<Scalar>, _ columns: Int
  ) {
    kernels.gatherRow(
      row, source.extents.columns, start, count, source.edges.rule.rawValue,
      Scalar(source.edges.value), line)
    if source.shift != 0 { kernels.shift(source.shift, line, count) }
    filter(line, into: target, columns)
  }

  private func filter(
    _ from: UnsafePointer<Scalar>, into target: UnsafeMutablePointer<Scalar>, _ columns: Int
  ) {
    for term in 0..<cut.terms {
      kernels.filterRow(
        from, terms[term][2].base, cut.kernel.columns, target + term * cut.ringCount, columns)
    }
  }
}
