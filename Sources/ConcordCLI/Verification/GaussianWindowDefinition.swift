import Concord

/// Second moments weighted by a Gaussian, by collecting what is around each element.
struct GaussianWindowDefinition {
  let statistic: WindowStatistic
  /// The weights along each axis, whose products sum to 1.
  let taps: [[Double]]
  let boundary: Boundary
  let flat: FlatRule

  func outputs(image: Grid, second: Grid?) -> OutputDefinition {
    let second = second ?? image
    return OutputDefinition(real: { position in
      let (weights, a) = elements(of: image, at: position)
      let b = elements(of: second, at: position).values
      let (meanA, meanB) = (mean(a, weights), mean(b, weights))
      let ab = moment(a, meanA, b, meanB, weights)
      guard statistic == .correlation else { return ab }
      return flat.correlation(
        (moments: moment(a, meanA, a, meanA, weights), mean: meanA),
        (moments: moment(b, meanB, b, meanB, weights), mean: meanB), covariance: ab)
    })
  }

  private func mean(_ values: [Double], _ weights: [Double]) -> Double {
    zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private func moment(
    _ a: [Double], _ meanA: Double, _ b: [Double], _ meanB: Double, _ weights: [Double]
  ) -> Double {
    weights.indices.reduce(0) { $0 + weights[$1] * (a[$1] - meanA) * (b[$1] - meanB) }
  }

  /// Weights that sum to 1, and the elements that they belong to.
  private func elements(
    of image: Grid, at position: [Int]
  ) -> (weights: [Double], values: [Double]) {
    let all = Grid.threeAxes(taps, filler: [1])
    let centre = Grid.threeAxes(position, filler: 0)
    var (weights, values): ([Double], [Double]) = ([], [])
    func index(_ axis: Int, _ tap: Int) -> Int? {
      Grid.index(
        centre[axis] + tap - all[axis].count / 2, extent: image.extents[axis], boundary: boundary)
    }
    for plane in all[0].indices {
      for row in all[1].indices {
        for column in all[2].indices {
          let place = (index(0, plane), index(1, row), index(2, column))
          if case (let p?, let r?, let c?) = place {
            values.append(image[p, r, c].rawStorage.x)
          } else if boundary == .renormalize {
            continue
          } else {
            values.append(boundary.outsideValue)
          }
          weights.append(all[0][plane] * all[1][row] * all[2][column])
        }
      }
    }
    let sum = weights.reduce(0, +)
    return (weights.map { $0 / sum }, values)
  }
}
