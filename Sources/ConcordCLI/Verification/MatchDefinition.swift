import Concord

/// The score of a template with single windows, in two passes.
struct MatchDefinition {
  /// The template's channels.
  let template: [Grid]
  let options: MatchingOptions
  let precision: Precision

  func outputs(scene: [Grid]) -> OutputDefinition {
    let axes = template[0].extents.indices
    let start = axes.map { axis in
      let m = template[0].extents[axis]
      switch options.extent {
      case .valid: return 0
      case .same: return -((m - 1) / 2)
      case .full: return 1 - m
      }
    }
    return OutputDefinition(real: { position in
      let corner = zip(Grid.threeAxes(position, filler: 0), start).map { $0 + $1 }
      var sums = MatchSums()
      var count = 0
      for (channel, pattern) in zip(scene, template) {
        let pairs = pairs(of: channel, pattern, at: corner)
        count = pairs.count
        sums.add(pairs)
      }
      if options.boundary == .renormalize,
        Double(count) < max(1, options.minimumOverlap * Double(template[0].count))
      {
        return options.metric == .ssd ? .nan : options.flatValue
      }
      return score(sums)
    })
  }

  private func score(_ sums: MatchSums) -> Double {
    guard sums.energy.isFinite else { return .nan }
    // Below a quarter of the precision of its mean, contrast counts as none.
    let rounding = precision == .float ? Double(Float.ulpOfOne) : Double.ulpOfOne
    let floor = 0.0625 * rounding * rounding
    let windowPower = sums.energy + sums.power
    let norm = (windowPower * (sums.templateEnergy + sums.templatePower)).squareRoot()
    let isFlat =
      sums.energy <= floor * sums.power || sums.templateEnergy <= floor * sums.templatePower
    switch options.metric {
    case .zncc:
      return isFlat
        ? options.flatValue : sums.product / (sums.energy * sums.templateEnergy).squareRoot()
    case .ncc: return norm == 0 ? options.flatValue : (sums.product + sums.levels) / norm
    case .ssd: return sums.distance
    case .nssd: return norm == 0 ? options.flatValue : sums.distance / norm
    case .cross: return sums.product + sums.levels
    case .zeroMeanCross: return sums.product
    }
  }

  /// The elements of a window beside those of the template.
  private func pairs(of scene: Grid, _ pattern: Grid, at corner: [Int]) -> [(Double, Double)] {
    let inside = (0..<3).map { axis in
      (0..<pattern.extents[axis]).map {
        Grid.index(corner[axis] + $0, extent: scene.extents[axis], boundary: options.boundary)
      }
    }
    var result: [(Double, Double)] = []
    for (i, plane) in inside[0].enumerated() {
      for (j, row) in inside[1].enumerated() {
        for (k, column) in inside[2].enumerated() {
          let tap = pattern[i, j, k].rawStorage.x
          if let plane, let row, let column {
            result.append((scene[plane, row, column].rawStorage.x, tap))
          } else if options.boundary != .renormalize {
            result.append((options.boundary.outsideValue, tap))
          }
        }
      }
    }
    return result
  }
}

/// Sums over a window and the template, of all channels.
private struct MatchSums {
  var (product, energy, templateEnergy, distance) = (0.0, 0.0, 0.0, 0.0)
  /// The number of elements times squares and product of the means.
  var (power, templatePower, levels) = (0.0, 0.0, 0.0)

  mutating func add(_ pairs: [(Double, Double)]) {
    guard !pairs.isEmpty else { return }
    let count = Double(pairs.count)
    let mean = pairs.reduce(0) { $0 + $1.0 } / count
    let templateMean = pairs.reduce(0) { $0 + $1.1 } / count
    for (x, t) in pairs {
      product += (x - mean) * (t - templateMean)
      energy += (x - mean) * (x - mean)
      templateEnergy += (t - templateMean) * (t - templateMean)
      distance += (x - t) * (x - t)
    }
    power += count * mean * mean
    templatePower += count * templateMean * templateMean
    levels += count * mean * templateMean
  }
}

extension MatchingOptions {
  /// What a window scores that the metric is not defined for.
  fileprivate var flatValue: Double {
    flatWindows == .nan ? .nan : metric == .nssd ? 1 : 0
  }
}
