extension NaiveArray {
  /// The scalar product of every row of this image with every row of another.
  ///
  /// - Throws: ``NaiveError/shapesDiffer`` unless both are images with rows of one length.
  public func rowProducts(with other: NaiveArray) throws(NaiveError) -> NaiveArray {
    try pairRows(with: other) { first, second in
      var sum = 0.0
      for k in first.indices { sum += first[k] * second[k] }
      return sum
    }
  }

  /// Pearson's correlation of every row of this image with every row of another.
  ///
  /// A row whose elements are all equal has no correlation: NaN.
  ///
  /// - Throws: ``NaiveError/shapesDiffer`` unless both are images with rows of one length.
  public func rowCorrelations(with other: NaiveArray) throws(NaiveError) -> NaiveArray {
    try pairRows(with: other, naivePearson)
  }

  /// The rank of each element in its row, from 1; equal elements share their mean rank.
  public var rowRanks: NaiveArray {
    var ranks = values
    for index in values.indices {
      let row = row(index / shape[1])
      let below = row.count { $0 < values[index] }
      let equal = row.count { $0 == values[index] }
      ranks[index] = Double(below) + Double(equal + 1) / 2
    }
    return NaiveArray(shape: shape, values: ranks)
  }

  private func pairRows(
    with other: NaiveArray, _ value: ([Double], [Double]) -> Double
  ) throws(NaiveError) -> NaiveArray {
    guard shape.count == 2 && other.shape.count == 2 && shape[1] == other.shape[1] else {
      throw .shapesDiffer
    }
    let seconds = (0..<other.shape[0]).map { other.row($0) }
    var result: [Double] = []
    for i in 0..<shape[0] {
      let first = row(i)
      for second in seconds { result.append(value(first, second)) }
    }
    return NaiveArray(shape: [shape[0], other.shape[0]], values: result)
  }

  private func row(_ index: Int) -> [Double] {
    Array(values[(index * shape[1])..<((index + 1) * shape[1])])
  }
}

extension NaiveComplexArray {
  /// Σ a[i, k] · conj(b[j, k]) for every pair of rows.
  ///
  /// - Throws: ``NaiveError/shapesDiffer`` unless both are images with rows of one length.
  public func rowProducts(with other: NaiveComplexArray) throws(NaiveError) -> NaiveComplexArray {
    let rr = try real.rowProducts(with: other.real)
    let ii = try imaginary.rowProducts(with: other.imaginary)
    let ir = try imaginary.rowProducts(with: other.real)
    let ri = try real.rowProducts(with: other.imaginary)
    return NaiveComplexArray(
      real: NaiveArray(shape: rr.shape, values: zip(rr.values, ii.values).map { $0 + $1 }),
      imaginary: NaiveArray(shape: rr.shape, values: zip(ir.values, ri.values).map { $0 - $1 }))
  }
}

/// Pearson's correlation of two equally long lists: Σ (a - ā)(b - b̄) / √(Σ (a - ā)² · Σ (b - b̄)²).
///
/// NaN where the elements of either are all equal.
public func naivePearson(_ a: [Double], _ b: [Double]) -> Double {
  precondition(a.count == b.count && !a.isEmpty, "Two lists of one length expected")
  if a.allSatisfy({ $0 == a[0] }) || b.allSatisfy({ $0 == b[0] }) { return .nan }
  let meanA = a.reduce(0, +) / Double(a.count)
  let meanB = b.reduce(0, +) / Double(b.count)
  var product = 0.0
  var squareA = 0.0
  var squareB = 0.0
  for k in a.indices {
    product += (a[k] - meanA) * (b[k] - meanB)
    squareA += (a[k] - meanA) * (a[k] - meanA)
    squareB += (b[k] - meanB) * (b[k] - meanB)
  }
  return product / (squareA.squareRoot() * squareB.squareRoot())
}
