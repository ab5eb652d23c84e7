import ConcordArrays
import ConcordBackends

/// The range of the finite values; 0...0 if there are none.
@_specialize(exported:false,where S == Float)
@_specialize(exported:false,where S == Double)
func finiteRange<S: RealScalar>(of planes: [SharedBuffer<S>]) -> ClosedRange<Double> {
  var low = S.infinity
  var high = -S.infinity
  for plane in planes {
    let values = plane.span
    for index in values.indices where values[index].isFinite {
      low = min(low, values[index])
      high = max(high, values[index])
    }
  }
  return low <= high ? Double(low)...Double(high) : 0...0
}

/// From nothing to the full value of an opacity channel, whose type is no longer known.
func opacityRange<S: RealScalar>(of plane: SharedBuffer<S>) -> ClosedRange<Double> {
  let largest = finiteRange(of: [plane]).upperBound
  return 0...([1, 255, 65535].first { largest <= $0 } ?? largest)
}

/// Interleaved bytes of planes, each scaled so that its limits become 0 and 255.
///
/// Values beyond the limits are clamped, NaN is 0, and so is everything if the limits are equal.
@_specialize(exported:false,where S == Float)
@_specialize(exported:false,where S == Double)
func scaledBytes<S: RealScalar>(
  _ planes: [SharedBuffer<S>], limits: [ClosedRange<Double>]
) -> [UInt8] {
  let count = planes.first?.count ?? 0
  var bytes = [UInt8](repeating: 0, count: count * planes.count)
  var out = bytes.mutableSpan
  for (channel, plane) in planes.enumerated() {
    let values = plane.span
    let low = limits[channel].lowerBound
    // Halves keep the difference of two huge limits from overflowing.
    let half = limits[channel].upperBound / 2 - low / 2
    for index in values.indices {
      let value = Double(values[index])
      let part = half > 0 ? (value / 2 - low / 2) / half * 255 : 0
      let byte = part.isNaN ? 0 : min(max(part, 0), 255).rounded()
      out[index * planes.count + channel] = UInt8(byte)
    }
  }
  return bytes
}

/// The elements of planes pixel by pixel.
@_specialize(exported:false,where S == Float)
@_specialize(exported:false,where S == Double)
func interleaved<S: RealScalar>(_ planes: [SharedBuffer<S>]) -> SharedBuffer<S> {
  let count = planes.first?.count ?? 0
  var result = SharedBuffer<S>(uninitializedCount: count * planes.count)
  var out = result.mutableSpan
  for (channel, plane) in planes.enumerated() {
    let values = plane.span
    for index in values.indices { out[index * planes.count + channel] = values[index] }
  }
  return result
}
