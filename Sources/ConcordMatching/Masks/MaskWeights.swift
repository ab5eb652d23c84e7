import ConcordArrays
import ConcordBackends

/// What the weights of a mask are like.
struct MaskSummary: Sendable {
  /// The smallest weight above 0; infinite if there is none.
  var smallest = Double.infinity
  /// Whether every weight is 0 or 1.
  var isBinary = true
  /// A weight that is none; nil if all are.
  var outside: Double?

  var isEmpty: Bool { smallest == .infinity }
}

/// Numbers that say how much an element counts, 0...1, in the scalars of what they cover.
struct MaskWeights<Scalar: RealScalar>: Sendable {
  let values: SharedBuffer<Scalar>
  let summary: MaskSummary

  /// Takes weights.
  ///
  /// - Throws: ``ConcordError/outOfRange(what:found:allowed:)`` for a number outside 0...1.
  init(_ values: SharedBuffer<Scalar>, of what: String) throws(ConcordError) {
    let summary = summarize(values.span)
    self.summary = summary
    if let outside = summary.outside {
      throw .outOfRange(what: "the weights of \(what)", found: outside, allowed: "0 to 1")
    }
    self.values = values
  }

  /// 1 where a mask is true.
  init(_ mask: SharedBuffer<Bool>) {
    self.init(trusted: weights(of: mask))
  }

  /// The weights of some elements, or 1 for nil, with 0 where these are NaN; nil if all count.
  static func valid(
    _ elements: SharedBuffer<Scalar>, weights given: MaskWeights?, nan: NaNTreatment
  ) -> MaskWeights? {
    guard nan == .asMask, holdsNaN(elements.span) else { return given }
    var values = given?.values ?? SharedBuffer(repeating: 1, count: elements.count)
    var out = values.mutableSpan
    clearNaN(of: elements.span, in: &out)
    return MaskWeights(trusted: values)
  }

  private init(trusted values: SharedBuffer<Scalar>) {
    self.values = values
    summary = summarize(values.span)
  }
}

@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func summarize<Scalar: RealScalar>(_ weights: Span<Scalar>) -> MaskSummary {
  var summary = MaskSummary()
  for index in weights.indices {
    let weight = weights[index]
    if weight == 0 { continue }
    if weight != 1 {
      summary.isBinary = false
      guard weight > 0, weight < 1 else {
        summary.outside = Double(weight)
        return summary
      }
    }
    summary.smallest = min(summary.smallest, Double(weight))
  }
  return summary
}

@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func weights<Scalar: RealScalar>(of mask: SharedBuffer<Bool>) -> SharedBuffer<Scalar> {
  var result = SharedBuffer<Scalar>(uninitializedCount: mask.count)
  var out = result.mutableSpan
  let flags = mask.span
  for index in flags.indices { out[index] = flags[index] ? 1 : 0 }
  return result
}

@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func holdsNaN<Scalar: RealScalar>(_ elements: Span<Scalar>) -> Bool {
  if Scalar.allFinite(elements) { return false }
  for index in elements.indices where elements[index].isNaN { return true }
  return false
}

@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func clearNaN<Scalar: RealScalar>(
  of elements: Span<Scalar>, in weights: inout MutableSpan<Scalar>
) {
  for index in elements.indices where elements[index].isNaN { weights[index] = 0 }
}
