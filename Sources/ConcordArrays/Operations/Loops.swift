import ComplexModule

// Loops see spans and are generic over element types alone: a closure in a function that is also
// generic over the rank is neither specialised nor inlined, and costs 50 times as much.

extension NDArray {
  /// A new array whose memory is written by a loop.
  @inline(__always)
  static func written(_ shape: Shape<rank>, _ write: (inout MutableSpan<Scalar>) -> Void) -> Self {
    var result = Self(uninitialized: shape)
    var out = result.mutableSpan
    write(&out)
    return result
  }

  /// The shape that both arrays have.
  static func commonShape(_ first: Self, _ second: Self) throws(ConcordError) -> Shape<rank> {
    guard first.shape == second.shape else {
      throw .shapesDiffer(expected: first.shape.components, found: second.shape.components)
    }
    return first.shape
  }
}

/// Writes what a function makes of each index.
@inline(__always)
func fill<Element>(_ out: inout MutableSpan<Element>, _ element: (Int) -> Element) {
  for index in 0..<out.count { out[index] = element(index) }
}

/// Copies a run of elements.
@_specialize(exported:false,where Element == Float)
@_specialize(exported:false,where Element == Double)
@_specialize(exported:false,where Element == UInt8)
@_specialize(exported:false,where Element == UInt16)
@_specialize(exported:false,where Element == Int16)
@_specialize(exported:false,where Element == Int32)
@_specialize(exported:false,where Element == Bool)
@_specialize(exported:false,where Element == Complex<Float>)
@_specialize(exported:false,where Element == Complex<Double>)
func copy<Element: ArrayElement>(
  _ source: Span<Element>, into out: inout MutableSpan<Element>, at start: Int
) {
  for index in 0..<source.count { out[start + index] = source[index] }
}

/// Whether two equally long runs are equal, element by element.
@_specialize(exported:false,where Element == Float)
@_specialize(exported:false,where Element == Double)
@_specialize(exported:false,where Element == UInt8)
@_specialize(exported:false,where Element == UInt16)
@_specialize(exported:false,where Element == Int16)
@_specialize(exported:false,where Element == Int32)
@_specialize(exported:false,where Element == Bool)
@_specialize(exported:false,where Element == Complex<Float>)
@_specialize(exported:false,where Element == Complex<Double>)
func areEqual<Element: ArrayElement>(_ first: Span<Element>, _ second: Span<Element>) -> Bool {
  let second = second.extracting(first: first.count)
  for index in 0..<first.count where first[index] != second[index] { return false }
  return true
}
