public import ConcordArrays
import RealModule

/// Noise without end: every position of the infinite lattice has its own random number.
///
/// A number depends on seed and position alone, so any part of the lattice can be had at any time,
/// and what moves into an image is known before it does. The same seed gives the same numbers on
/// every machine.
public struct LatticeNoise: Hashable, Sendable {
  /// What the numbers are made from.
  public var seed: UInt64

  /// The noise of a seed.
  public init(seed: UInt64 = 0) {
    self.seed = seed
  }

  /// An image of independent numbers, uniform in 0..<1, moved by whole pixels.
  ///
  /// The element at `p` is the lattice's number at `p - shift`.
  ///
  /// - Throws: ``ConcordError/empty(what:)`` for a shape without elements.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func image<let rank: Int, Scalar: RealScalar>(
    _ shape: Shape<rank>, shift: Position<rank> = Position { _ in 0 }
  ) throws(ConcordError) -> NDArray<rank, Scalar> {
    guard shape.count > 0 else { throw .empty(what: "the image to be generated") }
    var result = NDArray<rank, Scalar>(uninitialized: shape)
    var out = result.mutableSpan
    var position = Position<rank> { _ in 0 }
    for index in 0..<out.count {
      var hash = seed
      for axis in 0..<rank { hash = mixed(hash, position[axis] - shift[axis]) }
      out[index] = Scalar(uniform(hash))
      position.advance(in: shape)
    }
    return result
  }

  /// A number in 0..<1 for the position of a lattice, whose indices come one after another.
  func number(_ indices: Int...) -> Double {
    uniform(indices.reduce(seed) { mixed($0, $1) })
  }

  /// A number of the normal distribution with mean 0 and standard deviation 1, by Box and Muller.
  func normal(_ index: Int) -> Double {
    let radius = (-2 * Double.log(1 - number(index, 0))).squareRoot()
    return radius * Double.cos(2 * Double.pi * number(index, 1))
  }

  /// 53 bits as a number in 0..<1.
  private func uniform(_ hash: UInt64) -> Double { Double(hash >> 11) * 0x1p-53 }

  /// The finalizer of SplitMix64 over the hash so far and the next index.
  ///
  /// See G. Steele, D. Lea, C. Flood, *Fast Splittable Pseudorandom Number Generators* (2014).
  private func mixed(_ hash: UInt64, _ index: Int) -> UInt64 {
    var z = (hash ^ UInt64(bitPattern: Int64(index))) &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
