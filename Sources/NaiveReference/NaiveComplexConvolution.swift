extension NaiveComplexArray {
  /// This array convolved or correlated with a kernel, from the defining sum.
  ///
  /// A correlation conjugates the kernel. With `renormalize` the weights' sums are complex.
  ///
  /// - Throws: ``NaiveError`` where 'valid' has no meaning, the centre lies outside the kernel, or
  ///   the numbers of axes differ.
  public func filtered(
    with kernel: NaiveComplexArray, _ filter: NaiveFilter
  ) throws(NaiveError) -> NaiveComplexArray {
    if filter.mode == .valid && !dominates(shape, kernel.shape) {
      guard dominates(kernel.shape, shape) else { throw .validNeedsDominance }
      let swapped = try kernel.filtered(with: self, filter)
      return filter.kind == .convolution ? swapped : swapped.conjugate.reversed
    }
    let weights = filter.kind == .correlation ? kernel.conjugate : kernel
    let slide = try Slide(filter, image: shape, kernel: kernel.shape)
    let source = extended(before: slide.before, after: slide.after, boundary: filter.boundary)
    var result = sums(slide, source, weights)
    if filter.boundary == .renormalize && filter.mode != .valid {
      let ones = NaiveArray(shape: shape, repeating: 1)
        .extended(before: slide.before, after: slide.after, boundary: .zero)
      let inside = sums(slide, NaiveComplexArray(ones), weights)
      result.renormalize(inside: inside, weights: weights)
    }
    return result
  }

  /// Multiplies each value by (sum of all weights) / (sum of the weights inside).
  private mutating func renormalize(inside: NaiveComplexArray, weights: NaiveComplexArray) {
    let all = (
      re: weights.real.values.reduce(0, +), im: weights.imaginary.values.reduce(0, +)
    )
    var magnitudes = 0.0
    for k in weights.real.values.indices {
      magnitudes += magnitude(weights.real.values[k], weights.imaginary.values[k])
    }
    for i in real.values.indices {
      let re = inside.real.values[i]
      let im = inside.imaginary.values[i]
      if magnitude(re, im) <= 1e-12 * magnitudes {
        real.values[i] = .nan
        imaginary.values[i] = .nan
        continue
      }
      // A factor of 1 must leave infinities alone, which 1 + 0i as a product would not.
      if re == all.re && im == all.im { continue }
      let square = re * re + im * im
      let factor = (
        re: (all.re * re + all.im * im) / square, im: (all.im * re - all.re * im) / square
      )
      let value = (re: real.values[i], im: imaginary.values[i])
      real.values[i] = value.re * factor.re - value.im * factor.im
      imaginary.values[i] = value.re * factor.im + value.im * factor.re
    }
  }
}

private func magnitude(_ re: Double, _ im: Double) -> Double {
  (re * re + im * im).squareRoot()
}

/// Σ w[k] f[…] in complex numbers, for every output.
private func sums(
  _ slide: Slide, _ source: NaiveComplexArray, _ weights: NaiveComplexArray
) -> NaiveComplexArray {
  let (a, b) = (source.real.values, source.imaginary.values)
  let (c, d) = (weights.real.values, weights.imaginary.values)
  var real: [Double] = []
  var imaginary: [Double] = []
  for start in slide.starts {
    var re = 0.0
    var im = 0.0
    for tap in 0..<slide.taps.count {
      let at = start + slide.taps[tap]
      re += a[at] * c[tap] - b[at] * d[tap]
      im += a[at] * d[tap] + b[at] * c[tap]
    }
    real.append(re)
    imaginary.append(im)
  }
  return NaiveComplexArray(
    real: NaiveArray(shape: slide.out, values: real),
    imaginary: NaiveArray(shape: slide.out, values: imaginary))
}
