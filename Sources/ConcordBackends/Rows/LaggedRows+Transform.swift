/// Pairs of rows at many lags, by transforms: each row is transformed once, each pair of pairs back.
///
/// Two rows of a are the real and the imaginary part of one complex row: with the real rows of b they
/// don't mix. Rows of b are the lanes of vectors, so a whole vector of pairs is transformed at once.
package final class RowTransform<Scalar: BackendScalar>: Sendable {
  package let problem: LaggedRows
  private let axis: LaneAxis<Scalar>

  /// Rows of b whose spectra are next to each other, and rows of a that meet them while they are in
  /// cache.
  private static var group: Int { 16 }
  private static var rowsAtOnce: Int { 8 }

  package init(_ problem: LaggedRows) {
    self.problem = problem
    axis = LaneAxis(length: problem.transformLength)
  }

  private var lanes: Int { Int(Scalar._backend.kernels.tileLanes()) }
  private var groupCount: Int { 2 * Self.group * axis.length }

  /// Scalars that a worker needs beside the spectra of b: a group's rows and spectrum, pairs of a, and
  /// what the way back needs.
  package static func workspaceCount(_ problem: LaggedRows) -> Int {
    let length = problem.transformLength
    return 2 * group * (length + 16) + 2 * group * length + rowsAtOnce * length + 32 * length
  }

  /// Scalars of the spectra of rows of b.
  package static func spectraCount(_ problem: LaggedRows, rows: Int) -> Int {
    2 * rows.roundedUp(to: group) * problem.transformLength
  }

  /// A group of rows as a tile whose columns alone are transformed.
  private var tile: LaneTile<Scalar> {
    let table = axis.axis
    let none = LaneTile<Scalar>.Axis(
      length: Self.group, passes: 0, radices: table.radices, twiddles: table.twiddles)
    let one = LaneTile<Scalar>.Axis(
      length: 1, passes: 0, radices: table.radices, twiddles: table.twiddles)
    return LaneTile(
      planes: one, rows: none, columns: table, rowStride: axis.length + 16,
      planeStride: Self.group * (axis.length + 16), twist: nil,
      kept: Extents(1, Self.group, axis.length))
  }

  /// Writes the results of all pairs, but for rows that hold NaN or infinity, which are left out.
  ///
  /// - Returns: The rows that were left out.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  package func correlate(
    _ rows: RowBlocks<Scalar>, threads: Int, into out: inout SharedBuffer<Scalar>
  ) -> (rowsA: [Int], rowsB: [Int]) {
    precondition(out.count == rows.rowsA * rows.rowsB * problem.lags && rows.problem == problem)
    let groups = rows.rowsB.parts(of: Self.group)
    let spectra = AlignedBuffer<Scalar>(uninitializedCount: groups * groupCount)
    let spectraBase = UncheckedSendable(spectra.base)
    WorkProgress.untold {
      forEachTask(groups, threads: threads) {
        AlignedBuffer<Scalar>(uninitializedCount: Self.workspaceCount(problem))
      } body: { group, work in
        transform(rows, group: group, work.base, into: spectraBase.value + group * groupCount)
      }
    }
    let to = UncheckedSendable(out.mutableBase())
    forEachTask(rows.rowsA.parts(of: Self.rowsAtOnce), threads: threads) {
      AlignedBuffer<Scalar>(uninitializedCount: Self.workspaceCount(problem))
    } body: { task, work in
      let first = task * Self.rowsAtOnce
      correlate(
        rows, first..<min(first + Self.rowsAtOnce, rows.rowsA), spectraBase.value, work.base,
        into: to.value)
    }
    return withExtendedLifetime(spectra) {
      (
        rows.nonFinite(rows.a, length: problem.lengthA),
        rows.nonFinite(rows.b, length: problem.lengthB)
      )
    }
  }

  /// The conjugate spectra of a group of rows of b, scaled; zeros for rows that aren't finite.
  private func transform(
    _ rows: RowBlocks<Scalar>, group: Int, _ work: UnsafeMutablePointer<Scalar>,
    into spectrum: UnsafeMutablePointer<Scalar>
  ) {
    let (length, pitch) = (axis.length, axis.length + 16)
    work.update(repeating: 0, count: 2 * Self.group * pitch)
    for line in 0..<min(Self.group, rows.rowsB - group * Self.group) {
      let row = rows.b.base + (group * Self.group + line) * problem.lengthB
      guard Scalar._backend.kernels.allFinite(row, problem.lengthB) != 0 else { continue }
      (work + line * pitch).update(from: row, count: min(problem.lengthB, length))
    }
    Scalar._backend.kernels.transformTile(
      tile, work, work + Self.group * pitch, 1 / Scalar(length), true,
      work + (2 * pitch + 2 * length) * Self.group + Self.rowsAtOnce * length, spectrum)
  }

  /// Correlates a few rows of a with all of b.
  private func correlate(
    _ rows: RowBlocks<Scalar>, _ range: Range<Int>, _ spectra: UnsafeMutablePointer<Scalar>,
    _ work: UnsafeMutablePointer<Scalar>, into out: UnsafeMutablePointer<Scalar>
  ) {
    let (length, pitch) = (axis.length, axis.length + 16)
    let spectrum = work + 2 * Self.group * pitch
    let pairs = spectrum + 2 * Self.group * length
    let scratch = pairs + Self.rowsAtOnce * length
    work.update(repeating: 0, count: 2 * Self.group * pitch)
    var factors = [Scalar](repeating: 1, count: range.count)
    for index in stride(from: 0, to: range.count, by: 2) {
      let real = work + index / 2 * pitch
      place(rows, range.lowerBound + index, into: real)
      guard index + 1 < range.count else { break }
      let imaginary = real + Self.group * pitch
      place(rows, range.lowerBound + index + 1, into: imaginary)
      factors[index + 1] = balance(real, imaginary)
    }
    Scalar._backend.kernels.transformTile(
      tile, work, work + Self.group * pitch, 1, false, scratch, spectrum)
    for pair in 0..<(range.count + 1) / 2 {
      // Rows are lanes of the spectrum; one of them on its own is read quicker.
      var from = spectrum + pair / lanes * 2 * lanes * length + pair % lanes
      for bin in 0..<length {
        pairs[(pair * length + bin) * 2] = from[0]
        pairs[(pair * length + bin) * 2 + 1] = from[lanes]
        from += 2 * lanes
      }
    }
    for group in 0..<rows.rowsB.parts(of: Self.group) {
      let count = min(Self.group, rows.rowsB - group * Self.group)
      for index in stride(from: 0, to: range.count, by: 2) {
        let first =
          out + ((range.lowerBound + index) * rows.rowsB + group * Self.group) * problem.lags
        let second = index + 1 < range.count ? first + rows.rowsB * problem.lags : nil
        Scalar._backend.kernels.correlateRows(
          axis.axis, pairs + index * length, spectra + group * groupCount, count, problem.lags,
          first, second, scratch)
        if let second, factors[index + 1] != 1 {
          Scalar._backend.kernels.scale(factors[index + 1], second, count * problem.lags)
        }
      }
    }
  }

  /// Puts a row of a where its correlations begin with the first lag.
  private func place(
    _ rows: RowBlocks<Scalar>, _ row: Int, into line: UnsafeMutablePointer<Scalar>
  ) {
    let from = rows.a.base + row * problem.lengthA
    guard Scalar._backend.kernels.allFinite(from, problem.lengthA) != 0 else { return }
    let skipped = max(0, problem.firstLag)
    let start = max(0, -problem.firstLag)
    let count = min(problem.lengthA - skipped, axis.length - start)
    if count > 0 { (line + start).update(from: from + skipped, count: count) }
  }

  /// Scales the second of two rows by a power of two if it is much larger or smaller than the first:
  /// both round relative to the larger.
  ///
  /// - Returns: What the second's results are to be multiplied with.
  private func balance(
    _ first: UnsafeMutablePointer<Scalar>, _ second: UnsafeMutablePointer<Scalar>
  ) -> Scalar {
    let (x, y) = (largest(first), largest(second))
    guard x > 0, y > 0 else { return 1 }
    let difference = y.exponent - x.exponent
    guard abs(difference) > 3 else { return 1 }
    let limit = Scalar.Exponent(Scalar.greatestFiniteMagnitude.exponent / 2)
    let shift = max(-limit, min(limit, difference))
    Scalar._backend.kernels.scale(
      Scalar(sign: .plus, exponent: -shift, significand: 1), second, axis.length)
    return Scalar(sign: .plus, exponent: shift, significand: 1)
  }

  private func largest(_ line: UnsafeMutablePointer<Scalar>) -> Scalar {
    var (low, high): (Scalar, Scalar) = (0, 0)
    _ = Scalar._backend.kernels.finiteRange(line, axis.length, &low, &high)
    return max(-low, high)
  }
}

extension RowBlocks {
  /// The rows that hold NaN or infinity.
  func nonFinite(_ values: SharedBuffer<Scalar>, length: Int) -> [Int] {
    if Scalar._backend.kernels.allFinite(values.base, values.count) != 0 { return [] }
    return (0..<values.count / length).filter {
      Scalar._backend.kernels.allFinite(values.base + $0 * length, length) == 0
    }
  }
}
