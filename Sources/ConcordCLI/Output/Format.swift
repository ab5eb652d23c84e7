import Foundation

/// Numbers as people read them.
enum Format {
  /// Extents joined by ×.
  static func extents(_ shape: [Int]) -> String {
    shape.map(String.init).joined(separator: " × ")
  }

  /// A duration with a unit that suits it.
  static func seconds(_ seconds: Double) -> String {
    if seconds < 1e-3 { return significant(seconds * 1e6) + " µs" }
    if seconds < 1 { return significant(seconds * 1e3) + " ms" }
    return significant(seconds) + " s"
  }

  /// An amount of memory with a unit that suits it.
  static func bytes(_ bytes: Int) -> String {
    var amount = Double(bytes)
    for unit in ["bytes", "KiB", "MiB", "GiB"] {
      if amount < 1000 { return significant(amount) + " " + unit }
      amount /= 1024
    }
    return significant(amount) + " TiB"
  }

  /// A number with three significant digits, or all of a larger number's whole part.
  static func significant(_ value: Double, digits: Int = 3) -> String {
    guard value.isFinite else { return "\(value)" }
    let magnitude = value == 0 ? 1 : Int(log10(abs(value)).rounded(.down)) + 1
    if abs(value) >= 1e15 || (value != 0 && abs(value) < 1e-4) {
      return String(format: "%.\(digits - 1)e", value)
    }
    let decimals = max(0, digits - magnitude)
    var text = String(format: "%.\(decimals)f", value)
    if text.contains(".") {
      while text.hasSuffix("0") { text.removeLast() }
      if text.hasSuffix(".") { text.removeLast() }
    }
    return text
  }

  /// A table whose first columns are left-aligned and whose others are right-aligned.
  static func table(_ rows: [[String]], leading: Int) -> String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return column < leading ? cell + space : space + cell
      }
      let line = cells.joined(separator: "  ")
      return line.replacing(/\ +$/, with: "") + "\n"
    }.joined()
  }
}
