extension NaiveArray {
  /// The scores of a template of which only what weights leave counts, in a scene with weights of its own.
  ///
  /// At each place an element counts with v = M S: means are Σ v f / Σ v, and all other sums have v². Weights
  /// of nil are 1. Beyond the edges nothing is under `constant(0)` and `renormalize`; under other rules
  /// scene and weights go on alike, with weights of 1 beside a constant. Less than `minimumOverlap` of the
  /// largest Σ v² scores 0, or 1 for `nssd`, and NaN for `ssd`.
  ///
  /// - Throws: ``NaiveError`` if mode 'valid' has a template larger than the array.
  public static func maskedScores(
    of template: NaiveArray, weights: NaiveArray?, in scene: NaiveArray,
    sceneWeights: NaiveArray?, metric: NaiveMetric, mode: NaiveMode = .valid,
    boundary: NaiveBoundary = .zero, minimumOverlap: Double = 0
  ) throws(NaiveError) -> NaiveArray {
    guard scene.shape.count == template.shape.count else { throw .shapesDiffer }
    var output = scene.shape
    var start = scene.shape.map { _ in 0 }
    for axis in scene.shape.indices {
      let (n, m) = (scene.shape[axis], template.shape[axis])
      switch mode {
      case .valid:
        guard m <= n else { throw .windowTooLarge }
        output[axis] = n - m + 1
      case .same:
        start[axis] = -((m - 1) / 2)
      case .full:
        output[axis] = n + m - 1
        start[axis] = -(m - 1)
      }
    }
    let isOpen = boundary == .renormalize || boundary == .constant(0)
    let taps = positions(in: template.shape)
    let windows = positions(in: output).map { place -> NaiveWindow in
      var window = NaiveWindow()
      for tap in taps {
        let inside = tap.indices.map {
          boundary.index(place[$0] + tap[$0] + start[$0], extent: scene.shape[$0])
        }
        let isInside = inside.allSatisfy { $0 != nil }
        if isOpen && !isInside { continue }
        let index = offset(of: inside.map { $0 ?? 0 }, in: scene.shape)
        let other = offset(of: tap, in: template.shape)
        let weight =
          (weights?.values[other] ?? 1) * (isInside ? sceneWeights?.values[index] ?? 1 : 1)
        if weight == 0 { continue }
        window.scene.append(isInside ? scene.values[index] : boundary.fill)
        window.template.append(template.values[other])
        window.weights.append(weight)
      }
      return window
    }
    let largest = windows.map { $0.count }.max() ?? 0
    let values = windows.map { window -> Double in
      let isMissing = window.weights.isEmpty || window.count < minimumOverlap * largest
      if isMissing { return metric == .ssd ? .nan : metric == .nssd ? 1 : 0 }
      return window.score(metric)
    }
    return NaiveArray(shape: output, values: values)
  }
}

/// The elements that count at a place.
private struct NaiveWindow {
  var scene: [Double] = []
  var template: [Double] = []
  var weights: [Double] = []

  /// Σ v².
  var count: Double { weights.reduce(0) { $0 + $1 * $1 } }

  func score(_ metric: NaiveMetric) -> Double {
    let isCentred = metric == .zncc || metric == .zeroMeanCross
    let f = isCentred ? centred(scene) : scene
    let t = isCentred ? centred(template) : template
    var (product, distance, energy, power) = (0.0, 0.0, 0.0, 0.0)
    for k in f.indices {
      let weight = weights[k] * weights[k]
      product += weight * f[k] * t[k]
      distance += weight * (f[k] - t[k]) * (f[k] - t[k])
      energy += weight * f[k] * f[k]
      power += weight * t[k] * t[k]
    }
    let norm = energy.squareRoot() * power.squareRoot()
    switch metric {
    case .cross, .zeroMeanCross: return product
    case .ssd: return distance
    case .zncc, .ncc: return norm == 0 ? 0 : product / norm
    case .nssd: return norm == 0 ? 1 : distance / norm
    }
  }

  /// What is left when the mean is taken away; zeros if all values are equal.
  private func centred(_ values: [Double]) -> [Double] {
    if values.allSatisfy({ $0 == values[0] }) { return values.map { _ in 0 } }
    var (sum, total) = (0.0, 0.0)
    for k in values.indices {
      sum += weights[k] * values[k]
      total += weights[k]
    }
    return values.map { $0 - sum / total }
  }
}
