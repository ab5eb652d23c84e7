import Concord

/// Reductions of windows, by collecting each window's elements.
struct WindowDefinition {
  let reduction: WindowReduction
  /// Extents of the window along the image's axes.
  let window: [Int]
  let boundary: Boundary
  var ddof = 0

  func outputs(image: Grid) -> OutputDefinition {
    let extents = Grid.threeAxes(window, filler: 1)
    return OutputDefinition(real: { position in
      let centre = Grid.threeAxes(position, filler: 0)
      let sources = (0..<3).map { axis in
        (0..<extents[axis]).map { tap in
          Grid.index(
            centre[axis] - extents[axis] / 2 + tap, extent: image.extents[axis],
            boundary: boundary)
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
      return reduced(elements)
    })
  }

  private func reduced(_ elements: [Double]) -> Double {
    let n = Double(elements.count)
    let sum = elements.reduce(0, +)
    switch reduction {
    case .sum: return sum
    case .mean: return sum / n
    case .variance:
      guard elements.count > ddof else { return .nan }
      let squares = elements.reduce(0) { $0 + ($1 - sum / n) * ($1 - sum / n) }
      return squares / (n - Double(ddof))
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
