/// One axis of a filter that does most of its work at a lower rate.
///
///     L[i] = Σ_k decimation[k] F[i factor + k - r],   H[i] = Σ_k filter[k] L[i + k - s]
///     out[j factor + p] = Σ_m phases[p][m] H[j + m + firstCell]
///
/// with r and s half the lengths of `decimation` and `filter`, which are odd.
package struct MultirateAxis: Hashable, Sendable {
  /// How many samples one of the lower rate stands for.
  package let factor: Int
  /// The samples of the image, and of the result.
  package let extent: Int
  package let decimation: [Double]
  package let filter: [Double]
  /// For each sample of a cell, the weights of the cells around it.
  package let phases: [[Double]]
  /// The first of those cells, relative to the sample's own.
  package let firstCell: Int

  package init(
    factor: Int, extent: Int, decimation: [Double], filter: [Double], phases: [[Double]],
    firstCell: Int
  ) {
    precondition(phases.count == factor && Set(phases.map(\.count)).count == 1)
    precondition(decimation.count % 2 == 1 && filter.count % 2 == 1)
    self.factor = factor
    self.extent = extent
    self.decimation = decimation
    self.filter = filter
    self.phases = phases
    self.firstCell = firstCell
  }

  /// An axis that is left as it is.
  package init(extent: Int) {
    self.init(
      factor: 1, extent: extent, decimation: [1], filter: [1], phases: [[1]], firstCell: 0)
  }

  /// Whether the axis keeps its rate.
  var isWhole: Bool { factor == 1 }
  /// Cells that the result is made of.
  var cells: Int { extent.parts(of: factor) }
  /// Samples of the lower rate after, and before, the filter.
  var filtered: Int { cells + phases[0].count - 1 }
  var decimated: Int { filtered + filter.count - 1 }
  /// Where the first sample of the lower rate begins to look, in samples of the image.
  var start: Int { (firstCell - filter.count / 2) * factor - decimation.count / 2 }
}
