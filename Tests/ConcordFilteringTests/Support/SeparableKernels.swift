import ConcordArrays
import ConcordFiltering
import ConcordTestSupport

extension RandomSamples {
  /// One factor for each axis.
  mutating func factors<let rank: Int, Scalar: RealScalar>(
    _ shape: Shape<rank>, in range: ClosedRange<Double> = -1...1
  ) -> [Signal<Scalar>] {
    (0..<rank).map { axis in random.array(Shape(count: shape[axis]), in: range) }
  }

  /// A kernel that is a sum of so many products of one factor for each axis, and of no fewer; with
  /// three axes the first or another has the same factor in all.
  mutating func kernel<let rank: Int, Scalar: RealScalar>(
    _ shape: Shape<rank>, terms: Int, in range: ClosedRange<Double> = -1...1
  ) throws -> NDArray<rank, Scalar> {
    var sum = NDArray<rank, Double>(shape: shape, repeating: 0)
    let common = Int.random(in: 0..<rank, using: &random)
    let first: [Signal<Double>] = factors(shape, in: range)
    let axes = (0..<rank).count { shape[$0] > 1 }
    for _ in 0..<terms {
      var factors: [Signal<Double>] = factors(shape, in: range)
      if axes == 3 { factors[common] = first[common] }
      let product: NDArray<rank, Double> = try .separable(factors)
      sum = try sum + product
    }
    return sum.converted(to: Scalar.self)
  }
}
