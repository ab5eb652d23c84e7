/// A `.npy` file made byte by byte, as NumPy's format description says.
func npyBytes(
  _ descr: String, fortran: Bool = false, shape: String, version: UInt8 = 1, extraSpaces: Int = 0,
  _ elements: [UInt8]
) -> [UInt8] {
  let text =
    "{'descr': '\(descr)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }"
  return npyBytes(header: text, version: version, extraSpaces: extraSpaces, elements)
}

/// A `.npy` file with any header.
func npyBytes(
  header text: String, version: UInt8 = 1, extraSpaces: Int = 0, _ elements: [UInt8]
) -> [UInt8] {
  let start = version == 1 ? 10 : 12
  let spaces = (64 - (start + text.utf8.count + 1) % 64) % 64 + extraSpaces
  let length = text.utf8.count + spaces + 1
  let sizes = (0..<(version == 1 ? 2 : 4)).map { UInt8(length >> (8 * $0) & 255) }
  return [0x93] + Array("NUMPY".utf8) + [version, 0] + sizes + Array(text.utf8)
    + Array(repeating: 0x20, count: spaces) + [0x0A] + elements
}

/// The bytes of numbers, least significant first, or last.
func bytes<Number: FixedWidthInteger>(_ numbers: [Number], bigEndian: Bool = false) -> [UInt8] {
  numbers.flatMap { number in
    let ordered = bigEndian ? number.bigEndian : number.littleEndian
    return (0..<(Number.bitWidth / 8)).map { UInt8(truncatingIfNeeded: ordered >> (8 * $0)) }
  }
}
