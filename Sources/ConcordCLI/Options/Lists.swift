import ArgumentParser

/// An argument that tells what was expected where it can't be understood.
protocol ExplainedArgument {
  static var expected: String { get }

  init?(argument: String)
}

extension ExplainedArgument {
  /// The argument that a text stands for.
  static func parsed(_ text: String) throws -> Self {
    guard let value = Self(argument: text) else {
      throw ValidationError("expected \(expected), found '\(text)'")
    }
    return value
  }
}

/// An amount of memory: a number of bytes, or one with K, M, G or T (powers of 1024).
struct ByteCount: ExplainedArgument {
  static let expected = "a positive number of bytes, such as 512M or 2G"

  let bytes: Int

  init?(argument: String) {
    var text = argument.uppercased()
    for ending in ["IB", "B"] where text.hasSuffix(ending) {
      text.removeLast(ending.count)
      break
    }
    var factor = 1.0
    for (power, unit) in ["K", "M", "G", "T"].enumerated() where text.hasSuffix(unit) {
      text.removeLast()
      for _ in 0...power { factor *= 1024 }
      break
    }
    guard let number = Double(text), number > 0, number * factor < 0x1p62 else { return nil }
    bytes = Int(number * factor)
  }
}

/// One extent for each axis, outermost first, such as `480,640`.
struct ExtentList: ExplainedArgument, Sendable {
  static let expected = "one to three whole numbers of at least 1, such as 480,640"

  let values: [Int]

  init?(argument: String) {
    guard let values = integers(argument), values.allSatisfy({ $0 >= 1 && $0 < 1 << 40 }) else {
      return nil
    }
    self.values = values
  }
}

/// One whole number for each axis, which may be negative, such as `0,-1`.
struct Offsets: ExplainedArgument, Sendable {
  static let expected = "one to three whole numbers, such as 0,-1"

  let values: [Int]

  init?(argument: String) {
    guard let values = integers(argument), values.allSatisfy({ $0.magnitude < 1 << 40 }) else {
      return nil
    }
    self.values = values
  }
}

/// The first and the last of some lags, such as `-16,16`.
struct LagRange: ExplainedArgument, Sendable {
  static let expected = "two whole numbers, the smaller one first, such as -16,16"

  let range: ClosedRange<Int>

  init?(argument: String) {
    guard let bounds = integers(argument), bounds.count == 2, bounds[0] <= bounds[1],
      bounds.allSatisfy({ $0.magnitude < 1 << 40 })
    else { return nil }
    range = bounds[0]...bounds[1]
  }
}

/// The lags that are wanted along each axis, such as `-5:5,-8:8`.
struct LagRanges: ExplainedArgument, Sendable {
  static let expected =
    "one to three ranges of whole numbers, the smaller one first, such as -5:5 or -5:5,-8:8"

  let ranges: [ClosedRange<Int>]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    let ranges = parts.compactMap { Self.range($0) }
    guard ranges.count == parts.count, ranges.count <= 3 else { return nil }
    self.ranges = ranges
  }

  private static func range(_ text: Substring) -> ClosedRange<Int>? {
    let bounds = text.split(separator: ":", omittingEmptySubsequences: false).compactMap {
      Int($0.trimmed)
    }
    guard bounds.count == 2, text.count(where: { $0 == ":" }) == 1, bounds[0] <= bounds[1],
      bounds.allSatisfy({ $0.magnitude < 1 << 40 })
    else { return nil }
    return bounds[0]...bounds[1]
  }

  /// One range for each of some axes; nil if there are neither as many nor one for all.
  func ranges(axes: Int) -> [ClosedRange<Int>]? {
    if ranges.count == axes { return ranges }
    return ranges.count == 1 ? Array(repeating: ranges[0], count: axes) : nil
  }
}

/// One number for each axis, such as `1.5,-2`.
struct Numbers: ExplainedArgument, Sendable {
  static let expected = "one to three numbers, such as 1.5,-2"

  let values: [Double]

  init?(argument: String) {
    guard let values = numbers(argument) else { return nil }
    self.values = values
  }
}

/// One to three whole numbers between commas.
func integers(_ text: some StringProtocol) -> [Int]? {
  let parts = text.split(separator: ",", omittingEmptySubsequences: false)
  let values = parts.compactMap { Int($0.trimmed) }
  return values.count == parts.count && values.count <= 3 ? values : nil
}

/// Finite numbers between commas: one, or more up to a limit.
func numbers(_ text: some StringProtocol, atMost limit: Int = 3) -> [Double]? {
  let parts = text.split(separator: ",", omittingEmptySubsequences: false)
  let values = parts.compactMap { Double($0.trimmed) }.filter(\.isFinite)
  return values.count == parts.count && values.count <= limit ? values : nil
}

extension StringProtocol {
  fileprivate var trimmed: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
