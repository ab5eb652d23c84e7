import ConcordKernels

/// The pass that raises the rate along one axis again.
struct MultirateInterpolator<Scalar: BackendScalar>: Sendable {
  let axis: MultirateAxis
  let extents: Extents
  /// Which of the three axes it is.
  let index: Int

  var output: Extents { extents.replacing(index, by: axis.extent) }

  private static var strip: Int { 1024 }
  /// Cells of a band, and of a part of a line.
  private static var band: Int { 8 }
  private static var segment: Int { 1024 }
  /// Bytes of a result from which on it goes past the caches, which it would only sweep clean.
  private static var streamedBytes: Int { 24 << 20 }

  /// Raises the rate; returns whether every output is finite.
  func run(
    _ source: SharedBuffer<Scalar>, isLast: Bool, threads: Int,
    into out: inout SharedBuffer<Scalar>
  ) -> Bool {
    index == 2
      ? alongRows(source, threads: threads, into: &out)
      : acrossRows(source, streams: isLast, threads: threads, into: &out)
  }

  private var taps: SharedBuffer<Scalar> {
    SharedBuffer(axis.phases.flatMap { $0 }.map { Scalar($0) })
  }

  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  private func acrossRows(
    _ source: SharedBuffer<Scalar>, streams: Bool, threads: Int,
    into out: inout SharedBuffer<Scalar>
  ) -> Bool {
    let outer = (0..<index).reduce(1) { $0 * extents[$1] }
    let inner = ((index + 1)..<3).reduce(1) { $0 * extents[$1] }
    let (axis, taps, filtered) = (axis, taps, extents[index])
    let count = axis.phases[0].count
    let bands = axis.cells.parts(of: Self.band)
    let strips = inner.parts(of: Self.strip)
    let lanes = 64 / MemoryLayout<Scalar>.stride
    let target = UncheckedSendable(out.mutableBase())
    let isAligned = UInt(bitPattern: target.value) % 64 == 0 && inner % lanes == 0
    let isLarge = output.count * MemoryLayout<Scalar>.stride >= Self.streamedBytes
    let store = streams && isLarge && isAligned ? CONCORD_STREAM : CONCORD_WRITE
    let kernels = Scalar._backend.kernels
    let areFinite = Flag()
    forEachTask(outer * bands * strips, threads: threads) {
      AlignedBuffer<Scalar>(uninitializedCount: lanes * axis.factor)
    } body: { task, block in
      let column = task % strips * Self.strip
      let columns = min(Self.strip, inner - column)
      let whole = columns / lanes * lanes
      let plane = task / strips / bands
      let first = task / strips % bands * Self.band
      for cell in first..<min(first + Self.band, axis.cells) {
        let rows = min(axis.factor, axis.extent - cell * axis.factor)
        let from = source.base + (plane * filtered + cell) * inner + column
        let to = target.value + (plane * axis.extent + cell * axis.factor) * inner + column
        let isFinite = kernels.interpolateRows(
          from, inner, taps.base, count, Int32(store.rawValue), to, inner, rows, whole)
        if isFinite == 0 { areFinite.clear() }
        guard whole < columns else { continue }
        let rest = kernels.interpolateRows(
          from + whole, inner, taps.base, count, Int32(CONCORD_WRITE.rawValue), block.base, lanes,
          rows, lanes)
        if rest == 0 { areFinite.clear() }
        for row in 0..<rows {
          (to + row * inner + whole).update(from: block.base + row * lanes, count: columns - whole)
        }
      }
      if store == CONCORD_STREAM { concord_stream_end() }
    }
    return areFinite.isSet
  }

  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  private func alongRows(
    _ source: SharedBuffer<Scalar>, threads: Int, into out: inout SharedBuffer<Scalar>
  ) -> Bool {
    let (axis, taps, filtered) = (axis, taps, extents[2])
    let rows = extents.planes * extents.rows
    let count = axis.phases[0].count
    let segments = axis.cells.parts(of: Self.segment)
    let most = min(Self.segment, axis.cells)
    let lanes = 64 / MemoryLayout<Scalar>.stride
    let stride = most.roundedUp(to: lanes) + lanes
    let target = UncheckedSendable(out.mutableBase())
    let kernels = Scalar._backend.kernels
    let areFinite = Flag()
    let group = max(1, min(rows / 16, 4096 / max(1, most)))
    let groups = rows.parts(of: group)
    forEachTask(groups * segments, threads: threads) {
      AlignedBuffer<Scalar>(uninitializedCount: stride * axis.factor)
    } body: { task, block in
      let first = task % segments * Self.segment
      let cells = min(Self.segment, axis.cells - first)
      let samples = min(cells * axis.factor, axis.extent - first * axis.factor)
      let some = task / segments * group
      for row in some..<min(some + group, rows) {
        let isFinite = kernels.interpolateRows(
          source.base + row * filtered + first, 1, taps.base, count,
          Int32(CONCORD_WRITE.rawValue), block.base, stride, axis.factor, cells)
        if isFinite == 0 { areFinite.clear() }
        kernels.joinRow(
          block.base, stride, axis.factor, samples,
          target.value + row * axis.extent + first * axis.factor)
      }
    }
    return areFinite.isSet
  }
}
