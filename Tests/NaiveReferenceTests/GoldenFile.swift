import Foundation
import NaiveReference
import Testing

/// What the peers answer on small inputs, as Fixtures/make-golden.py wrote it down.
struct GoldenFile {
  let lines: [String]
  private var arrays: [String: NaiveArray] = [:]

  init() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/golden.txt")
    lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
    for line in lines where line.hasPrefix("array ") {
      let words = Self.words(line)
      arrays[words[1]] = Self.array(words[2], words[3])
    }
  }

  /// The lines that begin with a word, in words, without the remark at the end.
  func cases(_ kind: String) -> [[String]] {
    lines.map(Self.words).filter { $0.first == kind }
  }

  func array(_ name: String) throws -> NaiveArray {
    try #require(arrays[name], "the fixture holds no array \(name)")
  }

  func complexArray(_ name: String) throws -> NaiveComplexArray {
    NaiveComplexArray(real: try array(name + "re"), imaginary: try array(name + "im"))
  }

  static func array(_ shape: String, _ values: String) -> NaiveArray {
    NaiveArray(shape: integers(shape), values: values.split(separator: ",").compactMap(number))
  }

  static func integers(_ text: some StringProtocol) -> [Int] {
    text.split(separator: ",").compactMap { Int($0) }
  }

  static func boundary(_ name: String) throws -> NaiveBoundary {
    switch name {
    case "zero": return .zero
    case "replicate": return .replicate
    case "symmetric": return .symmetric
    case "reflect": return .reflect
    case "wrap": return .wrap
    case "renormalize": return .renormalize
    default:
      return .constant(try #require(Double(name.dropFirst("constant:".count)), "\(name)"))
    }
  }

  static func centring(_ name: String) throws -> NaiveCentring {
    switch name {
    case "scipy": return .scipy
    case "correlate2d": return .correlate2d
    case "opencv": return .opencv
    default:
      try #require(name.hasPrefix("ndimage:"))
      return .ndimage(origin: integers(name.dropFirst("ndimage:".count)))
    }
  }

  static func filter(_ words: ArraySlice<String>) throws -> NaiveFilter {
    let words = Array(words)
    return NaiveFilter(
      try kind(words[0]), mode: try mode(words[1]), boundary: try boundary(words[2]),
      centring: try centring(words[3]))
  }

  static func kind(_ name: String) throws -> NaiveKind {
    try #require(NaiveKind.allCases.first { "\($0)" == name })
  }

  static func mode(_ name: String) throws -> NaiveMode {
    try #require(NaiveMode.allCases.first { "\($0)" == name })
  }

  private static func words(_ line: String) -> [String] {
    line.prefix { $0 != "#" }.split(separator: " ").map(String.init)
  }

  private static func number(_ text: Substring) -> Double? {
    Double(text)
  }
}

/// Whether two arrays have one shape and agree to rounding; NaN agrees with NaN.
func agree(_ first: NaiveArray, _ second: NaiveArray, tolerance: Double = 1e-12) -> Bool {
  guard first.shape == second.shape else { return false }
  return zip(first.values, second.values).allSatisfy { a, b in
    a.isNaN && b.isNaN || abs(a - b) <= tolerance * max(1, abs(b))
  }
}
