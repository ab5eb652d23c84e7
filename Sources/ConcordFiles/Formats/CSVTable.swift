import ConcordBackends
import ConcordMediaBackends

/// A table of numbers that grows line by line.
struct CSVTable {
  private var values: [Double] = []
  private var rows = 0
  private var columns = 0
  private var separator: Separator?
  private var mayBeHeader = true

  private enum Separator {
    case byte(UInt8)
    case space
  }

  /// Adds a line of the text.
  mutating func append(_ line: [UInt8], number: Int) throws(MediaProblem) {
    var bytes = line[...]
    if number == 1 && bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
    let content = Self.trimmed(bytes)
    guard let first = content.first, first != UInt8(ascii: "#") else { return }
    let separator = self.separator ?? Self.separator(of: content)
    self.separator = separator
    let fields = Self.fields(of: bytes, separator)
    let numbers = fields.map { Self.number($0, separator) }
    if mayBeHeader && numbers.allSatisfy({ $0 == nil }) {
      mayBeHeader = false
      // The header may be commented by words with separators of their own.
      self.separator = nil
      return
    }
    mayBeHeader = false
    try append(fields, numbers, number)
  }

  private mutating func append(
    _ fields: [ArraySlice<UInt8>], _ numbers: [Double?], _ line: Int
  ) throws(MediaProblem) {
    if rows == 0 { columns = fields.count }
    guard fields.count == columns else {
      throw MediaProblem("line \(line): expected \(columns) numbers, found \(fields.count)")
    }
    for (field, number) in zip(fields, numbers) {
      guard let number else {
        let found = String(decoding: field, as: UTF8.self)
        throw MediaProblem(
          "line \(line): expected a number, found "
            + (found.isEmpty ? "an empty field" : "'\(printable(found))'"))
      }
      values.append(number)
    }
    rows += 1
  }

  /// The table, rows by columns.
  func content() throws(MediaProblem) -> FileContent {
    guard rows > 0 else { throw MediaProblem("expected a table of numbers, found none") }
    return FileContent(
      elementType: .float64, shape: [rows, columns],
      elements: .real(.float64(SharedBuffer(values))))
  }

  private static func separator(of line: ArraySlice<UInt8>) -> Separator {
    for character in ["\t", ";", ","] as [Unicode.Scalar] {
      let byte = UInt8(ascii: character)
      if line.contains(byte) { return .byte(byte) }
    }
    return .space
  }

  private static func fields(
    of line: ArraySlice<UInt8>, _ separator: Separator
  ) -> [ArraySlice<UInt8>] {
    switch separator {
    case .byte(let byte):
      line.split(separator: byte, omittingEmptySubsequences: false).map(trimmed)
    case .space:
      line.split(whereSeparator: isSpace)
    }
  }

  private static func number(_ field: ArraySlice<UInt8>, _ separator: Separator) -> Double? {
    var text = field
    if text.count >= 2 && text.first == UInt8(ascii: "\"") && text.last == UInt8(ascii: "\"") {
      text = text.dropFirst().dropLast()
    }
    guard text.count <= 400 else { return nil }
    var characters = String(decoding: text, as: UTF8.self)
    if case .byte(UInt8(ascii: ",")) = separator {
      return Double(characters)
    }
    if !characters.contains(".") { characters.replace(",", with: ".") }
    return Double(characters)
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var rest = bytes
    while let first = rest.first, isSpace(first) { rest.removeFirst() }
    while let last = rest.last, isSpace(last) { rest.removeLast() }
    return rest
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte)
  }
}
