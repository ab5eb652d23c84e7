extension NaiveArray {
  /// The zero-mean normalized cross-correlation with a template, mode 'valid'.
  ///
  ///     score(p) = Σ (f - f̄)(t - t̄) / √(Σ (f - f̄)² · Σ (t - t̄)²)
  ///
  /// over the window at p, with the means taken first. A window or template whose elements are all
  /// equal scores 0.
  ///
  /// - Throws: ``NaiveError`` if the template is larger than the array.
  public func zeroMeanNormalizedCorrelation(
    with template: NaiveArray
  ) throws(NaiveError) -> NaiveArray {
    guard shape.count == template.shape.count else { throw .shapesDiffer }
    guard dominates(shape, template.shape) else { throw .windowTooLarge }
    let slide = try Slide(
      NaiveFilter(.correlation, mode: .valid), image: shape, kernel: template.shape)
    let taps = slide.taps
    let t = deviations(template.values)
    let energyOfTemplate = sumOfSquares(t)
    let scores = slide.starts.map { start -> Double in
      var window: [Double] = []
      for tap in taps { window.append(values[start + tap]) }
      let f = deviations(window)
      var product = 0.0
      for k in 0..<f.count { product += f[k] * t[k] }
      let energy = sumOfSquares(f)
      if energy == 0 || energyOfTemplate == 0 { return 0 }
      return product / (energy.squareRoot() * energyOfTemplate.squareRoot())
    }
    return NaiveArray(shape: slide.out, values: scores)
  }
}

/// The differences from the mean; zeros if all values are equal, whatever the mean's rounding.
private func deviations(_ values: [Double]) -> [Double] {
  if values.allSatisfy({ $0 == values[0] }) { return values.map { _ in 0 } }
  var sum = 0.0
  for value in values { sum += value }
  let mean = sum / Double(values.count)
  return values.map { $0 - mean }
}

private func sumOfSquares(_ values: [Double]) -> Double {
  var sum = 0.0
  for value in values { sum += value * value }
  return sum
}

/// How a template's agreement with a window is measured.
public enum NaiveMetric: String, CaseIterable, Sendable {
  case zncc, ncc, ssd, nssd, cross, zeroMeanCross
}

extension NaiveArray {
  /// The scores of a template wherever a mode has it, in an array that goes on by a boundary rule.
  ///
  /// In mode 'same' the template's element (M - 1) / 2 is its centre. Under 'renormalize' only the
  /// elements inside count, with the part of the template over them; with less than `minimumOverlap`
  /// of the template inside a score is 0. A window that a quotient is not defined for scores 0, or 1
  /// for `nssd`.
  ///
  /// - Throws: ``NaiveError`` if mode 'valid' has a template larger than the array.
  public static func matchScores(
    of template: [NaiveArray], in channels: [NaiveArray], metric: NaiveMetric,
    mode: NaiveMode = .valid, boundary: NaiveBoundary = .zero, minimumOverlap: Double = 0
  ) throws(NaiveError) -> NaiveArray {
    let (scene, sought) = (channels[0].shape, template[0].shape)
    guard scene.count == sought.count else { throw .shapesDiffer }
    var output = scene
    var start = scene.map { _ in 0 }
    for axis in scene.indices {
      let (n, m) = (scene[axis], sought[axis])
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
    let taps = positions(in: sought)
    let scores = positions(in: output).map { place -> Double in
      var window = channels.map { _ in [Double]() }
      var pattern = window
      for tap in taps {
        let inside = tap.indices.map {
          boundary.index(place[$0] + tap[$0] + start[$0], extent: scene[$0])
        }
        let isInside = inside.allSatisfy { $0 != nil }
        if boundary == .renormalize && !isInside { continue }
        for channel in channels.indices {
          let index = offset(of: inside.map { $0 ?? 0 }, in: scene)
          window[channel].append(isInside ? channels[channel].values[index] : boundary.fill)
          pattern[channel].append(
            template[channel].values[offset(of: tap, in: sought)])
        }
      }
      if Double(window[0].count) < minimumOverlap * Double(taps.count) { return 0 }
      return naiveScore(window, pattern, metric)
    }
    return NaiveArray(shape: output, values: scores)
  }
}

/// The metric of a window and a template, channel by channel, from its definition.
public func naiveScore(
  _ window: [[Double]], _ template: [[Double]], _ metric: NaiveMetric
) -> Double {
  let f = window.flatMap { metric == .zncc || metric == .zeroMeanCross ? deviations($0) : $0 }
  let t = template.flatMap { metric == .zncc || metric == .zeroMeanCross ? deviations($0) : $0 }
  var (product, distance) = (0.0, 0.0)
  for k in f.indices {
    product += f[k] * t[k]
    distance += (f[k] - t[k]) * (f[k] - t[k])
  }
  let norm = (sumOfSquares(f).squareRoot() * sumOfSquares(t).squareRoot())
  switch metric {
  case .cross, .zeroMeanCross: return product
  case .ssd: return distance
  case .zncc, .ncc: return norm == 0 ? 0 : product / norm
  case .nssd: return norm == 0 ? 1 : distance / norm
  }
}
