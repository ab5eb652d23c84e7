extension NaiveArray {
  /// This array convolved or correlated with a kernel, from the defining sum.
  ///
  /// - Throws: ``NaiveError`` where 'valid' has no meaning, the centre lies outside the kernel, or
  ///   the numbers of axes differ.
  public func filtered(
    with kernel: NaiveArray, _ filter: NaiveFilter
  ) throws(NaiveError) -> NaiveArray {
    if filter.mode == .valid && !dominates(shape, kernel.shape) {
      guard dominates(kernel.shape, shape) else { throw .validNeedsDominance }
      // Convolution commutes; a correlation's lags change sign, so they come in reverse order.
      let swapped = try kernel.filtered(with: self, filter)
      return filter.kind == .convolution ? swapped : swapped.reversed
    }
    let slide = try Slide(filter, image: shape, kernel: kernel.shape)
    let source = extended(before: slide.before, after: slide.after, boundary: filter.boundary)
    var result = slide.sums(of: source.values, weights: kernel.values)
    if filter.boundary == .renormalize && filter.mode != .valid {
      let ones = NaiveArray(shape: shape, repeating: 1)
        .extended(before: slide.before, after: slide.after, boundary: .zero)
      let inside = slide.sums(of: ones.values, weights: kernel.values)
      let all = kernel.values.reduce(0, +)
      let smallest = 1e-12 * kernel.values.reduce(0) { $0 + abs($1) }
      for i in result.indices {
        result[i] = abs(inside[i]) <= smallest ? .nan : result[i] * all / inside[i]
      }
    }
    return NaiveArray(shape: slide.out, values: result)
  }

  /// The convolution with a kernel.
  ///
  /// - Throws: As ``filtered(with:_:)``.
  public func convolved(
    with kernel: NaiveArray, mode: NaiveMode, boundary: NaiveBoundary = .zero,
    centring: NaiveCentring = .scipy
  ) throws(NaiveError) -> NaiveArray {
    try filtered(
      with: kernel,
      NaiveFilter(.convolution, mode: mode, boundary: boundary, centring: centring))
  }

  /// The correlation with a kernel.
  ///
  /// - Throws: As ``filtered(with:_:)``.
  public func correlated(
    with kernel: NaiveArray, mode: NaiveMode, boundary: NaiveBoundary = .zero,
    centring: NaiveCentring = .scipy
  ) throws(NaiveError) -> NaiveArray {
    try filtered(
      with: kernel,
      NaiveFilter(.correlation, mode: mode, boundary: boundary, centring: centring))
  }
}

/// A kernel that slides over an extended array: which elements each output reads.
struct Slide {
  /// The output's extents.
  let out: [Int]
  /// How many elements the kernel reads before and after the image along each axis.
  let before: [Int]
  let after: [Int]

  /// For each tap, how far its element lies from the output's first element in the extended array.
  let taps: [Int]
  private let sourceShape: [Int]

  init(_ filter: NaiveFilter, image: [Int], kernel: [Int]) throws(NaiveError) {
    guard image.count == kernel.count else { throw .shapesDiffer }
    var out: [Int] = []
    var before: [Int] = []
    var after: [Int] = []
    for axis in image.indices {
      let n = try outputs(of: filter, image: image[axis], kernel: kernel[axis], axis: axis)
      let reach = kernel[axis] - 1
      // A correlation reads f[n + k], a convolution f[n - k], for k = 0 ... reach.
      let lowest = filter.kind == .correlation ? n.lowerBound : n.lowerBound - reach
      let highest = filter.kind == .correlation ? n.upperBound + reach : n.upperBound
      out.append(n.count)
      before.append(-lowest)
      after.append(highest - (image[axis] - 1))
    }
    let source = image.indices.map { before[$0] + image[$0] + after[$0] }
    taps = positions(in: kernel).map { k in
      let read = k.indices.map { filter.kind == .correlation ? k[$0] : kernel[$0] - 1 - k[$0] }
      return offset(of: read, in: source)
    }
    self.out = out
    self.before = before
    self.after = after
    sourceShape = source
  }

  /// The sum over all taps, for every output in row-major order.
  func sums(of source: [Double], weights: [Double]) -> [Double] {
    starts.map { start in
      var sum = 0.0
      for tap in 0..<taps.count { sum += weights[tap] * source[start + taps[tap]] }
      return sum
    }
  }

  /// Where in the extended array each output begins to read.
  var starts: [Int] {
    let count = threeAxes(out)
    let extents = threeAxes(sourceShape)
    var starts: [Int] = []
    for plane in 0..<count[0] {
      for row in 0..<count[1] {
        for column in 0..<count[2] {
          starts.append((plane * extents[1] + row) * extents[2] + column)
        }
      }
    }
    return starts
  }
}
