import Concord

/// Statistics of windows, by collecting each window's elements.
struct WindowDefinition {
  let statistic: WindowStatistic
  /// Extents of the window along the image's axes.
  let window: [Int]
  let boundary: Boundary
  var ddof = 0
  var flat = FlatRule(.zero, .double)

  func outputs(image: Grid, second: Grid? = nil) -> OutputDefinition {
    OutputDefinition(real: { position in
      let a = elements(of: image, at: position)
      switch statistic {
      case .reduction(let reduction): return reduced(a, by: reduction)
      case .covariance:
        let energy = energy(a, elements(of: second ?? image, at: position))
        return a.count > ddof ? energy / (Double(a.count) - Double(ddof)) : .nan
      case .correlation:
        let b = elements(of: second ?? image, at: position)
        return flat.correlation(
          (moments: energy(a, a) / Double(a.count), mean: mean(a)),
          (moments: energy(b, b) / Double(b.count), mean: mean(b)),
          covariance: energy(a, b) / Double(a.count))
      }
    })
  }

  /// The elements under a window that there are.
  private func elements(of image: Grid, at position: [Int]) -> [Double] {
    let extents = Grid.threeAxes(window, filler: 1)
    let centre = Grid.threeAxes(position, filler: 0)
    let sources = (0..<3).map { axis in
      (0..<extents[axis]).map { tap in
        Grid.index(
          centre[axis] - extents[axis] / 2 + tap, extent: image.extents[axis], boundary: boundary)
      }
    }
    var elements: [Double] = []
    for plane in sources[0] {
      for row in sources[1] {
        for column in sources[2] {
          if let plane, let row, let column {
            elements.append(image[plane, row, column].rawStorage.x)
          } else if boundary != .renormalize {
            elements.append(boundary.outsideValue)
          }
        }
      }
    }
    return elements
  }

  private func mean(_ a: [Double]) -> Double { a.reduce(0, +) / Double(a.count) }

  /// The sum of (a - mean a) (b - mean b).
  private func energy(_ a: [Double], _ b: [Double]) -> Double {
    let n = Double(a.count)
    let (meanA, meanB) = (a.reduce(0, +) / n, b.reduce(0, +) / n)
    return zip(a, b).reduce(0) { $0 + ($1.0 - meanA) * ($1.1 - meanB) }
  }

  private func reduced(_ elements: [Double], by reduction: WindowReduction) -> Double {
    let n = Double(elements.count)
    let sum = elements.reduce(0, +)
    switch reduction {
    case .sum: return sum
    case .mean: return sum / n
    case .variance, .standardDeviation:
      guard elements.count > ddof else { return .nan }
      let variance = energy(elements, elements) / (n - Double(ddof))
      return reduction == .variance ? variance : variance.squareRoot()
    case .minimum, .maximum, .median:
      if elements.contains(where: \.isNaN) { return .nan }
      let sorted = elements.sorted()
      guard let first = sorted.first, let last = sorted.last else { return .nan }
      if reduction == .minimum { return first }
      if reduction == .maximum { return last }
      let middle = sorted.count / 2
      return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
  }
}
