import ConcordArrays
import Foundation
import Testing

/// The drawings of Boundary's documentation, read from its source and built.
@Suite("The drawings of the boundary rules")
struct BoundaryDrawingTests {
  /// A line such as `symmetric     cddcba|abcd|dcbaab`, in words.
  struct Drawing {
    let name: String
    let text: String
  }

  let drawings: [Drawing]

  init() throws {
    let package = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let source = try String(
      contentsOf: package.appending(path: "Sources/ConcordArrays/Boundaries/Boundary.swift"),
      encoding: .utf8)
    drawings = source.split(separator: "\n").compactMap { line in
      guard line.hasPrefix("///     "), line.contains("|abcd|") else { return nil }
      let words = line.dropFirst(3).split(separator: " ")
      return Drawing(name: String(words[0]), text: String(words[1]))
    }
  }

  private func boundary(_ name: String) throws -> Boundary {
    let k = Double(try #require("k".utf8.first))
    return name == "constant(k)" ? .constant(k) : try #require(Boundary(name), "\(name)")
  }

  @Test("There is one drawing for each rule")
  func complete() {
    #expect(
      drawings.map(\.name) == [
        "constant(k)", "replicate", "symmetric", "reflect", "wrap", "renormalize",
      ])
  }

  @Test("Padding abcd by 6 gives what is drawn, as bytes and as numbers")
  func padding() throws {
    let bytes = Signal<UInt8>(Array("abcd".utf8))
    for drawing in drawings where drawing.name != "renormalize" {
      let expected = drawing.text.filter { $0 != "|" }
      let rule = try boundary(drawing.name)
      let padded = try bytes.padded(by: [6], boundary: rule)
      #expect(String(decoding: padded.elements, as: UTF8.self) == expected, "\(drawing.name)")
      let floats = try bytes.widened().padded(by: [6], boundary: rule)
      #expect(floats == padded.widened(), "\(drawing.name)")
      let doubles = try bytes.converted(to: Double.self).padded(by: [6], boundary: rule)
      #expect(doubles == padded.converted(to: Double.self), "\(drawing.name)")
    }
  }

  @Test("Renormalize draws nothing outside, and padding refuses it")
  func renormalize() throws {
    let drawing = try #require(drawings.last)
    #expect(drawing.text == "------|abcd|------")
    let rule = try boundary(drawing.name)
    for axis in [0, 1] {
      let amount = Shape<1>(count: axis)
      #expect(throws: ConcordError.self) {
        try Signal<Float>([1]).padded(by: amount, boundary: rule)
      }
      #expect(throws: ConcordError.self) {
        try Signal<Bool>([true]).padded(by: amount, boundary: rule)
      }
    }
  }

  @Test("A rule's printed name is read back")
  func names() {
    let rules: [Boundary] = [
      .zero, .constant(-2.5), .replicate, .symmetric, .reflect, .wrap, .renormalize,
    ]
    for rule in rules { #expect(Boundary(rule.description) == rule) }
    #expect(Boundary("constant:7") == .constant(7))
    #expect(Boundary.zero.description == "zero")
    for name in ["", "mirror", "constant:", "constant:x", "Wrap"] { #expect(Boundary(name) == nil) }
  }
}
