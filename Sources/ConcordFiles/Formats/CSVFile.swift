import ConcordBackends
import ConcordMediaBackends

/// Small tables of numbers as text.
///
/// Fields are separated by tabs, semicolons, commas or spaces, whichever of these comes first in this
/// list and stands in the first line. A first line without any number is a header; empty lines and
/// lines that begin with `#` are skipped. Where fields aren't separated by commas, a number may have
/// a decimal comma.
enum CSVFile {
  static func read(_ bytes: FileBytes) throws(MediaProblem) -> FileContent {
    var table = CSVTable()
    let text = bytes.elements(of: UInt8.self, at: 0, count: bytes.count)
    let source = text.span
    var line: [UInt8] = []
    var number = 0
    for index in source.indices {
      let byte = source[index]
      if byte != UInt8(ascii: "\n") {
        line.append(byte)
        if index < source.count - 1 { continue }
      }
      number += 1
      try table.append(line, number: number)
      line.removeAll(keepingCapacity: true)
    }
    return try table.content()
  }
}
