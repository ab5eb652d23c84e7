import Concord

/// The score of what counts of a template and a scene at single places, in two passes.
struct MaskedMatchDefinition {
  let template: Grid
  /// Nil where all counts, but for NaN if that is a mask.
  let weights: Grid?
  let sceneWeights: Grid?
  let options: MatchingOptions
  let nan: NaNTreatment
  let precision: Precision
  /// The least Σ w² that is scored.
  let minimum: Double

  func outputs(scene: Grid) -> OutputDefinition {
    let start = (0..<3).map { axis in
      let m = template.extents[axis]
      switch options.extent {
      case .valid: return 0
      case .same: return -((m - 1) / 2)
      case .full: return 1 - m
      }
    }
    return OutputDefinition(real: { position in
      let corner = zip(Grid.threeAxes(position, filler: 0), start).map { $0 + $1 }
      return score(pairs(of: scene, at: corner))
    })
  }

  /// Elements of the scene and of the template, and what both weigh.
  private typealias Pair = (f: Double, t: Double, weight: Double)

  private func score(_ pairs: [Pair]) -> Double {
    let none = options.flatWindows == .nan ? Double.nan : options.metric == .nssd ? 1 : 0
    let missing = options.metric == .ssd ? Double.nan : none
    let count = pairs.reduce(0) { $0 + $1.weight * $1.weight }
    guard !pairs.isEmpty, count >= minimum else { return missing }
    guard pairs.allSatisfy({ $0.f.isFinite }) else { return .nan }
    let total = pairs.reduce(0) { $0 + $1.weight }
    let (f0, t0) = (pairs[0].f, pairs[0].t)
    let mean = f0 + pairs.reduce(0) { $0 + $1.weight * ($1.f - f0) } / total
    let level = t0 + pairs.reduce(0) { $0 + $1.weight * ($1.t - t0) } / total
    let isCentred = options.metric.isCentred
    var (product, energy, power, distance) = (0.0, 0.0, 0.0, 0.0)
    for pair in pairs {
      let square = pair.weight * pair.weight
      let (f, t) = isCentred ? (pair.f - mean, pair.t - level) : (pair.f, pair.t)
      product += square * f * t
      energy += square * f * f
      power += square * t * t
      distance += square * (pair.f - pair.t) * (pair.f - pair.t)
    }
    let norm = energy.squareRoot() * power.squareRoot()
    // Below a quarter of the precision of its mean, contrast counts as none.
    let rounding = precision == .float ? Double(Float.ulpOfOne) : Double.ulpOfOne
    let floor = 0.0625 * rounding * rounding * count
    switch options.metric {
    case .zncc:
      let isFlat = energy <= floor * mean * mean || power <= floor * level * level
      return isFlat ? none : product / norm
    case .ncc: return norm == 0 ? none : product / norm
    case .nssd: return norm == 0 ? none : distance / norm
    case .ssd: return distance
    case .cross, .zeroMeanCross: return product
    }
  }

  private func pairs(of scene: Grid, at corner: [Int]) -> [Pair] {
    let inside = (0..<3).map { axis in
      (0..<template.extents[axis]).map {
        Grid.index(corner[axis] + $0, extent: scene.extents[axis], boundary: options.boundary)
      }
    }
    let isOpen = options.boundary == .zero || options.boundary == .renormalize
    var result: [Pair] = []
    for (i, plane) in inside[0].enumerated() {
      for (j, row) in inside[1].enumerated() {
        for (k, column) in inside[2].enumerated() {
          let t = template[i, j, k].rawStorage.x
          var weight = weights?[i, j, k].rawStorage.x ?? 1
          if nan == .asMask && t.isNaN { weight = 0 }
          var f = options.boundary.outsideValue
          if let plane, let row, let column {
            f = scene[plane, row, column].rawStorage.x
            weight *= sceneWeights?[plane, row, column].rawStorage.x ?? 1
            if nan == .asMask && f.isNaN { weight = 0 }
          } else if isOpen {
            continue
          }
          if weight > 0 { result.append((f, t, weight)) }
        }
      }
    }
    return result
  }
}
