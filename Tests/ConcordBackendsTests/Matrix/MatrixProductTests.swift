import ConcordBackends
import ConcordTestSupport
import Testing

/// Results are cut in blocks of 384 rows and columns; these sizes stand at the cuts.
@Suite("Matrix products")
struct MatrixProductTests {
  @Test(
    "All rows by all rows",
    arguments: [[1, 1, 1], [3, 5, 4], [383, 2, 3], [2, 384, 3], [385, 385, 2], [5, 769, 1]],
    [1, 3])
  func rowsByRows(sizes: [Int], threads: Int) {
    check(Float.self, sizes, threads)
    check(Double.self, sizes, threads)
  }

  private func check<Scalar: BackendScalar>(
    _ scalar: Scalar.Type, _ sizes: [Int], _ threads: Int
  ) {
    let (rowsA, rowsB, length) = (sizes[0], sizes[1], sizes[2])
    var random = SplitMix64(seed: 8)
    let a = random.numbers(rowsA * length)
    let b = random.numbers(rowsB * length)
    var out = SharedBuffer<Scalar>(dirty: rowsA * rowsB)
    MatrixProduct.rowsByRows(
      SharedBuffer(values: a), SharedBuffer(values: b), length: length, threads: threads,
      into: &out)
    #expect(
      relativeL2Error(out.values, products(a, b, length)) < bound(scalar), "\(scalar) \(sizes)")
  }

  @Test("All rows by themselves", arguments: [1, 7, 383, 384, 385, 769], [1, 3])
  func rowsByThemselves(rows: Int, threads: Int) {
    let length = 3
    var random = SplitMix64(seed: 9)
    let a = random.numbers(rows * length)
    var float = SharedBuffer<Float>(dirty: rows * rows)
    MatrixProduct.rowsByThemselves(
      SharedBuffer(values: a), length: length, threads: threads, into: &float)
    var double = SharedBuffer<Double>(dirty: rows * rows)
    MatrixProduct.rowsByThemselves(
      SharedBuffer(values: a), length: length, threads: threads, into: &double)
    let expected = products(a, a, length)
    #expect(relativeL2Error(float.values, expected) < 1e-6)
    #expect(relativeL2Error(double.values, expected) < 1e-14)
  }

  /// Pairs of reals as complex numbers, and the same times -i.
  @Test("All rows by themselves turned", arguments: [1, 7, 384, 385], [1, 3])
  func rowsByTurnedRows(rows: Int, threads: Int) {
    let length = 6
    var random = SplitMix64(seed: 12)
    let a = random.numbers(rows * length)
    let turned = a.indices.map { $0 % 2 == 0 ? a[$0 + 1] : -a[$0 - 1] }
    var out = SharedBuffer<Double>(dirty: rows * rows)
    MatrixProduct.rowsByTurnedRows(
      SharedBuffer(values: turned), SharedBuffer(values: a), length: length, threads: threads,
      into: &out)
    let found = out.values
    // One row turned has no product with itself but what rounding leaves of it.
    let expected = rows == 1 ? [0] : products(turned, a, length)
    #expect(relativeL2Error(found, expected) < 1e-14)
    for i in 0..<rows {
      #expect(found[i * rows + i] == 0)
      #expect((0..<i).allSatisfy { found[i * rows + $0] == -found[$0 * rows + i] })
    }
  }

  /// Σ a[i, k] b[j, k] for all pairs of rows.
  private func products(_ a: [Double], _ b: [Double], _ length: Int) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(a.count * b.count / length / length)
    for i in stride(from: 0, to: a.count, by: length) {
      for j in stride(from: 0, to: b.count, by: length) {
        var sum = 0.0
        for k in 0..<length { sum += a[i + k] * b[j + k] }
        result.append(sum)
      }
    }
    return result
  }
}
