import ConcordArrays
import Testing

@Suite("Error messages")
struct ConcordErrorTests {
  private static let messages: [(ConcordError, String)] = [
    (.shapesDiffer(expected: [2, 3], found: [3, 2]), "expected 2 × 3, found 3 × 2"),
    (.elementCount(expected: 6, found: 5), "expected 6 elements, found 5"),
    (.empty(what: "the image"), "the image is empty"),
    (.rowLengthsDiffer(expected: 4, found: 3), "expected rows of 4 elements, found 3"),
    (.validNeedsDominance(image: [2, 5], kernel: [5, 2]), "found 2 × 5 and 5 × 2"),
    (.exceeds(what: "window", extents: [9], limit: [4]), "at most 4, found 9"),
    (.outside(region: [1..<9], shape: [4]), "region [1..<9] expected inside 4"),
    (.outOfRange(what: "sigma", found: -1, allowed: "above 0"), "sigma: expected above 0"),
    (.anchorOutsideKernel(anchor: [3, 0], kernel: [3, 3]), "inside 3 × 3, found (3, 0)"),
    (.weightsSumToZero, "found a sum of 0"),
    (
      .boundaryCannotServe(boundary: .renormalize, why: "no elements"),
      "boundary 'renormalize' cannot serve here: no elements"
    ),
    (.flatTemplate, "the template is flat"),
    (.templateNotFinite, "NaN or infinity"),
    (.algorithmCannotServe(algorithm: "box", why: "weights differ"), "'box' cannot serve"),
    (.memoryLimit(needed: 10, limit: 5), "at most 5 bytes, found a need of 10"),
    (.file(path: "a.npy", problem: "truncated"), "a.npy: truncated"),
    (.expression(text: "a*", problem: "ends early"), "expression 'a*': ends early"),
  ]

  @Test("Each error is one line that names what was found", arguments: messages)
  func message(error: ConcordError, part: String) {
    #expect(error.description.contains(part), "\(error)")
    #expect(!error.description.contains("\n"))
  }
}
