import ConcordArrays
import ConcordBackends
import ConcordMediaBackends

/// Part of the stored elements as real numbers; shared, not copied, if it is all of that type.
func converted<S: RealScalar>(
  _ storage: RealStorage, range: Range<Int>, to scalar: S.Type
) -> SharedBuffer<S> {
  switch storage {
  case .uint8(let buffer): widened(buffer, range, S.self)
  case .uint16(let buffer): widened(buffer, range, S.self)
  case .uint32(let buffer): widened(buffer, range, S.self)
  case .uint64(let buffer): widened(buffer, range, S.self)
  case .int8(let buffer): widened(buffer, range, S.self)
  case .int16(let buffer): widened(buffer, range, S.self)
  case .int32(let buffer): widened(buffer, range, S.self)
  case .int64(let buffer): widened(buffer, range, S.self)
  case .float32(let buffer): rounded(buffer, range, S.self)
  case .float64(let buffer): rounded(buffer, range, S.self)
  }
}

@_specialize(exported:false,where Source == UInt8, S == Float)
@_specialize(exported:false,where Source == UInt8, S == Double)
@_specialize(exported:false,where Source == UInt16, S == Float)
@_specialize(exported:false,where Source == UInt16, S == Double)
@_specialize(exported:false,where Source == UInt32, S == Float)
@_specialize(exported:false,where Source == UInt32, S == Double)
@_specialize(exported:false,where Source == UInt64, S == Float)
@_specialize(exported:false,where Source == UInt64, S == Double)
@_specialize(exported:false,where Source == Int8, S == Float)
@_specialize(exported:false,where Source == Int8, S == Double)
@_specialize(exported:false,where Source == Int16, S == Float)
@_specialize(exported:false,where Source == Int16, S == Double)
@_specialize(exported:false,where Source == Int32, S == Float)
@_specialize(exported:false,where Source == Int32, S == Double)
@_specialize(exported:false,where Source == Int64, S == Float)
@_specialize(exported:false,where Source == Int64, S == Double)
private func widened<Source: FixedWidthInteger, S: RealScalar>(
  _ source: SharedBuffer<Source>, _ range: Range<Int>, _ scalar: S.Type
) -> SharedBuffer<S> {
  var result = SharedBuffer<S>(uninitializedCount: range.count)
  var out = result.mutableSpan
  let elements = source.span.extracting(range)
  for index in out.indices { out[index] = S(elements[index]) }
  return result
}

@_specialize(exported:false,where Source == Double, S == Float)
@_specialize(exported:false,where Source == Float, S == Double)
private func rounded<Source: BinaryFloatingPoint, S: RealScalar>(
  _ source: SharedBuffer<Source>, _ range: Range<Int>, _ scalar: S.Type
) -> SharedBuffer<S> {
  if range == 0..<source.count, let same = source as? SharedBuffer<S> { return same }
  var result = SharedBuffer<S>(uninitializedCount: range.count)
  var out = result.mutableSpan
  let elements = source.span.extracting(range)
  for index in out.indices { out[index] = S(elements[index]) }
  return result
}

extension FileElements {
  /// The elements if they are stored in this very type.
  func buffer<Element>(of type: Element.Type) -> SharedBuffer<Element>? {
    switch self {
    case .real(.uint8(let buffer)): buffer as? SharedBuffer<Element>
    case .real(.uint16(let buffer)): buffer as? SharedBuffer<Element>
    case .real(.uint32(let buffer)): buffer as? SharedBuffer<Element>
    case .real(.uint64(let buffer)): buffer as? SharedBuffer<Element>
    case .real(.int8(let buffer)): buffer as? SharedBuffer<Element>
    case .real(.int16(let buffer)): buffer as? SharedBuffer<Element>
    case .real(.int32(let buffer)): buffer as? SharedBuffer<Element>
    case .real(.int64(let buffer)): buffer as? SharedBuffer<Element>
    case .real(.float32(let buffer)): buffer as? SharedBuffer<Element>
    case .real(.float64(let buffer)): buffer as? SharedBuffer<Element>
    case .complex64(let buffer): buffer as? SharedBuffer<Element>
    case .complex128(let buffer): buffer as? SharedBuffer<Element>
    }
  }
}
