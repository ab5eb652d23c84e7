import ConcordArrays
import ConcordBackends
import ConcordFiltering

/// The sums over the part of a template that lies inside a scene, from sums over boxes: where a scene
/// has no mask, they cost no transform.
struct TemplateParts: Sendable {
  /// Which elements of the template lie inside, along each axis.
  private let axes: [EdgeWindows]
  private let sums: [PrefixSums]
  private let whole: TemplateSums
  private let kernel: Extents
  /// The parts of the rows that are wholly inside along the other axes.
  private var common = TemplateLine(columns: 0)

  init<Scalar: RealScalar>(_ template: MaskedTemplate<Scalar>, _ geometry: ConvolutionGeometry) {
    axes = (0..<3).map { EdgeWindows(geometry, axis: $0) }
    sums = (template.kernels + template.roots).map { PrefixSums($0, extents: template.extents) }
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
        for columns in axes[2].ranges {
          largest = max(largest, sums[0].sum(planes, rows, columns))
        }
      }
    }
    return largest
  }

  private func line(_ planes: Range<Int>, _ rows: Range<Int>) -> TemplateLine {
    var line = TemplateLine(columns: axes[2].index.count)
    let parts = axes[2].ranges.map { part(planes, rows, $0) }
    for (column, range) in axes[2].index.enumerated() { line.set(parts[range], at: column) }
    return line
  }

  private func part(
    _ planes: Range<Int>, _ rows: Range<Int>, _ columns: Range<Int>
  ) -> TemplateSums {
    if planes.count == kernel.planes, rows.count == kernel.rows, columns.count == kernel.columns {
      return whole
    }
    let values = sums.map { $0.sum(planes, rows, columns) }
    return TemplateSums(
      count: values[0], sum: values[1], squares: values[2],
      rootCount: values.count > 3 ? values[3] : values[0],
      rootSum: values.count > 3 ? values[4] : values[1])
  }
}

/// Sums over parts of a template for a row of places, each in an array of its own.
struct TemplateLine: Sendable {
  private(set) var values: [SharedBuffer<Double>]

  init(columns: Int) {
    values = (0..<5).map { _ in SharedBuffer(repeating: 0, count: columns) }
  }

  /// The same sums at every place.
  init(repeating sums: TemplateSums, columns: Int) {
    values = Self.list(sums).map { SharedBuffer(repeating: $0, count: columns) }
  }

  mutating func set(_ sums: TemplateSums, at column: Int) {
    for (index, value) in Self.list(sums).enumerated() { values[index][column] = value }
  }

  private static func list(_ sums: TemplateSums) -> [Double] {
    [sums.count, sums.sum, sums.squares, sums.rootCount, sums.rootSum]
  }
}
