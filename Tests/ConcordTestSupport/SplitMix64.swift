public import ConcordArrays

/// A small seeded generator: the same seed gives the same numbers on every machine.
///
/// A failing test prints it, ready to be pasted: `SplitMix64(seed: 0x2a)`.
/// See G. Steele, D. Lea, C. Flood, *Fast Splittable Pseudorandom Number Generators* (2014).
public struct SplitMix64: RandomNumberGenerator, Sendable, CustomStringConvertible {
  /// What the generator began with.
  public let seed: UInt64
  private var state: UInt64

  /// A generator that begins with a seed.
  public init(seed: UInt64) {
    self.seed = seed
    state = seed
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number in `0..<1`, a multiple of 2⁻⁵³.
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A number in a range of reals.
  public mutating func uniform(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + uniform() * (range.upperBound - range.lowerBound)
  }

  /// A number in a range of integers.
  public mutating func integer(in range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(next() % UInt64(range.count))
  }

  /// A shape with every extent in a range.
  public mutating func shape<let rank: Int>(extents: ClosedRange<Int>) -> Shape<rank> {
    Shape { _ in integer(in: extents) }
  }

  /// An array of numbers in a range.
  public mutating func array<let rank: Int, Scalar: RealScalar>(
    _ shape: Shape<rank>, in range: ClosedRange<Double> = -1...1
  ) -> NDArray<rank, Scalar> {
    NDArray(shape: shape) { _ in Scalar(uniform(in: range)) }
  }

  /// The call that makes the same generator.
  public var description: String { "SplitMix64(seed: 0x\(String(seed, radix: 16)))" }
}
