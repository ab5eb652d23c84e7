public import ConcordArrays
import ConcordBackends
import ConcordFiltering

extension NDArray where Scalar: RealScalar {
  /// How many independent pairs of elements the correlation coefficient of two arrays comes from.
  ///
  /// Neighbours that are alike tell little that is new. With the sums of products at a lag,
  /// `A(h) = Σ (a(p) - ā)(a(p + h) - ā)`, and the number *N(h)* of products in them, the variance of the
  /// coefficient of two arrays that have nothing to do with each other is
  ///
  ///     var ρ = Σ A(h) B(h) / N(h) / (A(0) B(0)),  effective count = 1 + 1 / var ρ
  ///
  /// over the lags of at most half the extents, beyond which sums are of few products. It is an estimate
  /// from one sample: good to some ten percent where structures are much smaller than the array. It lies
  /// in 2 to the number of elements, and is that number for arrays without contrast.
  ///
  /// - Complexity: O(*n* log *n*).
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)``, and ``ConcordError/empty(what:)`` for
  ///   arrays without elements.
  /// - SeeAlso: P. Clifford, S. Richardson, D. Hémon, *Assessing the significance of the correlation
  ///   between two spatial processes* (1989); P. Dutilleul (1993).
  public func effectiveCount(with other: NDArray) throws(ConcordError) -> Double {
    guard shape == other.shape else {
      throw .shapesDiffer(expected: shape.components, found: other.shape.components)
    }
    guard count > 0 else { throw .empty(what: "the array") }
    let first = try autocorrelation()
    let second = try other.autocorrelation()
    let full = first.shape
    var sum = 0.0
    for index in 0..<full.count {
      let place = full.position(ofIndex: index)
      var products = 1
      var isFar = false
      for axis in 0..<rank {
        let lag = abs(place[axis] - (shape[axis] - 1))
        products *= shape[axis] - lag
        isFar = isFar || 2 * lag > shape[axis]
      }
      if !isFar { sum += first.buffer[index] * second.buffer[index] / Double(products) }
    }
    let middle = first.count / 2
    let energies = first.buffer[middle] * second.buffer[middle]
    guard sum > 0, energies > 0, sum.isFinite else { return Double(count) }
    return Swift.min(Double(count), 1 + energies / sum)
  }

  /// The sums of products of deviations from the mean at all lags, in Double.
  private func autocorrelation() throws(ConcordError) -> NDArray<rank, Double> {
    let mean = sum / Double(count)
    let deviations = converted(to: Double.self) - mean
    return try deviations.correlated(with: deviations, mode: .full)
  }
}
