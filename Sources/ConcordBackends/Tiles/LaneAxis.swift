import RealModule

/// The passes of a transform along one axis of a tile: radices, twiddles, and the order of the
/// frequencies that they leave.
final class LaneAxis<Scalar: BackendScalar>: Sendable {
  let length: Int
  let radices: [Int]
  private let radixTable: AlignedBuffer<Int32>
  private let twiddles: AlignedBuffer<Scalar>

  init(length: Int) {
    self.length = length
    radices = Self.factors(of: length)
    var table = AlignedBuffer<Int32>(uninitializedCount: radices.count)
    var values: [Scalar] = []
    var extent = length
    var radixSpan = table.mutableSpan
    for (pass, radix) in radices.enumerated() {
      radixSpan[pass] = Int32(radix)
      for j in 0..<(extent / radix) {
        for q in 1..<radix {
          let (cosine, sine) = unitRoot(j * q, of: extent)
          values.append(Scalar(cosine))
          values.append(Scalar(sine))
        }
      }
      extent /= radix
    }
    radixTable = table
    var buffer = AlignedBuffer<Scalar>(uninitializedCount: values.count)
    var span = buffer.mutableSpan
    for index in values.indices { span[index] = values[index] }
    twiddles = buffer
  }

  var axis: LaneTile<Scalar>.Axis {
    LaneTile.Axis(
      length: length, passes: radices.count, radices: UnsafePointer(radixTable.base),
      twiddles: UnsafePointer(twiddles.base))
  }

  /// The frequency at a position of the transform's output: its digits reversed.
  func frequency(at position: Int) -> Int {
    var frequency = 0
    var weight = 1
    var extent = length
    var rest = position
    for radix in radices {
      extent /= radix
      frequency += rest / extent * weight
      rest %= extent
      weight *= radix
    }
    return frequency
  }

  /// Few passes; those of large radix late, where they are fused, and odd ones last.
  private static func factors(of length: Int) -> [Int] {
    var rest = length
    var odd: [Int] = []
    for factor in [5, 3] {
      while rest % factor == 0 {
        odd.append(factor)
        rest /= factor
      }
    }
    var exponent = rest.trailingZeroBitCount
    precondition(rest == 1 << exponent, "A tile's extents are products of 2, 3 and 5")
    var radices: [Int] = []
    while exponent > 0 {
      let radix = exponent % 3 == 0 ? 3 : exponent == 1 ? 1 : 2
      radices.append(1 << radix)
      exponent -= radix
    }
    return radices + odd
  }
}

/// exp(-2πi k / n), accurate to the last digits for any k.
func unitRoot(_ k: Int, of n: Int) -> (cosine: Double, sine: Double) {
  // Angles in the first eighth alone, so that symmetric values are symmetric to the last bit.
  let index = k % n
  let eighth = 8 * index / n
  let quarters = (eighth + 1) / 2
  let angle = 2 * Double.pi * (Double(index) - Double(quarters * n) / 4) / Double(n)
  let (c, s) = (Double.cos(angle), Double.sin(angle))
  switch quarters % 4 {
  case 0: return (c, -s)
  case 1: return (-s, -c)
  case 2: return (-c, s)
  default: return (s, c)
  }
}
