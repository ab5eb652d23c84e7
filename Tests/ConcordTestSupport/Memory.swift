public import ConcordArrays

/// Whether two arrays are the same memory, so that nothing was copied.
public func shareMemory<let first: Int, let second: Int, Scalar: ArrayElement>(
  _ a: NDArray<first, Scalar>, _ b: NDArray<second, Scalar>
) -> Bool {
  a.span.isIdentical(to: b.span)
}
