import Concord

/// Convolution and correlation by their textbook sums.
///
///     convolution  full[i] = Σ k[j] f[i - j]
///     correlation  full[i] = Σ conj(k[j]) f[i + j - (M - 1)]
///
/// Modes 'same' and 'valid' are parts of 'full'.
struct ConvolutionDefinition {
  let operation: ConvolutionOperation
  let options: ConvolutionOptions
  /// What the result is multiplied with, and what is added.
  let scale: Double
  let offset: Double

  /// The definition of a result for an image and a kernel.
  func outputs(image: Grid, kernel: Grid, rank: Int) -> OutputDefinition {
    let starts = (0..<3).map { start(axis: $0, image: image, kernel: kernel, rank: rank) }
    let boundary = options.mode == .valid ? .zero : options.boundary
    return OutputDefinition { position in
      let indices = Grid.threeAxes(position, filler: 0)
      let full = (0..<3).map { indices[$0] + starts[$0] }
      return product(value(full, image, kernel, boundary), Complex(scale)) + Complex(offset)
    }
  }

  /// The index in 'full' of the first output along one of three axes.
  private func start(axis: Int, image: Grid, kernel: Grid, rank: Int) -> Int {
    let (n, m) = (image.extents[axis], kernel.extents[axis])
    if options.mode == .same && axis < 3 - rank { return 0 }
    return firstOutput(samples: n, taps: m, axis: axis - (3 - rank))
  }

  /// The index in 'full' of the first output along an axis of the kernel.
  func firstOutput(samples n: Int, taps m: Int, axis: Int = 0) -> Int {
    if options.lags.indices.contains(axis) { return options.lags[axis].lowerBound + m - 1 }
    switch options.mode {
    case .full: return 0
    case .valid: return min(n, m) - 1
    case .same:
      let centre = centre(of: m, axis: axis)
      return operation == .convolution ? centre : m - 1 - centre
    }
  }

  private func centre(of m: Int, axis: Int) -> Int {
    let origin = options.origin.isEmpty ? 0 : options.origin[axis]
    let low = (m - 1) / 2
    let isConvolution = operation == .convolution
    switch options.anchor {
    case .scipy: return (isConvolution ? low : m / 2) + origin
    case .correlate2d: return low + origin
    case .ndimage, .opencv: return m / 2 + origin
    case .matlab: return (isConvolution ? m / 2 : low) + origin
    case .index(let index): return index[axis] + origin
    }
  }

  private func value(
    _ full: [Int], _ image: Grid, _ kernel: Grid, _ boundary: Boundary
  ) -> Complex<Double> {
    var sum = Complex<Double>.zero
    var inside = Complex<Double>.zero
    var weights = Complex<Double>.zero
    let sources = (0..<3).map { axis in
      (0..<kernel.extents[axis]).map { tap in
        let index =
          operation == .convolution
          ? full[axis] - tap : full[axis] + tap - (kernel.extents[axis] - 1)
        return Grid.index(index, extent: image.extents[axis], boundary: boundary)
      }
    }
    for plane in 0..<kernel.extents[0] {
      for row in 0..<kernel.extents[1] {
        for column in 0..<kernel.extents[2] {
          var weight = kernel[plane, row, column]
          if operation == .correlation { weight = weight.conjugate }
          weights += weight
          if let p = sources[0][plane], let r = sources[1][row], let c = sources[2][column] {
            sum += product(weight, image[p, r, c])
            inside += weight
          } else {
            sum += product(weight, Complex(boundary.outsideValue))
          }
        }
      }
    }
    guard boundary == .renormalize else { return sum }
    if sum.rawStorage.y == 0 && inside.rawStorage.y == 0 {
      return Complex(sum.rawStorage.x * weights.rawStorage.x / inside.rawStorage.x, 0)
    }
    return sum * weights / inside
  }

  /// The product part by part, so that real numbers stay real where something isn't finite.
  private func product(_ a: Complex<Double>, _ b: Complex<Double>) -> Complex<Double> {
    let (x, y) = (a.rawStorage, b.rawStorage)
    if x.y == 0 && y.y == 0 { return Complex(x.x * y.x, 0) }
    return Complex(x.x * y.x - x.y * y.y, x.x * y.y + x.y * y.x)
  }
}
