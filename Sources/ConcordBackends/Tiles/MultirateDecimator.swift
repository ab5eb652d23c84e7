/// The pass that lowers the rate along one axis, and extends it beyond the edges.
struct MultirateDecimator<Scalar: BackendScalar>: Sendable {
  let axis: MultirateAxis
  let extents: Extents
  /// Which of the three axes it is.
  let index: Int
  let edges: Extension

  var output: Extents { extents.replacing(index, by: axis.decimated) }

  /// Columns of a strip and rows of a band, so that what windows share stays in cache.
  private static var strip: Int { 1024 }
  private static var band: Int { 16 }
  /// Samples of a line that are lowered together.
  private static var segment: Int { 2048 }

  func run(_ image: SharedBuffer<Scalar>, threads: Int) -> SharedBuffer<Scalar> {
    var out = MultirateFilter<Scalar>.padded(output.count)
    if index == 2 {
      alongRows(image, threads: threads, into: &out)
    } else {
      acrossRows(image, threads: threads, into: &out)
    }
    return out
  }

  private var taps: SharedBuffer<Scalar> { SharedBuffer(axis.decimation.map { Scalar($0) }) }

  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  private func acrossRows(
    _ image: SharedBuffer<Scalar>, threads: Int, into out: inout SharedBuffer<Scalar>
  ) {
    let outer = (0..<index).reduce(1) { $0 * extents[$1] }
    let inner = ((index + 1)..<3).reduce(1) { $0 * extents[$1] }
    let bands = axis.decimated.parts(of: Self.band)
    let strips = inner.parts(of: Self.strip)
    let (axis, edges, taps) = (axis, edges, taps)
    let target = UncheckedSendable(out.mutableBase())
    let kernels = Scalar._backend.kernels
    forEachTask(outer * bands * strips, threads: threads) {
      let beyond = AlignedBuffer<Scalar>(uninitializedCount: Self.strip)
      beyond.base.initialize(repeating: Scalar(edges.value), count: Self.strip)
      return beyond
    } body: { task, beyond in
      let column = task % strips * Self.strip
      let columns = min(Self.strip, inner - column)
      let first = task / strips % bands * Self.band
      let plane = task / strips / bands
      let source = image.base + plane * axis.extent * inner + column
      var rows = [UnsafePointer<Scalar>?](repeating: nil, count: taps.count)
      for sample in first..<min(first + Self.band, axis.decimated) {
        let start = axis.start + sample * axis.factor
        for tap in 0..<taps.count {
          let row = edges.index(start + tap, extent: axis.extent)
          rows[tap] = row.map { source + $0 * inner } ?? UnsafePointer(beyond.base)
        }
        let to = target.value + (plane * axis.decimated + sample) * inner + column
        kernels.blendRows(rows, taps.base, taps.count, to, columns)
      }
    }
  }

  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  private func alongRows(
    _ image: SharedBuffer<Scalar>, threads: Int, into out: inout SharedBuffer<Scalar>
  ) {
    let (axis, edges, taps) = (axis, edges, taps)
    let rows = extents.planes * extents.rows
    let segments = axis.decimated.parts(of: Self.segment)
    let most = min(Self.segment, axis.decimated)
    let line = most * axis.factor + taps.count
    let stride = most + taps.count / axis.factor + 2
    let target = UncheckedSendable(out.mutableBase())
    let kernels = Scalar._backend.kernels
    // Rows are short work: a task takes several.
    let group = max(1, min(rows / 16, 4096 / max(1, most)))
    let groups = rows.parts(of: group)
    forEachTask(groups * segments, threads: threads) {
      AlignedBuffer<Scalar>(uninitializedCount: line + stride * axis.factor)
    } body: { task, storage in
      let first = task % segments * Self.segment
      let count = min(Self.segment, axis.decimated - first)
      let samples = (count - 1) * axis.factor + taps.count
      let split = storage.base + line
      let pointers = (0..<taps.count).map { tap -> UnsafePointer<Scalar>? in
        UnsafePointer(split + tap % axis.factor * stride + tap / axis.factor)
      }
      let some = task / segments * group
      for row in some..<min(some + group, rows) {
        kernels.gatherRow(
          image.base + row * axis.extent, axis.extent, axis.start + first * axis.factor, samples,
          edges.rule.rawValue, Scalar(edges.value), storage.base)
        kernels.splitRow(storage.base, samples, axis.factor, split, stride)
        kernels.blendRows(
          pointers, taps.base, taps.count, target.value + row * axis.decimated + first, count)
      }
    }
  }
}
