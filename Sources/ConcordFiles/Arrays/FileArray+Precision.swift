import ConcordBackends
import ConcordMediaBackends

extension FileArray {
  /// Whether Float would not hold every element exactly.
  ///
  /// True for Double and complex numbers of it, and for integers of 32 and 64 bits if one of them
  /// has more digits than Float. All channels count.
  public var needsDouble: Bool {
    switch elements {
    case .complex64: false
    case .complex128: true
    case .real(let storage):
      switch storage {
      case .uint8, .uint16, .int8, .int16, .float32: false
      case .float64: true
      case .uint32(let buffer): exceedsFloat(buffer)
      case .uint64(let buffer): exceedsFloat(buffer)
      case .int32(let buffer): exceedsFloat(buffer)
      case .int64(let buffer): exceedsFloat(buffer)
      }
    }
  }
}

@_specialize(exported:false,where Element == UInt32)
@_specialize(exported:false,where Element == UInt64)
@_specialize(exported:false,where Element == Int32)
@_specialize(exported:false,where Element == Int64)
private func exceedsFloat<Element: FixedWidthInteger>(_ buffer: SharedBuffer<Element>) -> Bool {
  let elements = buffer.span
  for index in elements.indices where Float(exactly: elements[index]) == nil { return true }
  return false
}
