import ConcordArrays
import ConcordBackends
import ConcordFiltering

/// The parts of a template that lie over a scene at its edges, from sums over boxes.
///
/// Products are summed as if nothing were outside. A constant k there adds (k - shift) times the sum
/// of the centred template outside; under 'renormalize' all that counts is the part inside.
struct TemplateEdges: Sendable {
  /// Which elements of the template lie inside the scene, along each axis.
  private let axes: [EdgeWindows]
  private let whole: TemplateTerms
  /// What stands outside; nil for nothing.
  private let constant: Double?
  /// The least elements that a part has.
  private let minimumCount: Double
  /// Sums of the centred template, and of its squares, for each channel.
  private let sums: [PrefixSums]
  private let squares: [PrefixSums]
  private let means: [Double]
  private let unit: Double
  /// The least variance of a part, relative to its mean, for it to have contrast.
  private let resolution: Double
  /// The parts of rows that are wholly inside along the other axes.
  private var common: [TemplateTerms] = []

  var columns: EdgeWindows { axes[2] }

  /// Nil if nothing reaches outside, or the boundary rule puts elements of the scene there.
  init?<Scalar: RealScalar>(
    _ template: PreparedTemplate<Scalar>, _ geometry: ConvolutionGeometry, whole: TemplateTerms
  ) {
    let boundary = template.options.boundary
    guard boundary == .renormalize || boundary.isConstant, !geometry.staysInside else {
      return nil
    }
    constant = boundary == .renormalize ? nil : geometry.edges.value
    axes = (0..<3).map { EdgeWindows(geometry, axis: $0) }
    self.whole = whole
    unit = template.unit
    minimumCount = max(1, template.options.minimumOverlap * whole.count)
    means = template.means.map(\.mean)
    sums = template.centred.map { PrefixSums($0, extents: geometry.kernel) }
    squares =
      constant == nil
      ? template.centred.map { PrefixSums(squared($0), extents: geometry.kernel) } : []
    let rounding = 0.25 * Double(Scalar.ulpOfOne)
    resolution = rounding * rounding
    let kernel = geometry.kernel
    common = columns.ranges.map { terms(0..<kernel.planes, 0..<kernel.rows, $0) }
  }

  /// The parts for a row of outputs, by the ranges of columns.
  func table(plane: Int, row: Int) -> [TemplateTerms] {
    if axes[0].complete.contains(plane), axes[1].complete.contains(row) { return common }
    return columns.ranges.map { terms(axes[0][plane], axes[1][row], $0) }
  }

  /// Where the range of taps at a column ends.
  func end(ofRangeAt column: Int, within bounds: Range<Int>) -> Int {
    let range = columns.index[column]
    if columns.complete.contains(column) {
      return min(columns.complete.upperBound, bounds.upperBound)
    }
    var end = column + 1
    while end < bounds.upperBound, columns.index[end] == range { end += 1 }
    return end
  }

  /// The part that lies over a box of the template.
  private func terms(
    _ planes: Range<Int>, _ rows: Range<Int>, _ columns: Range<Int>
  ) -> TemplateTerms {
    let count = Double(planes.count * rows.count * columns.count)
    if let constant {
      if count == whole.count { return whole }
      var channels = whole.channels
      for index in channels.indices {
        let outside = sums[index].total - sums[index].sum(planes, rows, columns)
        channels[index].added = (constant - channels[index].shift) * outside * unit
      }
      return TemplateTerms(count: whole.count, channels: channels, energy: whole.energy)
    }
    guard count >= minimumCount else {
      return TemplateTerms(count: 0, channels: whole.channels, energy: 0)
    }
    var (channels, energy, floor) = (whole.channels, 0.0, 0.0)
    for index in channels.indices {
      let sum = sums[index].sum(planes, rows, columns)
      let square = squares[index].sum(planes, rows, columns)
      channels[index].residue = sum / count * unit
      channels[index].mean = means[index] + channels[index].residue
      energy += (square - sum * sum / count) * unit * unit
      let mean = channels[index].mean
      floor += max(resolution * count * mean * mean, 32 * .ulpOfOne * square * unit * unit)
    }
    return TemplateTerms(count: count, channels: channels, energy: energy > floor ? energy : 0)
  }
}

/// The squares of elements, in Double.
@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func squared<Scalar: RealScalar>(_ values: SharedBuffer<Scalar>) -> SharedBuffer<Double> {
  var result = SharedBuffer<Double>(uninitializedCount: values.count)
  var out = result.mutableSpan
  let source = values.span
  for index in source.indices { out[index] = Double(source[index]) * Double(source[index]) }
  return result
}
