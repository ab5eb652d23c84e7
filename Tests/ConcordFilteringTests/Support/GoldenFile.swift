import ConcordArrays
import Foundation
import NaiveReference
import Testing

/// What the peers answer on small inputs, as Fixtures/make-golden.py wrote it down.
struct GoldenFile {
  private struct Entry {
    let words: [String]
    let array: NaiveArray
  }

  private var entries: [Entry] = []

  init() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Fixtures/golden.txt")
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
      let words = line.split(separator: " ")
      let shape = words[1].split(separator: ",").compactMap { Int($0) }
      let values = words[2].split(separator: ",").compactMap { Double($0) }
      entries.append(
        Entry(
          words: words[0].split(separator: "|").map(String.init),
          array: NaiveArray(shape: shape, values: values)))
    }
  }

  /// The cases of a kind: their remaining words and what is expected.
  func cases(_ kind: String) -> [(words: [String], expected: NaiveArray)] {
    var found: [(words: [String], expected: NaiveArray)] = []
    for entry in entries where entry.words.count > 1 && entry.words[0] == kind {
      found.append((Array(entry.words.dropFirst()), entry.array))
    }
    return found
  }

  func image(_ name: String) throws -> Image<Double> {
    let entry = try #require(entries.first { $0.words == [name] }, "no array \(name)")
    return try Image(
      shape: Shape(rows: entry.array.shape[0], columns: entry.array.shape[1]),
      elements: entry.array.values)
  }

  static func numbers(_ text: String) -> [Double] {
    text.split(separator: ";").compactMap { Double($0) }
  }

  static func integers(_ text: String) -> [Int] {
    text.split(separator: ";").compactMap { Int($0) }
  }
}
