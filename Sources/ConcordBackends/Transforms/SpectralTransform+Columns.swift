/// Passes along the outer axes: blocks of columns are brought together, transformed in cache, and
/// put back.
extension SpectralTransform {
  /// Transforms the columns of row spectra, of which only `count` rows of each axis are not zero.
  func transformColumns(
    of rows: borrowing AlignedBuffer<Scalar>, _ count: Extents, into spectrum: Spectrum<Scalar>,
    threads: Int
  ) {
    guard let columnForward else {
      spectrum.storage.base.update(from: rows.base, count: 2 * bins)
      return
    }
    let source = UncheckedSendable(rows.base)
    let tasks = bins.parts(of: blockColumns)
    forEachTask(tasks, threads: useful(threads)) { task in
      // The block is transformed where it stays.
      let first = task * blockColumns
      let columns = min(blockColumns, bins - first)
      gatherBlock(source.value, count, first, columns, into: spectrum.column(first))
      for column in 0..<columns {
        columnForward.plan.execute(inPlace: spectrum.column(first + column))
      }
    }
  }

  /// Transforms the columns of row spectra, multiplies them with `spectrum`, and transforms them
  /// back in place, as far as `crop` wants them.
  func filterColumns(
    of rows: borrowing AlignedBuffer<Scalar>, _ count: Extents, by spectrum: Spectrum<Scalar>,
    conjugate: Bool, _ crop: Crop, threads: Int
  ) {
    let multiply = Scalar._backend.kernels.multiplySpectrum
    guard let columnForward, let columnBackward else {
      multiply(rows.base, spectrum.storage.base, bins, conjugate ? 1 : 0)
      return
    }
    let base = UncheckedSendable(rows.base)
    forEachBlock(threads: threads) { first, columns, block in
      gatherBlock(base.value, count, first, columns, into: block)
      for column in 0..<columns {
        let values = block + 2 * column * columnStride
        columnForward.plan.execute(inPlace: values)
        multiply(values, spectrum.column(first + column), columnLength, conjugate ? 1 : 0)
        columnBackward.plan.execute(inPlace: values)
      }
      scatterBlock(block, crop, first, columns, into: base.value)
    }
  }

  /// Transforms the columns of `spectrum`, times the conjugate of `other` if there is one, back to row
  /// spectra.
  func invertColumns(
    of spectrum: Spectrum<Scalar>, timesConjugate other: Spectrum<Scalar>? = nil, _ crop: Crop,
    into rows: borrowing AlignedBuffer<Scalar>, threads: Int
  ) {
    let multiply = Scalar._backend.kernels.multiplySpectrum
    guard let columnBackward else {
      rows.base.update(from: spectrum.storage.base, count: 2 * bins)
      if let other { multiply(rows.base, other.storage.base, bins, 1) }
      return
    }
    let base = UncheckedSendable(rows.base)
    forEachBlock(threads: threads) { first, columns, block in
      for column in 0..<columns {
        let values = block + 2 * column * columnStride
        values.update(from: spectrum.column(first + column), count: 2 * columnLength)
        if let other { multiply(values, other.column(first + column), columnLength, 1) }
        columnBackward.plan.execute(inPlace: values)
      }
      scatterBlock(block, crop, first, columns, into: base.value)
    }
  }

  /// Hands out blocks of neighbouring columns with memory for each: first column, count, block.
  private func forEachBlock(
    threads: Int, _ body: @Sendable (Int, Int, UnsafeMutablePointer<Scalar>) -> Void
  ) {
    let tasks = bins.parts(of: blockColumns)
    forEachTask(tasks, threads: useful(threads)) {
      AlignedBuffer<Scalar>(uninitializedCount: 2 * blockColumns * columnStride)
    } body: { task, scratch in
      let first = task * blockColumns
      body(first, min(blockColumns, bins - first), scratch.base)
    }
  }

  /// Brings a block of columns together, with zeros where no row was transformed.
  private func gatherBlock(
    _ rows: UnsafeMutablePointer<Scalar>, _ count: Extents, _ first: Int, _ columns: Int,
    into block: UnsafeMutablePointer<Scalar>
  ) {
    for plane in 0..<count.planes {
      let start = plane * lengths.rows
      Scalar._backend.kernels.transposeComplex(
        rows + 2 * (start * rowStride + first), rowStride, count.rows, columns,
        block + 2 * start, columnStride)
    }
    for column in 0..<columns {
      let values = block + 2 * column * columnStride
      for plane in 0..<count.planes {
        (values + 2 * (plane * lengths.rows + count.rows))
          .initialize(repeating: 0, count: 2 * (lengths.rows - count.rows))
      }
      (values + 2 * count.planes * lengths.rows)
        .initialize(repeating: 0, count: 2 * (lengths.planes - count.planes) * lengths.rows)
    }
  }

  /// Puts the wanted rows of a block of columns back.
  private func scatterBlock(
    _ block: UnsafeMutablePointer<Scalar>, _ crop: Crop, _ first: Int, _ columns: Int,
    into rows: UnsafeMutablePointer<Scalar>
  ) {
    for planes in croppedRuns(crop, axis: 0) {
      for plane in planes.start..<(planes.start + planes.count) {
        for run in croppedRuns(crop, axis: 1) {
          let start = plane * lengths.rows + run.start
          Scalar._backend.kernels.transposeComplex(
            block + 2 * start, columnStride, columns, run.count,
            rows + 2 * (start * rowStride + first), rowStride)
        }
      }
    }
  }
}
