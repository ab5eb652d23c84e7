import ConcordArrays
import ConcordBackends
import ConcordFiltering

/// The sums over the part of a template that lies inside a scene: where a scene has no mask, they cost no
/// transform.
///
/// Parts begin or end where the template does, so they are sums of rows from its top or from its bottom, and of
/// these from either side: nothing is subtracted, unless the template is larger than the scene.
struct TemplateParts: Sendable {
  /// Which elements of the template lie inside, along each axis.
  private let axes: [EdgeWindows]
  private let kinds: [RowSums]
  private let whole: TemplateSums
  private let kernel: Extents
  /// The parts of the rows that are wholly inside along the other axes.
  private var common = TemplateLine(columns: 0)

  init<Scalar: RealScalar>(_ template: MaskedTemplate<Scalar>, _ geometry: ConvolutionGeometry) {
    axes = (0..<3).map { EdgeWindows(geometry, axis: $0) }
    kinds = (template.kernels + template.roots).map { RowSums($0, template.extents) }
    whole = template.whole
    kernel = template.extents
    common = line(0..<kernel.planes, 0..<kernel.rows)
  }

  /// The sums of a row of places.
  func line(plane: Int, row: Int) -> TemplateLine {
    if axes[0].complete.contains(plane), axes[1].complete.contains(row) { return common }
    return line(axes[0][plane], axes[1][row])
  }

  /// The largest Σ M² of any place.
  var largestCount: Double {
    if axes.allSatisfy({ !$0.complete.isEmpty }) { return whole.count }
    var largest = 0.0
    for planes in axes[0].ranges {
      for rows in axes[1].ranges {
        let counts = line(planes, rows).values[0]
        for column in 0..<counts.count { largest = max(largest, counts[column]) }
      }
    }
    return largest
  }

  private func line(_ planes: Range<Int>, _ rows: Range<Int>) -> TemplateLine {
    var line = TemplateLine(columns: axes[2].index.count)
    let isWhole = planes.count == kernel.planes && rows.count == kernel.rows
    for (kind, sums) in kinds.enumerated() {
      let parts = sums.parts(planes, rows, axes[2].ranges)
      line.fill(kind, by: axes[2], parts, whole: isWhole ? whole.list[kind] : nil)
    }
    if kinds.count == 3 { line.repeatRoots() }
    return line
  }
}

/// Sums over the rows of a template, from its top and from its bottom.
private struct RowSums: Sendable {
  private let extents: Extents
  private let top: SharedBuffer<Double>
  private let bottom: SharedBuffer<Double>

  init(_ values: SharedBuffer<Double>, _ extents: Extents) {
    self.extents = extents
    let (rows, columns) = (extents.rows, extents.columns)
    let count = extents.planes * (rows + 1) * columns
    var (top, bottom) = (
      SharedBuffer<Double>(repeating: 0, count: count),
      SharedBuffer<Double>(repeating: 0, count: count)
    )
    var above = top.mutableSpan
    var below = bottom.mutableSpan
    let taps = values.span
    for plane in 0..<extents.planes {
      for row in 0..<rows {
        let (from, to) = ((plane * rows + row) * columns, (plane * (rows + 1) + row) * columns)
        for column in 0..<columns {
          above[to + columns + column] = above[to + column] + taps[from + column]
        }
      }
      for row in (0..<rows).reversed() {
        let (from, to) = ((plane * rows + row) * columns, (plane * (rows + 1) + row) * columns)
        for column in 0..<columns {
          below[to + column] = below[to + columns + column] + taps[from + column]
        }
      }
    }
    self.top = top
    self.bottom = bottom
  }

  /// The sums over a box of planes and rows, and each of some ranges of columns.
  func parts(_ planes: Range<Int>, _ rows: Range<Int>, _ ranges: [Range<Int>]) -> [Double] {
    let columns = extents.columns
    var sums = [Double](repeating: 0, count: columns)
    let (above, below) = (top.span, bottom.span)
    for plane in planes {
      let first = plane * (extents.rows + 1)
      let (low, high) = ((first + rows.lowerBound) * columns, (first + rows.upperBound) * columns)
      for column in 0..<columns {
        sums[column] +=
          rows.lowerBound == 0
          ? above[high + column]
          : rows.upperBound == extents.rows
            ? below[low + column] : above[high + column] - above[low + column]
      }
    }
    var (left, right) = (
      [Double](repeating: 0, count: columns + 1), [Double](repeating: 0, count: columns + 1)
    )
    for column in 0..<columns { left[column + 1] = left[column] + sums[column] }
    for column in (0..<columns).reversed() { right[column] = right[column + 1] + sums[column] }
    return ranges.map { range in
      if range.isEmpty { return 0 }
      if range.lowerBound == 0 { return left[range.upperBound] }
      if range.upperBound == columns { return right[range.lowerBound] }
      return left[range.upperBound] - left[range.lowerBound]
    }
  }
}

/// Sums over parts of a template for a row of places, each in an array of its own.
struct TemplateLine: Sendable {
  private(set) var values: [SharedBuffer<Double>]
  /// The sums of every place, if they are the same.
  private(set) var same: TemplateSums?

  init(columns: Int) {
    values = (0..<5).map { _ in SharedBuffer(repeating: 0, count: columns) }
  }

  /// The same sums at every place.
  init(repeating sums: TemplateSums, columns: Int) {
    values = sums.list.map { SharedBuffer(repeating: $0, count: columns) }
    same = sums
  }

  /// Writes a sum of each place: what its range of columns has, or that of the whole template where it has
  /// all columns.
  mutating func fill(_ kind: Int, by axis: EdgeWindows, _ parts: [Double], whole: Double?) {
    var out = values[kind].mutableSpan
    for column in out.indices { out[column] = parts[axis.index[column]] }
    if let whole { for column in axis.complete { out[column] = whole } }
  }

  /// Takes the sums with squared weights for those with weights: they are the same.
  mutating func repeatRoots() {
    values[3] = values[0]
    values[4] = values[1]
  }
}

extension TemplateSums {
  fileprivate var list: [Double] { [count, sum, squares, rootCount, rootSum] }
}
