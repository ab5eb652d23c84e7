import ComplexModule

/// An array that says for each element whether it counts.
public typealias Mask<let rank: Int> = NDArray<rank, Bool>

extension NDArray where Scalar == Bool {
  /// Where both masks are true.
  ///
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` if the shapes differ.
  public static func & (first: Self, second: Self) throws(ConcordError) -> Self {
    let shape = try commonShape(first, second)
    return written(shape) { write(.and, first.span, second.span, into: &$0) }
  }

  /// Where at least one of both masks is true.
  ///
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` if the shapes differ.
  public static func | (first: Self, second: Self) throws(ConcordError) -> Self {
    let shape = try commonShape(first, second)
    return written(shape) { write(.or, first.span, second.span, into: &$0) }
  }

  /// Where the mask is false.
  public static prefix func ! (mask: Self) -> Self {
    written(mask.shape) { negate(mask.span, into: &$0) }
  }

  /// How many elements are true.
  public var trueCount: Int {
    let x = span
    var total = 0
    for index in x.indices where x[index] { total += 1 }
    return total
  }
}

extension NDArray {
  /// The mask of the elements that fulfil a condition, such as `scores.mask { $0 > 0.9 }`.
  ///
  /// - Throws: What the condition throws.
  @inlinable
  public func mask<Failure: Error>(
    _ condition: (Scalar) throws(Failure) -> Bool
  ) throws(Failure) -> NDArray<rank, Bool> {
    try map(condition)
  }
}

extension NDArray where Scalar: RealScalar {
  /// The mask of the elements that are neither NaN nor infinite.
  public var finiteMask: NDArray<rank, Bool> {
    NDArray<rank, Bool>.written(shape) { markFinite(span, into: &$0) }
  }
}

extension NDArray where Scalar: ComplexScalar {
  /// The mask of the elements of which both parts are neither NaN nor infinite.
  public var finiteMask: NDArray<rank, Bool> {
    NDArray<rank, Bool>.written(shape) { markFinite(span, into: &$0) }
  }
}

// MARK: - Loops

private enum Junction {
  case and
  case or
}

private func write(
  _ junction: Junction, _ x: Span<Bool>, _ y: Span<Bool>, into out: inout MutableSpan<Bool>
) {
  let x = x.extracting(first: out.count)
  let y = y.extracting(first: out.count)
  // Both sides are read: a jump for each element would cost more.
  switch junction {
  case .and: fill(&out) { (x[$0] ? 1 : 0) & (y[$0] ? 1 : 0) == 1 }
  case .or: fill(&out) { (x[$0] ? 1 : 0) | (y[$0] ? 1 : 0) == 1 }
  }
}

private func negate(_ x: Span<Bool>, into out: inout MutableSpan<Bool>) {
  let x = x.extracting(first: out.count)
  fill(&out) { !x[$0] }
}

@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func markFinite<Scalar: RealScalar>(_ x: Span<Scalar>, into out: inout MutableSpan<Bool>) {
  let x = x.extracting(first: out.count)
  fill(&out) { x[$0].isFinite }
}

@_specialize(exported:false,where Scalar == Complex<Float>)
@_specialize(exported:false,where Scalar == Complex<Double>)
private func markFinite<Scalar: ComplexScalar>(
  _ z: Span<Scalar>, into out: inout MutableSpan<Bool>
) {
  let z = z.extracting(first: out.count)
  // The parts are taken first: Swift 6.3's optimizer crashes on a span captured by &&.
  fill(&out) {
    let (x, y) = z[$0].rawStorage
    return x.isFinite && y.isFinite
  }
}
