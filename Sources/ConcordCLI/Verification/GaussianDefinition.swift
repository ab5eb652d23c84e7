import Concord

/// One pass along each axis after another, outermost first, evaluated backwards from one output.
struct GaussianDefinition {
  /// The taps of each axis; a single one where an axis is left as it is.
  let taps: [[Double]]
  let boundary: Boundary

  func outputs(image: Grid) -> OutputDefinition {
    let all = Grid.threeAxes(taps, filler: [1])
    return OutputDefinition(real: { position in
      value(after: 2, at: Grid.threeAxes(position, filler: 0), all, image)
    })
  }

  /// The value after the passes along the axes up to one.
  private func value(after axis: Int, at position: [Int], _ taps: [[Double]], _ image: Grid)
    -> Double
  {
    guard axis >= 0 else { return image[position[0], position[1], position[2]].rawStorage.x }
    let radius = taps[axis].count / 2
    if radius == 0 { return value(after: axis - 1, at: position, taps, image) }
    var sum = 0.0
    var inside = 0.0
    for (tap, weight) in taps[axis].enumerated() {
      var source = position
      let index = Grid.index(
        position[axis] + tap - radius, extent: image.extents[axis], boundary: boundary)
      if let index {
        source[axis] = index
        sum += weight * value(after: axis - 1, at: source, taps, image)
        inside += weight
      } else {
        sum += weight * boundary.outsideValue
      }
    }
    return boundary == .renormalize ? sum * taps[axis].reduce(0, +) / inside : sum
  }
}
