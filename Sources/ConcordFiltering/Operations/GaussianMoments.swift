import ConcordArrays
import ConcordBackends

/// Gaussian means of two arrays and of their products, all about the arrays' own means.
struct GaussianMoments<let rank: Int, Scalar: RealScalar> {
  /// What is smoothed.
  enum Term: Int, CaseIterable {
    case a, b, aa, bb, ab

    /// Which arrays are multiplied: the first, the second.
    fileprivate var factors: [Int] {
      switch self {
      case .a: [0]
      case .b: [1]
      case .aa: [0, 0]
      case .bb: [1, 1]
      case .ab: [0, 1]
      }
    }
  }

  /// Means, and central second moments, at one place; 0 for terms that weren't asked for.
  struct Moment {
    var a = 0.0
    var b = 0.0
    var aa = 0.0
    var bb = 0.0
    var ab = 0.0
  }

  let shape: Shape<rank>
  private let threads: Int
  private let centres: [Double]
  /// By the terms' raw values.
  private let means: [SharedBuffer<Double>?]

  /// Smooths the terms; those of second order need the first-order ones of their arrays.
  init(
    _ a: NDArray<rank, Scalar>, _ b: NDArray<rank, Scalar>, _ terms: [Term], _ sigma: [Double],
    _ truncate: Double, _ options: ConvolutionOptions
  ) throws(ConcordError) {
    guard b.shape == a.shape else {
      throw .shapesDiffer(expected: a.shape.components, found: b.shape.components)
    }
    guard a.count > 0 else { throw .empty(what: "the image") }
    var options = options
    // One term in Double, and the means of all.
    let bytes = (terms.count + 1) * a.count * MemoryLayout<Double>.stride
    guard bytes <= options.workingMemory else {
      throw .memoryLimit(needed: bytes, limit: options.workingMemory)
    }
    options.memoryLimit = options.workingMemory - bytes
    let arrays = [a.buffer, b.buffer]
    let centres = arrays.map { finiteMean(of: $0) }
    var means = [SharedBuffer<Double>?](repeating: nil, count: Term.allCases.count)
    var outputShape = a.shape
    for term in terms {
      let factors = term.factors
      // The constant beyond the edges is centred as elements are.
      var rule = options
      if case .constant(let value) = options.boundary {
        rule.boundary = .constant(factors.reduce(1) { $0 * (value - centres[$1]) })
      }
      let values = centredProduct(factors.map { (arrays[$0], centres[$0]) })
      let mean = try NDArray<rank, Double>(shape: a.shape, buffer: values)
        .gaussianFiltered(sigma: sigma, truncate: truncate, options: rule)
      outputShape = mean.shape
      means[term.rawValue] = mean.buffer
    }
    self.means = means
    self.centres = centres
    shape = outputShape
    threads = options.threadCount
  }

  /// A function of the moments at every place.
  func combined(_ formula: @Sendable (Moment) -> Double) -> SharedBuffer<Scalar> {
    combine(means, count: shape.count, centres: (centres[0], centres[1]), threads: threads) {
      formula(Moment(a: $0.0, b: $0.1, aa: $0.2, bb: $0.3, ab: $0.4))
    }
  }
}

/// The mean of the elements that are finite; 0 if none are.
@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func finiteMean<Scalar: RealScalar>(of elements: SharedBuffer<Scalar>) -> Double {
  let source = elements.span
  var (sum, count) = (0.0, 0.0)
  for index in source.indices {
    let value = Double(source[index])
    if value.isFinite {
      sum += value
      count += 1
    }
  }
  return count > 0 ? sum / count : 0
}

/// The product of one or two arrays' elements minus their centres, in Double.
@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func centredProduct<Scalar: RealScalar>(
  _ factors: [(elements: SharedBuffer<Scalar>, centre: Double)]
) -> SharedBuffer<Double> {
  let (first, last) = (factors[0], factors[factors.count - 1])
  let (x, y) = (first.elements.span, last.elements.span)
  var result = SharedBuffer<Double>(uninitializedCount: first.elements.count)
  var out = result.mutableSpan
  if factors.count == 1 {
    for index in x.indices { out[index] = Double(x[index]) - first.centre }
  } else {
    for index in x.indices {
      out[index] = (Double(x[index]) - first.centre) * (Double(y[index]) - last.centre)
    }
  }
  return result
}

@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func combine<Scalar: RealScalar>(
  _ means: [SharedBuffer<Double>?], count: Int, centres: (a: Double, b: Double), threads: Int,
  _ formula: @Sendable ((Double, Double, Double, Double, Double)) -> Double
) -> SharedBuffer<Scalar> {
  let (meanA, meanB, squareA, squareB, product) = (means[0], means[1], means[2], means[3], means[4])
  var result = SharedBuffer<Scalar>(uninitializedCount: count)
  let piece = 1 << 16
  let ranges = stride(from: 0, to: count, by: piece).map { $0..<min($0 + piece, count) }
  fillRanges(ranges, of: &result, threads: threads) {
  } body: { task, out, _ in
    let first = ranges[task].lowerBound
    for index in out.indices {
      let place = first + index
      let a = meanA.map { $0[place] } ?? 0
      let b = meanB.map { $0[place] } ?? 0
      let aa = squareA.map { $0[place] - a * a } ?? 0
      let bb = squareB.map { $0[place] - b * b } ?? 0
      let ab = product.map { $0[place] - a * b } ?? 0
      out[index] = Scalar(formula((a + centres.a, b + centres.b, aa, bb, ab)))
    }
  }
  return result
}
