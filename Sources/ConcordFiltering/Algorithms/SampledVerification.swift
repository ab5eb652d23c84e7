import ConcordArrays
import ConcordBackends
import RealModule

/// Compares outputs at random places with their definition.
struct SampledVerification<Scalar: RealScalar>: Sendable {
  private let count: Int
  private let sums: DefinitionSums<Scalar>
  /// Rounding that is explained, relative to the image's largest magnitude.
  private let bound: Double

  /// `weights` are as the sums of the geometry use them.
  init(_ count: Int, weights: Samples<Scalar>, geometry: ConvolutionGeometry) {
    self.count = count
    sums = DefinitionSums(weights: weights, geometry: geometry)
    var total = 0.0
    for index in 0..<weights.real.count {
      total +=
        abs(Double(weights.real[index]))
        + (weights.imaginary.map { abs(Double($0[index])) } ?? 0)
    }
    let points = Double(geometry.image.count + geometry.kernel.count + 2)
    bound =
      64 * Double(Scalar.ulpOfOne) * Double.log2(points) * total
      * (geometry.renormalizes ? 16 : 1)
  }

  /// - Throws: ``ConcordError/verificationFailed(error:bound:)`` at the first output that is wrong.
  func check(_ result: Samples<Scalar>, of image: Samples<Scalar>) throws(ConcordError) {
    guard result.real.count > 0 else { return }
    var largest = Self.largest(image.real)
    if let imaginary = image.imaginary { largest = max(largest, Self.largest(imaginary)) }
    for _ in 0..<count {
      let output = Int.random(in: 0..<result.real.count)
      let expected = sums.value(output, of: image)
      try compare(Double(result.real[output]), expected.real, largest)
      if let imaginary = result.imaginary {
        try compare(Double(imaginary[output]), expected.imaginary, largest)
      }
    }
  }

  private func compare(
    _ found: Double, _ expected: Double, _ largest: Double
  ) throws(ConcordError) {
    if found == expected || (found.isNaN && expected.isNaN) { return }
    // Beyond the scalar's range the definition in Double is no measure.
    if abs(expected) > Double(Scalar.greatestFiniteMagnitude) && !found.isFinite { return }
    let error = abs(found - expected)
    let limit = bound * max(largest, abs(Double(Scalar.leastNormalMagnitude)))
    guard error <= limit else { throw .verificationFailed(error: error, bound: limit) }
  }

  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  private static func largest(_ values: SharedBuffer<Scalar>) -> Double {
    let source = values.span
    var largest: Scalar = 0
    for index in source.indices {
      let value = abs(source[index])
      if value.isFinite { largest = max(largest, value) }
    }
    return Double(largest)
  }
}
