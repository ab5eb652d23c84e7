import ConcordMediaBackends

/// The header of a `.npy` file: the type, order and extents of its elements.
struct NPYHeader: Equatable {
  let elementType: ElementType
  /// Whether the bytes of each number are in the other order than this machine's.
  let isSwapped: Bool
  /// Whether the first index runs fastest.
  let isFortranOrder: Bool
  /// Any number of extents.
  let shape: [Int]

  /// NumPy's headers are far shorter; a longer one is damaged or hostile.
  private static let longest = 1 << 20
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Where the header's text lies, from the first 12 bytes of the file.
  static func textRange(from start: [UInt8]) throws(MediaProblem) -> Range<Int> {
    guard start.starts(with: magic) else {
      throw MediaProblem("expected a .npy file, found something else")
    }
    guard start.count >= 12 else { throw MediaProblem("the file ends inside its header") }
    let version = start[6]
    guard (1...3).contains(version) else {
      throw MediaProblem("expected .npy version 1, 2 or 3, found \(version)")
    }
    let width = version == 1 ? 2 : 4
    let length = (0..<width).reduce(0) { $0 | Int(start[8 + $1]) << (8 * $1) }
    guard length <= longest else {
      throw MediaProblem("expected a header of at most \(longest) bytes, found \(length)")
    }
    return (8 + width)..<(8 + width + length)
  }

  /// Understands the header's text, a Python dictionary.
  init(_ text: [UInt8]) throws(MediaProblem) {
    var parser = PythonLiteral(text)
    let entries = try parser.dictionary()
    guard case .text(let description) = entries["descr"] else {
      throw MediaProblem("expected a type such as '<f4' in the header, found a structured one")
    }
    guard case .bool(let isFortranOrder) = entries["fortran_order"] else {
      throw MediaProblem("expected fortran_order True or False in the header, found none")
    }
    guard case .integers(let shape) = entries["shape"] else {
      throw MediaProblem("expected a shape in the header, found none")
    }
    (elementType, isSwapped) = try Self.type(description)
    self.isFortranOrder = isFortranOrder
    self.shape = shape
  }

  /// A header for elements in this machine's byte order and row-major order.
  init(elementType: ElementType, shape: [Int]) {
    self.elementType = elementType
    isSwapped = false
    isFortranOrder = false
    self.shape = shape
  }

  /// The bytes of the elements, which must be a number of this machine.
  func elementBytes() throws(MediaProblem) -> Int {
    guard let bytes = byteCount(of: shape, elementBytes: elementType.bytes) else {
      throw MediaProblem(
        "expected fewer elements than this machine can count, found a claim of "
          + shape.map(String.init).joined(separator: " × "))
    }
    return bytes
  }

  private static let isLittleEndian = 1.littleEndian == 1

  private static let names: [String: ElementType] = [
    "b1": .bool, "u1": .uint8, "u2": .uint16, "u4": .uint32, "u8": .uint64, "i1": .int8,
    "i2": .int16, "i4": .int32, "i8": .int64, "f2": .float16, "f4": .float32, "f8": .float64,
    "c8": .complex64, "c16": .complex128,
  ]

  private static func type(_ text: String) throws(MediaProblem) -> (ElementType, Bool) {
    guard let order = text.first, "<>|=".contains(order),
      let type = names[String(text.dropFirst())], order != "|" || type.bytes == 1
    else {
      throw MediaProblem(
        "expected a type such as '<f4', '|u1' or '>i2', found '\(printable(text))'")
    }
    let isSwapped = order == (isLittleEndian ? ">" : "<")
    return (type, isSwapped && type.bytes > 1)
  }

  /// The bytes of a version 1 file up to its elements, which begin at a multiple of 64.
  var encoded: [UInt8] {
    let name = Self.names.first { $0.value == elementType }?.key ?? ""
    let order = elementType.bytes == 1 ? "|" : (Self.isLittleEndian ? "<" : ">")
    let extents = shape.map { "\($0)," }.joined(separator: " ")
    let text =
      "{'descr': '\(order)\(name)', 'fortran_order': False, 'shape': (\(extents)), }"
    let used = Self.magic.count + 4 + text.utf8.count + 1
    let padding = (64 - used % 64) % 64
    let length = text.utf8.count + padding + 1
    return Self.magic + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + Array(text.utf8)
      + Array(repeating: UInt8(ascii: " "), count: padding) + [UInt8(ascii: "\n")]
  }
}
