/// Correlates many pairs of small images and kernels, two pairs at a time.
///
/// Image and kernel of a pair are the real and the imaginary part of one tile, whose transform is
/// taken apart halfway, where opposite lines alone have to meet. The results of two pairs come back
/// as the real and the imaginary part of another. Only columns in use are transformed.
package final class PairTiles<Scalar: BackendScalar>: Sendable {
  package let sizes: PairSizes
  private let lengths: Extents
  private let rows: LaneAxis<Scalar>
  private let columns: LaneAxis<Scalar>
  private let planes = LaneAxis<Scalar>(length: 1)
  /// For each row frequency from 0 to half, where it and its opposite stand.
  private let half: AlignedBuffer<Int32>

  package init(_ sizes: PairSizes, lengths: Extents) {
    self.sizes = sizes
    self.lengths = lengths
    rows = LaneAxis(length: lengths.rows)
    columns = LaneAxis(length: lengths.columns)
    let count = lengths.rows
    var position = [Int](repeating: 0, count: count)
    for index in 0..<count { position[rows.frequency(at: index)] = index }
    var half = AlignedBuffer<Int32>(uninitializedCount: count + 2)
    var entries = half.mutableSpan
    for frequency in 0...count / 2 {
      entries[2 * frequency] = Int32(position[frequency])
      entries[2 * frequency + 1] = Int32(position[(count - frequency) % count])
    }
    self.half = half
  }

  private var rowStride: Int { lengths.columns + 16 }
  private var tileCount: Int { lengths.rows * rowStride }

  /// Scalars that a worker needs: two tiles of two parts, and what the transforms need.
  package static func workspaceCount(_ lengths: Extents) -> Int {
    4 * lengths.rows * (lengths.columns + 16) + 64 * max(lengths.rows, lengths.columns)
  }

  private var tile: LaneTile<Scalar> {
    LaneTile(
      planes: planes.axis, rows: rows.axis, columns: columns.axis, rowStride: rowStride,
      planeStride: tileCount, twist: nil, kept: sizes.output)
  }

  /// Writes the results of `count` pairs, which follow each other; but not of those that hold NaN or
  /// infinity.
  ///
  /// - Returns: The pairs that were left out.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  package func correlate(
    _ images: SharedBuffer<Scalar>, _ kernels: SharedBuffer<Scalar>, count: Int, threads: Int,
    into out: inout SharedBuffer<Scalar>
  ) -> [Int] {
    precondition(images.count == count * sizes.image.count)
    precondition(kernels.count == count * sizes.kernel.count)
    precondition(out.count == count * sizes.output.count)
    let to = UncheckedSendable(out.mutableBase())
    var left = SharedBuffer<Bool>(repeating: false, count: count)
    let skipped = UncheckedSendable(left.mutableBase())
    // Some pairs a task: handing out one by one would cost more than a small pair takes.
    let step = 2 * max(1, (1 << 14) / (lengths.rows * lengths.columns))
    forEachTask(count.parts(of: step), threads: threads) {
      AlignedBuffer<Scalar>(uninitializedCount: Self.workspaceCount(lengths))
    } body: { task, work in
      for first in stride(from: task * step, to: min((task + 1) * step, count), by: 2) {
        correlate(images, kernels, first, first + 1 < count, work.base, to.value, skipped.value)
      }
    }
    return left.indices(where: true)
  }

  private func correlate(
    _ images: SharedBuffer<Scalar>, _ kernels: SharedBuffer<Scalar>, _ first: Int,
    _ isPair: Bool, _ work: UnsafeMutablePointer<Scalar>, _ out: UnsafeMutablePointer<Scalar>,
    _ skipped: UnsafeMutablePointer<Bool>
  ) {
    let other = work + 2 * tileCount
    let one = fill(work, images, kernels, first)
    let two = isPair ? fill(other, images, kernels, first + 1) : 0
    skipped[first] = one == nil
    if isPair { skipped[first + 1] = two == nil }
    guard one != nil || (isPair && two != nil) else { return }
    let lanes = Int(Scalar._backend.kernels.tileLanes())
    let widest = max(
      min(sizes.reach(2), lengths.columns), min(sizes.kernel.columns, lengths.columns))
    let scale = 1 / (4 * Scalar(lengths.rows * lengths.columns))
    Scalar._backend.kernels.correlatePair(
      tile, half.base, widest.roundedUp(to: lanes), scale, work, work + tileCount,
      isPair ? other : nil, isPair ? other + tileCount : nil, work + 4 * tileCount)
    if let one { write(work, first, times: one, into: out) }
    if isPair, let two { write(work + tileCount, first + 1, times: two, into: out) }
  }

  /// Fills both parts of a tile, each scaled by a power of two to about 1: everything that shares a
  /// transform rounds relative to the largest.
  ///
  /// - Returns: What the result is to be multiplied with; nil if a value is not finite, which leaves
  ///   zeros.
  private func fill(
    _ tile: UnsafeMutablePointer<Scalar>, _ images: SharedBuffer<Scalar>,
    _ kernels: SharedBuffer<Scalar>, _ index: Int
  ) -> Scalar? {
    let image = images.base + index * sizes.image.count
    let kernel = kernels.base + index * sizes.kernel.count
    guard let a = exponent(of: image, sizes.image.count, with: Scalar(sizes.edges.value)),
      let b = exponent(of: kernel, sizes.kernel.count, with: 0)
    else {
      tile.update(repeating: 0, count: 2 * tileCount)
      return nil
    }
    place(image, into: tile)
    place(kernel: kernel, into: tile + tileCount)
    if a != 0 { scale(tile, by: -a) }
    if b != 0 { scale(tile + tileCount, by: -b) }
    return Scalar(sign: .plus, exponent: a + b, significand: 1)
  }

  private func scale(_ part: UnsafeMutablePointer<Scalar>, by exponent: Scalar.Exponent) {
    Scalar._backend.kernels.scale(
      Scalar(sign: .plus, exponent: exponent, significand: 1), part, tileCount)
  }

  /// The exponent to scale by, 0 where values are of common size; nil if one is not finite.
  private func exponent(
    of values: UnsafePointer<Scalar>, _ count: Int, with constant: Scalar
  ) -> Scalar.Exponent? {
    var (low, high): (Scalar, Scalar) = (0, 0)
    let finite = Scalar._backend.kernels.finiteRange(values, count, &low, &high)
    guard finite == count, constant.isFinite else { return nil }
    let largest = max(max(-low, high), abs(constant))
    guard largest > 0 else { return 0 }
    let limit = Scalar.Exponent(Scalar.greatestFiniteMagnitude.exponent / 2 - 2)
    let exponent = max(-limit, min(limit, largest.exponent))
    return abs(exponent) <= 2 ? 0 : exponent
  }

  private func place(
    _ image: UnsafePointer<Scalar>, into part: UnsafeMutablePointer<Scalar>
  ) {
    let wanted = min(sizes.reach(2), lengths.columns)
    for row in 0..<lengths.rows {
      let to = part + row * rowStride
      var filled = 0
      if row < sizes.reach(1) {
        let line = sizes.edges.index(row + sizes.offset.rows, extent: sizes.image.rows)
        if let line {
          Scalar._backend.kernels.gatherRow(
            image + line * sizes.image.columns, sizes.image.columns, sizes.offset.columns, wanted,
            sizes.edges.rule.rawValue, Scalar(sizes.edges.value), to)
        } else {
          to.update(repeating: Scalar(sizes.edges.value), count: wanted)
        }
        filled = wanted
      }
      (to + filled).update(repeating: 0, count: rowStride - filled)
    }
  }

  private func place(
    kernel: UnsafePointer<Scalar>, into part: UnsafeMutablePointer<Scalar>
  ) {
    let (rows, columns) = (sizes.kernel.rows, sizes.kernel.columns)
    for row in 0..<lengths.rows {
      let to = part + row * rowStride
      // Taps beyond the tile only ever meet zeros.
      let count = row < rows ? min(columns, lengths.columns) : 0
      if count > 0 {
        let from = kernel + (sizes.mirrors ? rows - 1 - row : row) * columns
        if sizes.mirrors {
          for column in 0..<count { to[column] = from[columns - 1 - column] }
        } else {
          to.update(from: from, count: count)
        }
      }
      (to + count).update(repeating: 0, count: rowStride - count)
    }
  }

  private func write(
    _ part: UnsafeMutablePointer<Scalar>, _ index: Int, times factor: Scalar,
    into out: UnsafeMutablePointer<Scalar>
  ) {
    let columns = sizes.output.columns
    let result = out + index * sizes.output.count
    for row in 0..<sizes.output.rows {
      (result + row * columns).update(from: part + row * rowStride, count: columns)
    }
    if factor != 1 { Scalar._backend.kernels.scale(factor, result, sizes.output.count) }
  }
}

extension SharedBuffer where Element == Bool {
  fileprivate func indices(where value: Bool) -> [Int] {
    (0..<count).filter { self[$0] == value }
  }
}
