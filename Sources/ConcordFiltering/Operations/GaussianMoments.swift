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
    let centres = arrays.map { finiteMean(of: $0, threads: options.threadCount) }
    var means = [SharedBuffer<Double>?](repeating: nil, count: Term.allCases.count)
    var outputShape = a.shape
    for term in terms {
      let factors = term.factors
      // The constant beyond the edges is centred as elements are.
      var rule = options
      if case .constant(let value) = options.boundary {
        rule.boundary = .constant(factors.reduce(1) { $0 * (value - centres[$1]) })
      }
      let values = centredProduct(
        factors.map { (arrays[$0], centres[$0]) }, threads: options.threadCount)
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

  /// A statistic at every place.
  func statistic(_ statistic: GaussianStatistic) -> SharedBuffer<Scalar> {
    combine(
      statistic, means, count: shape.count, centres: (centres[0], centres[1]), threads: threads)
  }
}

/// What is made of Gaussian means: of a, b, a², b² and ab, in this order.
enum GaussianStatistic: Sendable {
  case variance
  case covariance
  /// `flat` where a deviation is no larger than `resolution` of the mean.
  case correlation(flat: Double, resolution: Double)
}

// Generic over the scalar alone, so that loops over elements are specialised.

/// Elements that threads share piece by piece.
private func pieces(of count: Int) -> [Range<Int>] {
  stride(from: 0, to: count, by: 1 << 16).map { $0..<min($0 + 1 << 16, count) }
}

/// The mean of the elements that are finite; 0 if none are.
@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func finiteMean<Scalar: RealScalar>(
  of elements: SharedBuffer<Scalar>, threads: Int
) -> Double {
  let pieces = pieces(of: elements.count)
  // The sum and the number of each piece.
  var sums = SharedBuffer<Double>(uninitializedCount: 2 * pieces.count)
  fillRanges(pieces.indices.map { 2 * $0..<2 * $0 + 2 }, of: &sums, threads: threads) {
  } body: { task, out, _ in
    let source = elements.span.extracting(pieces[task])
    var (sum, count) = (0.0, 0.0)
    for index in source.indices {
      let value = Double(source[index])
      if value.isFinite {
        sum += value
        count += 1
      }
    }
    out[0] = sum
    out[1] = count
  }
  var (sum, count) = (0.0, 0.0)
  for piece in pieces.indices {
    sum += sums[2 * piece]
    count += sums[2 * piece + 1]
  }
  return count > 0 ? sum / count : 0
}

/// The product of one or two arrays' elements minus their centres, in Double.
@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func centredProduct<Scalar: RealScalar>(
  _ factors: [(elements: SharedBuffer<Scalar>, centre: Double)], threads: Int
) -> SharedBuffer<Double> {
  let (first, last) = (factors[0], factors[factors.count - 1])
  let isProduct = factors.count > 1
  let pieces = pieces(of: first.elements.count)
  var result = SharedBuffer<Double>(uninitializedCount: first.elements.count)
  fillRanges(pieces, of: &result, threads: threads) {
  } body: { task, out, _ in
    let x = first.elements.span.extracting(pieces[task])
    let y = last.elements.span.extracting(pieces[task])
    if isProduct {
      for index in x.indices {
        out[index] = (Double(x[index]) - first.centre) * (Double(y[index]) - last.centre)
      }
    } else {
      for index in x.indices { out[index] = Double(x[index]) - first.centre }
    }
  }
  return result
}

@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func combine<Scalar: RealScalar>(
  _ statistic: GaussianStatistic, _ means: [SharedBuffer<Double>?], count: Int,
  centres: (a: Double, b: Double), threads: Int
) -> SharedBuffer<Scalar> {
  let none = SharedBuffer<Double>(uninitializedCount: 0)
  let (meansA, meansB) = (means[0] ?? none, means[1] ?? none)
  let (squaresA, squaresB, products) = (means[2] ?? none, means[3] ?? none, means[4] ?? none)
  let pieces = pieces(of: count)
  var result = SharedBuffer<Scalar>(uninitializedCount: count)
  fillRanges(pieces, of: &result, threads: threads) {
  } body: { task, out, _ in
    let piece = pieces[task]
    func range(_ buffer: SharedBuffer<Double>) -> Range<Int> { buffer.count > 0 ? piece : 0..<0 }
    let a = meansA.span.extracting(range(meansA))
    let b = meansB.span.extracting(range(meansB))
    let aa = squaresA.span.extracting(range(squaresA))
    let bb = squaresB.span.extracting(range(squaresB))
    let ab = products.span.extracting(range(products))
    switch statistic {
    case .variance:
      for index in out.indices {
        let variance = aa[index] - a[index] * a[index]
        // Not max(), which makes 0 of NaN.
        out[index] = Scalar(variance < 0 ? 0 : variance)
      }
    case .covariance:
      for index in out.indices { out[index] = Scalar(ab[index] - a[index] * b[index]) }
    case .correlation(let flat, let resolution):
      for index in out.indices {
        let (x, y) = (a[index], b[index])
        let (xx, yy) = (aa[index] - x * x, bb[index] - y * y)
        let deviations = ((xx < 0 ? 0 : xx).squareRoot(), (yy < 0 ? 0 : yy).squareRoot())
        if deviations.0 <= resolution * abs(x + centres.a)
          || deviations.1 <= resolution * abs(y + centres.b)
        {
          out[index] = Scalar(flat)
        } else {
          let r = (ab[index] - x * y) / (deviations.0 * deviations.1)
          out[index] = Scalar(r > 1 ? 1 : r < -1 ? -1 : r)
        }
      }
    }
  }
  return result
}
