import Concord

/// The correlation coefficient of a template with single windows, in two passes.
struct MatchDefinition {
  let template: Grid
  let precision: Precision

  func outputs(scene: Grid) -> OutputDefinition {
    let pattern = values(of: template, at: [0, 0, 0])
    let templateMean = pattern.reduce(0, +) / Double(pattern.count)
    return OutputDefinition(real: { position in
      let window = values(of: scene, at: Grid.threeAxes(position, filler: 0))
      if !window.allSatisfy(\.isFinite) { return .nan }
      let mean = window.reduce(0, +) / Double(window.count)
      var (product, energy, norm) = (0.0, 0.0, 0.0)
      for (x, t) in zip(window, pattern) {
        product += (x - mean) * (t - templateMean)
        energy += (x - mean) * (x - mean)
        norm += (t - templateMean) * (t - templateMean)
      }
      // Below a quarter of the precision of its mean, contrast counts as none.
      let rounding = precision == .float ? Double(Float.ulpOfOne) : Double.ulpOfOne
      let deviation = (energy / Double(window.count)).squareRoot()
      if deviation <= 0.25 * rounding * abs(mean) || energy == 0 { return 0 }
      return product / (energy * norm).squareRoot()
    })
  }

  private func values(of grid: Grid, at corner: [Int]) -> [Double] {
    var result: [Double] = []
    for plane in 0..<template.extents[0] {
      for row in 0..<template.extents[1] {
        for column in 0..<template.extents[2] {
          let value = grid[corner[0] + plane, corner[1] + row, corner[2] + column]
          result.append(value.rawStorage.x)
        }
      }
    }
    return result
  }
}
