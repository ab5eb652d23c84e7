/// Passes along the innermost axis.
extension SpectralTransform {
  /// Rows in a task: enough to make a task worth its hand-out.
  private var rowsPerTask: Int { 16 }

  /// Gathers and transforms the rows that are not zero; of values that aren't finite, `isFinite` hears.
  func transformRows(
    _ samples: Samples<Scalar>, _ placement: Placement, threads: Int, isFinite: Flag
  ) -> AlignedBuffer<Scalar> {
    let rows = AlignedBuffer<Scalar>(uninitializedCount: 2 * columnLength * rowStride)
    let target = UncheckedSendable(rows.base)
    let rowCount = placement.count.planes * placement.count.rows
    let tasks = rowCount.parts(of: rowsPerTask)
    forEachTask(tasks, threads: useful(threads), makeScratch: makeRowScratch) { task, scratch in
      let end = min((task + 1) * rowsPerTask, rowCount)
      var row = task * rowsPerTask
      while row < end {
        let pair = isComplex || row + 1 == end ? nil : row + 1
        let areFinite = transformPair(
          row, pair, samples, placement, into: target.value, scratch.base)
        if !areFinite { isFinite.clear() }
        row += isComplex ? 1 : 2
      }
    }
    return rows
  }

  /// One packed complex row, and two real ones.
  private func makeRowScratch() -> AlignedBuffer<Scalar> {
    AlignedBuffer(uninitializedCount: 2 * packedLength + 2 * realLength)
  }

  private var packedLength: Int { (lengths.columns + 7) / 8 * 8 + 8 }
  private var realLength: Int { (2 * lengths.columns + 15) / 16 * 16 + 16 }

  /// Transforms one complex row, or two real rows together; returns whether all values are finite.
  private func transformPair(
    _ first: Int, _ second: Int?, _ samples: Samples<Scalar>, _ placement: Placement,
    into rows: UnsafeMutablePointer<Scalar>, _ scratch: UnsafeMutablePointer<Scalar>
  ) -> Bool {
    let backend = Scalar._backend
    let packed = scratch
    let a = scratch + 2 * packedLength
    let b = a + realLength
    let constant = placement.extension.value
    let shift = samples.shift ?? 0
    var areFinite = gather(
      first, of: samples.real, placement, constant: constant, minus: shift, into: a)
    if isRealLine {
      rowForward.plan.execute(reals: a, spectrum: rows)
      return areFinite
    }
    if let imaginary = samples.imaginary {
      // The constant beyond the edges is a real number.
      if !gather(first, of: imaginary, placement, constant: 0, minus: 0, into: b) {
        areFinite = false
      }
    } else if let second {
      let isSecondFinite = gather(
        second, of: samples.real, placement, constant: constant, minus: shift, into: b)
      if !isSecondFinite { areFinite = false }
    } else {
      b.initialize(repeating: 0, count: lengths.columns)
    }
    backend.kernels.packPair(a, b, lengths.columns, packed)
    rowForward.plan.execute(inPlace: packed)
    let to = rows + 2 * rowStride * layoutRow(first, placement.count)
    if isComplex {
      to.update(from: packed, count: 2 * lengths.columns)
    } else {
      // Without a partner the second spectrum is zero; `a` is free to take it.
      let other = second.map { rows + 2 * rowStride * layoutRow($0, placement.count) }
      backend.kernels.unpackPairSpectrum(packed, lengths.columns, to, other ?? a)
    }
    return areFinite
  }

  /// The row of the transform's layout where the index-th of `count` rows lies.
  private func layoutRow(_ index: Int, _ count: Extents) -> Int {
    index / count.rows * lengths.rows + index % count.rows
  }

  /// Gathers one row by the boundary rule and fills up with zeros, which also stand for values that
  /// aren't finite.
  ///
  /// - Returns: Whether all values are finite.
  private func gather(
    _ index: Int, of buffer: SharedBuffer<Scalar>, _ placement: Placement,
    constant: Double, minus shift: Scalar, into row: UnsafeMutablePointer<Scalar>
  ) -> Bool {
    let count = placement.count
    let extents = placement.extents
    let rule = placement.extension
    let plane = rule.index(placement.origin.planes + index / count.rows, extent: extents.planes)
    let line = rule.index(placement.origin.rows + index % count.rows, extent: extents.rows)
    if let plane, let line {
      Scalar._backend.kernels.gatherRow(
        buffer.base + (plane * extents.rows + line) * extents.columns, extents.columns,
        placement.origin.columns, count.columns, rule.rule.rawValue, Scalar(constant), row)
    } else {
      row.initialize(repeating: Scalar(constant), count: count.columns)
    }
    if shift != 0 { Scalar._backend.kernels.shift(shift, row, count.columns) }
    (row + count.columns).initialize(repeating: 0, count: lengths.columns - count.columns)
    if Scalar._backend.kernels.allFinite(row, count.columns) != 0 { return true }
    replaceNonFinite(row, count.columns)
    return false
  }

