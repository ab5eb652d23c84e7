public import ConcordArrays
public import NaiveReference

extension NaiveArray {
  /// The oracle's copy of an array.
  public init<let rank: Int, Scalar: RealScalar>(_ array: NDArray<rank, Scalar>) {
    self.init(shape: array.shape.components, values: array.elements.map { Double($0) })
  }
}

extension NaiveComplexArray {
  /// The oracle's copy of a complex array.
  public init<let rank: Int, Scalar: ComplexScalar>(_ array: NDArray<rank, Scalar>) {
    self.init(real: NaiveArray(array.real), imaginary: NaiveArray(array.imaginary))
  }
}

extension NaiveBoundary {
  /// The oracle's name of a boundary rule.
  public init(_ boundary: Boundary) {
    self =
      switch boundary {
      case .constant(let value): .constant(value)
      case .replicate: .replicate
      case .symmetric: .symmetric
      case .reflect: .reflect
      case .wrap: .wrap
      case .renormalize: .renormalize
      }
  }
}

extension Boundary {
  /// One case of each rule, for tests that go through all of them.
  public static let all: [Boundary] = [
    .zero, .constant(2.5), .replicate, .symmetric, .reflect, .wrap, .renormalize,
  ]
}
