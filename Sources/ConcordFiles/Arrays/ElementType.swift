package import ConcordMediaBackends

/// The type of the elements that a file holds.
public enum ElementType: String, Sendable, CaseIterable {
  /// True or false, one byte each.
  case bool
  /// Unsigned integers of 8 bits.
  case uint8
  /// Unsigned integers of 16 bits.
  case uint16
  /// Unsigned integers of 32 bits.
  case uint32
  /// Unsigned integers of 64 bits.
  case uint64
  /// Signed integers of 8 bits.
  case int8
  /// Signed integers of 16 bits.
  case int16
  /// Signed integers of 32 bits.
  case int32
  /// Signed integers of 64 bits.
  case int64
  /// Floating-point numbers of half precision.
  case float16
  /// Floating-point numbers of single precision.
  case float32
  /// Floating-point numbers of double precision.
  case float64
  /// Complex numbers of single precision.
  case complex64
  /// Complex numbers of double precision.
  case complex128

  /// Whether the elements are complex numbers.
  public var isComplex: Bool { self == .complex64 || self == .complex128 }

  /// The bytes of one element in the file.
  public var bytes: Int {
    switch self {
    case .bool, .uint8, .int8: 1
    case .uint16, .int16, .float16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64, .complex64: 8
    case .complex128: 16
    }
  }

  package init(_ element: RealElement) {
    switch element {
    case .uint8: self = .uint8
    case .uint16: self = .uint16
    case .uint32: self = .uint32
    case .uint64: self = .uint64
    case .int8: self = .int8
    case .int16: self = .int16
    case .int32: self = .int32
    case .int64: self = .int64
    case .float32: self = .float32
    case .float64: self = .float64
    }
  }

  /// How elements are held in memory: Bool as 0 and 1, halves widened; nil for complex numbers.
  var stored: RealElement? {
    switch self {
    case .bool, .uint8: .uint8
    case .uint16: .uint16
    case .uint32: .uint32
    case .uint64: .uint64
    case .int8: .int8
    case .int16: .int16
    case .int32: .int32
    case .int64: .int64
    case .float16, .float32: .float32
    case .float64: .float64
    case .complex64, .complex128: nil
    }
  }
}
