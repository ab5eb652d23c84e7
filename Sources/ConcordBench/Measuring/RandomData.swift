package import Concord

/// A small generator of reproducible numbers.
package struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// An image of uniform random numbers in 0..<1.
package func randomImage<Scalar: RealScalar>(
  _ rows: Int, _ columns: Int, seed: UInt64, as scalar: Scalar.Type = Scalar.self
) -> Image<Scalar> {
  var generator = SplitMix64(seed: seed)
  // The upper 24 bits: what a Float holds.
  return Image<Scalar>(shape: [rows, columns]) { _ in
    Scalar(Double(generator.next() >> 40) * 0x1p-24)
  }
}
