import Concord

/// The measures of two rows by their formulas.
struct RowDefinition {
  let measure: RowMeasure
  /// Whether rows are complex, which have dot products alone.
  let isComplex: Bool

  func outputs(_ a: Grid, _ b: Grid) -> OutputDefinition {
    if isComplex {
      return OutputDefinition { position in
        zip(row(position[0], of: a), row(position[1], of: b))
          .reduce(.zero) { $0 + $1.0 * $1.1.conjugate }
      }
    }
    return OutputDefinition(real: { position in
      value(
        row(position[0], of: a).map(\.rawStorage.x), row(position[1], of: b).map(\.rawStorage.x))
    })
  }

  /// The measure of two rows moved past each other by a lag, each prepared as a whole.
  func outputs(_ a: Grid, _ b: Grid, firstLag: Int) -> OutputDefinition {
    if isComplex {
      return OutputDefinition { position in
        let (x, y) = (row(position[0], of: a), row(position[1], of: b))
        let lag = firstLag + position[2]
        var sum = Complex<Double>.zero
        for n in max(0, -lag)..<max(0, -lag, min(y.count, x.count - lag)) {
          sum += x[n + lag] * y[n].conjugate
        }
        return sum
      }
    }
    let (first, second) = (prepared(a), prepared(b))
    return OutputDefinition(real: { position in
      let (x, y) = (first[position[0]], second[position[1]])
      let lag = firstLag + position[2]
      var sum = 0.0
      for n in max(0, -lag)..<max(0, -lag, min(y.count, x.count - lag)) { sum += x[n + lag] * y[n] }
      return measure == .distance ? 1 - sum : sum
    })
  }

  /// Rows whose dot products are the measure.
  private func prepared(_ rows: Grid) -> [[Double]] {
    (0..<rows.extents[1]).map { index in
      var row = row(index, of: rows).map(\.rawStorage.x)
      if measure == .dot { return row }
      if measure == .spearman { row = ranks(row) }
      if measure != .cosine { row = centred(row) }
      let norm = dot(row, row).squareRoot()
      return row.map { $0 / norm }
    }
  }

  private func row(_ index: Int, of grid: Grid) -> [Complex<Double>] {
    (0..<grid.extents[2]).map { grid[0, index, $0] }
  }

  private func value(_ x: [Double], _ y: [Double]) -> Double {
    switch measure {
    case .dot: dot(x, y)
    case .cosine: coefficient(x, y)
    case .pearson: coefficient(centred(x), centred(y))
    case .distance: 1 - coefficient(centred(x), centred(y))
    case .spearman: coefficient(centred(ranks(x)), centred(ranks(y)))
    }
  }

  private func dot(_ x: [Double], _ y: [Double]) -> Double {
    zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private func coefficient(_ x: [Double], _ y: [Double]) -> Double {
    dot(x, y) / (dot(x, x) * dot(y, y)).squareRoot()
  }

  private func centred(_ x: [Double]) -> [Double] {
    let mean = x.reduce(0, +) / Double(x.count)
    // Rounding of the mean must not make contrast where there is none.
    return x.allSatisfy { $0 == x[0] } ? x.map { _ in 0 } : x.map { $0 - mean }
  }

  /// One more than the elements that are smaller, and half of the others that are equal.
  private func ranks(_ x: [Double]) -> [Double] {
    if x.contains(where: \.isNaN) { return x.map { _ in .nan } }
    let sorted = x.sorted()
    return x.map { value in
      let below = bound(sorted) { $0 < value }
      let upTo = bound(sorted) { $0 <= value }
      return Double(below + upTo + 1) / 2
    }
  }

  /// How many elements of a sorted list come first that fulfil a condition.
  private func bound(_ sorted: [Double], _ isBefore: (Double) -> Bool) -> Int {
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if isBefore(sorted[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