  /// Transforms the wanted rows back and writes the wanted columns, scaled by 1 / N.
  func invertRows(
    _ rows: borrowing AlignedBuffer<Scalar>, _ crop: Crop, into out: inout Samples<Scalar>,
    threads: Int
  ) {
    let source = UncheckedSendable(rows.base)
    let real = UncheckedSendable(out.real.mutableBase())
    let imaginary = UncheckedSendable(out.imaginary?.mutableBase())
    let rowCount = crop.count.planes * crop.count.rows
    let tasks = rowCount.parts(of: rowsPerTask)
    forEachTask(tasks, threads: useful(threads), makeScratch: makeRowScratch) { task, scratch in
      let end = min((task + 1) * rowsPerTask, rowCount)
      var row = task * rowsPerTask
      while row < end {
        let first = real.value + row * crop.count.columns
        if let imaginary = imaginary.value {
          let second = imaginary + row * crop.count.columns
          invertPair(row, nil, source.value, crop, first, second, scratch.base)
        } else {
          let pair = row + 1 < end ? row + 1 : nil
          let second = pair.map { real.value + $0 * crop.count.columns }
          invertPair(row, pair, source.value, crop, first, second, scratch.base)
        }
        row += isComplex ? 1 : 2
      }
    }
  }

  private func invertPair(
    _ first: Int, _ second: Int?, _ rows: UnsafeMutablePointer<Scalar>, _ crop: Crop,
    _ outFirst: UnsafeMutablePointer<Scalar>, _ outSecond: UnsafeMutablePointer<Scalar>?,
    _ scratch: UnsafeMutablePointer<Scalar>
  ) {
    let backend = Scalar._backend
    let packed = scratch
    let spare = scratch + 2 * packedLength
    let from = rows + 2 * rowStride * croppedRow(first, crop)
    let scale = Scalar(1) / Scalar(lengths.count)
    if isRealLine {
      rowBackward.plan.execute(reals: spare, spectrum: from)
      copyCropped(spare, crop, scale, to: outFirst)
      return
    }
    if isComplex {
      packed.update(from: from, count: 2 * lengths.columns)
    } else if let second {
      backend.kernels.packPairSpectrum(
        from, rows + 2 * rowStride * croppedRow(second, crop), lengths.columns, packed)
    } else {
      spare.initialize(repeating: 0, count: 2 * bins)
      backend.kernels.packPairSpectrum(from, spare, lengths.columns, packed)
    }
    rowBackward.plan.execute(inPlace: packed)
    for run in croppedRuns(crop, axis: 2) {
      backend.kernels.splitPair(
        packed + 2 * run.start, run.count, scale, outFirst + run.offset,
        (outSecond ?? spare) + run.offset)
    }
  }

  private func copyCropped(
    _ row: UnsafeMutablePointer<Scalar>, _ crop: Crop, _ scale: Scalar,
    to out: UnsafeMutablePointer<Scalar>
  ) {
    for run in croppedRuns(crop, axis: 2) {
      (out + run.offset).update(from: row + run.start, count: run.count)
    }
    Scalar._backend.kernels.scale(scale, out, crop.count.columns)
  }

  /// The layout row of the index-th wanted row.
  private func croppedRow(_ index: Int, _ crop: Crop) -> Int {
    let plane = wrapped(crop.start.planes + index / crop.count.rows, lengths.planes)
    let row = wrapped(crop.start.rows + index % crop.count.rows, lengths.rows)
    return plane * lengths.rows + row
  }

  /// The wanted indices of an axis as runs that don't wrap: where each starts in the transform,
  /// how long it is, and how many wanted indices come before it.
  func croppedRuns(_ crop: Crop, axis: Int) -> [(start: Int, count: Int, offset: Int)] {
    var runs: [(start: Int, count: Int, offset: Int)] = []
    var offset = 0
    while offset < crop.count[axis] {
      let start = wrapped(crop.start[axis] + offset, lengths[axis])
      let count = min(lengths[axis] - start, crop.count[axis] - offset)
      runs.append((start, count, offset))
      offset += count
    }
    return runs
  }
}

/// `index` modulo `length`, never negative.
func wrapped(_ index: Int, _ length: Int) -> Int {
  let rest = index % length
  return rest < 0 ? rest + length : rest
}
