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
