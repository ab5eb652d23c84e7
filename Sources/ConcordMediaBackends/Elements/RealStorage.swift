package import ConcordBackends

/// A real number type as files store it.
package enum RealElement: String, Sendable, CaseIterable {
  case uint8, uint16, uint32, uint64, int8, int16, int32, int64, float32, float64

  package var bytes: Int {
    switch self {
    case .uint8, .int8: 1
    case .uint16, .int16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    }
  }
}

/// A machine type that a ``RealStorage`` can hold.
package protocol StoredElement: BitwiseCopyable, Sendable {
  /// The value of a sample of at most 16 bits: an unsigned integer, or a half-precision float.
  init(sample: UInt16)
}

extension StoredElement where Self: FixedWidthInteger {
  package init(sample: UInt16) { self.init(truncatingIfNeeded: sample) }
}

extension UInt8: StoredElement {}
extension UInt16: StoredElement {}
extension UInt32: StoredElement {}
extension UInt64: StoredElement {}
extension Int8: StoredElement {}
extension Int16: StoredElement {}
extension Int32: StoredElement {}
extension Int64: StoredElement {}

extension Float: StoredElement {
  package init(sample: UInt16) { self.init(halfBits: sample) }
}

extension Double: StoredElement {
  package init(sample: UInt16) { self.init(Float(halfBits: sample)) }
}

/// Elements as a file stores them, whatever their type.
package enum RealStorage: Sendable {
  case uint8(SharedBuffer<UInt8>)
  case uint16(SharedBuffer<UInt16>)
  case uint32(SharedBuffer<UInt32>)
  case uint64(SharedBuffer<UInt64>)
  case int8(SharedBuffer<Int8>)
  case int16(SharedBuffer<Int16>)
  case int32(SharedBuffer<Int32>)
  case int64(SharedBuffer<Int64>)
  case float32(SharedBuffer<Float>)
  case float64(SharedBuffer<Double>)

  /// Elements of a type known at run time, which `source` provides.
  package init(
    _ element: RealElement, from source: some BufferSource
  ) throws(MediaProblem) {
    switch element {
    case .uint8: self = .uint8(try source.buffer(of: UInt8.self))
    case .uint16: self = .uint16(try source.buffer(of: UInt16.self))
    case .uint32: self = .uint32(try source.buffer(of: UInt32.self))
    case .uint64: self = .uint64(try source.buffer(of: UInt64.self))
    case .int8: self = .int8(try source.buffer(of: Int8.self))
    case .int16: self = .int16(try source.buffer(of: Int16.self))
    case .int32: self = .int32(try source.buffer(of: Int32.self))
    case .int64: self = .int64(try source.buffer(of: Int64.self))
    case .float32: self = .float32(try source.buffer(of: Float.self))
    case .float64: self = .float64(try source.buffer(of: Double.self))
    }
  }

  package var element: RealElement {
    switch self {
    case .uint8: .uint8
    case .uint16: .uint16
    case .uint32: .uint32
    case .uint64: .uint64
    case .int8: .int8
    case .int16: .int16
    case .int32: .int32
    case .int64: .int64
    case .float32: .float32
    case .float64: .float64
    }
  }
}

/// What can provide elements of any type: a decoder, a mapped file.
package protocol BufferSource {
  func buffer<Element: StoredElement>(
    of type: Element.Type
  ) throws(MediaProblem) -> SharedBuffer<Element>
}

/// What a decoder of pictures found: planes of channels, each in row-major order.
package struct DecodedImage: Sendable {
  /// Plane (if there are several pages), row, column.
  package let shape: [Int]
  /// 1 grey, 2 grey and alpha, 3 colour, 4 colour and alpha.
  package let channels: Int
  /// All of the first channel, then all of the second, ….
  package let elements: RealStorage
}
