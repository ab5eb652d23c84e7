import ConcordMediaBackends

/// A parser of the Python dictionaries that stand in the headers of `.npy` files.
struct PythonLiteral {
  /// A value that Concord has a use for, or one that it skips over.
  enum Value: Equatable {
    case text(String)
    case bool(Bool)
    case integers([Int])
    case other
  }

  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// A dictionary whose keys are texts, followed by nothing but space.
  mutating func dictionary() throws(MediaProblem) -> [String: Value] {
    var entries: [String: Value] = [:]
    try expect("{")
    while !take("}") {
      let key = try quoted()
      try expect(":")
      guard entries.updateValue(try value(), forKey: key) == nil else {
        throw MediaProblem(
          "expected each key once in the header, found a second '\(printable(key))'")
      }
      if !take(",") {
        try expect("}")
        break
      }
    }
    skipSpace()
    guard position == bytes.count || bytes[position] == 0 else { throw unexpected("its end") }
    return entries
  }

  private mutating func value() throws(MediaProblem) -> Value {
    skipSpace()
    switch peek {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return .text(try quoted())
    case UInt8(ascii: "("): return .integers(try integers())
    case UInt8(ascii: "["):
      try skipList()
      return .other
    default:
      let start = position
      switch word() {
      case "True": return .bool(true)
      case "False": return .bool(false)
      default:
        position = start
        throw unexpected("a value")
      }
    }
  }

  private mutating func integers() throws(MediaProblem) -> [Int] {
    var values: [Int] = []
    try expect("(")
    while !take(")") {
      values.append(try extent())
      if !take(",") {
        try expect(")")
        break
      }
    }
    return values
  }

  /// An integer, perhaps with the L of Python 2.
  private mutating func extent() throws(MediaProblem) -> Int {
    skipSpace()
    let start = position
    if peek == UInt8(ascii: "-") { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self) + word()
    guard let value = Int(text.hasSuffix("L") ? String(text.dropLast()) : text), value >= 0
    else {
      throw MediaProblem(
        "expected extents of 0 to \(Int.max) in the header, found '\(printable(text))'")
    }
    return value
  }

  private mutating func quoted() throws(MediaProblem) -> String {
    skipSpace()
    guard let quote = peek, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      throw unexpected("a quoted text")
    }
    let start = position + 1
    guard let end = bytes[start...].firstIndex(of: quote) else { throw unexpected("a closed text") }
    position = end + 1
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  /// Skips a list with the lists, tuples and texts inside it.
  private mutating func skipList() throws(MediaProblem) {
    var depth = 0
    repeat {
      guard let byte = peek else { throw unexpected("the end of a list") }
      switch byte {
      case UInt8(ascii: "["), UInt8(ascii: "("): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: ")"): depth -= 1
      case UInt8(ascii: "'"), UInt8(ascii: "\""):
        _ = try quoted()
        continue
      default: break
      }
      position += 1
    } while depth > 0
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// Letters and digits.
  private mutating func word() -> String {
    let start = position
    while let byte = peek, isWord(byte) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private func isWord(_ byte: UInt8) -> Bool {
    let character = Character(UnicodeScalar(byte))
    return character.isASCII && (character.isLetter || character.isNumber)
  }

  private mutating func skipSpace() {
    while let byte = peek, Self.isSpace(byte) { position += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard peek == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(MediaProblem) {
    guard take(character) else { throw unexpected("'\(character)'") }
  }

  private func unexpected(_ expected: String) -> MediaProblem {
    var rest = bytes[position...]
    while let last = rest.last, Self.isSpace(last) { rest.removeLast() }
    let found = String(decoding: rest, as: UTF8.self)
    return MediaProblem(
      "expected \(expected) in the header, found "
        + (found.isEmpty ? "its end" : "'\(printable(found, limit: 20))'"))
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte)
  }
}
