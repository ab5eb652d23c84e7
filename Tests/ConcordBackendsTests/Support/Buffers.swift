import ConcordBackends
import ConcordTestSupport

extension AlignedBuffer where Element: BinaryFloatingPoint {
  init(_ values: [Double]) {
    self.init(uninitializedCount: values.count)
    var span = mutableSpan
    for index in values.indices { span[index] = Element(values[index]) }
  }

  /// A buffer filled with NaN, which shows whatever is read before it is written.
  init(dirty count: Int) {
    self.init([Double](repeating: .nan, count: count))
  }

  var values: [Double] {
    let span = span
    return span.indices.map { Double(span[$0]) }
  }
}

extension SharedBuffer where Element: BinaryFloatingPoint {
  init(values: [Double]) { self.init(values.map { Element($0) }) }

  init(dirty count: Int) { self.init(repeating: .nan, count: count) }

  var values: [Double] {
    let span = span
    return span.indices.map { Double(span[$0]) }
  }
}

extension SplitMix64 {
  /// Numbers that Float holds exactly too.
  mutating func numbers(_ count: Int, in range: ClosedRange<Double> = -1...1) -> [Double] {
    (0..<count).map { _ in Double(Float(uniform(in: range))) }
  }
}

/// The relative error that a transform or sum in this precision may have.
func bound<Scalar: BackendScalar>(_ scalar: Scalar.Type) -> Double {
  scalar == Float.self ? 1e-6 : 1e-14
}
