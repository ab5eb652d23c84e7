import NaiveReference
import Testing

@Suite("Boundary extension of the oracle")
struct BoundaryTests {
  /// What each rule puts round `abcd`, drawn by hand, three periods far.
  private static let drawings: [(NaiveBoundary, String)] = [
    (.constant(107), "kkkkkkkkkkkkk|abcd|kkkkkkkkkkkkk"),
    (.replicate, "aaaaaaaaaaaaa|abcd|ddddddddddddd"),
    (.symmetric, "ddcbaabcddcba|abcd|dcbaabcddcbaa"),
    (.reflect, "babcdcbabcdcb|abcd|cbabcdcbabcdc"),
    (.wrap, "dabcdabcdabcd|abcd|abcdabcdabcda"),
  ]

  @Test("abcd goes on as drawn", arguments: drawings)
  func drawing(boundary: NaiveBoundary, drawing: String) {
    let abcd = NaiveArray("abcd".utf8.map { Double($0) })
    let extended = abcd.extended(before: [13], after: [13], boundary: boundary)
    let text = String(decoding: extended.values.map { UInt8($0) }, as: UTF8.self)
    #expect(text == drawing.filter { $0 != "|" })
  }

  @Test("A single element goes on as itself")
  func singleElement() {
    for boundary in [NaiveBoundary.replicate, .symmetric, .reflect, .wrap] {
      for index in -5...5 { #expect(boundary.index(index, extent: 1) == 0, "\(boundary)") }
    }
  }

  @Test("Only the constant and renormalize leave places without an element")
  func missingElements() {
    for boundary in NaiveBoundary.all {
      let isMissing = boundary.index(-1, extent: 3) == nil
      #expect(boundary.index(3, extent: 3) == nil ? isMissing : !isMissing)
      #expect(isMissing == [.zero, .constant(2.5), .renormalize].contains(boundary))
      #expect(boundary.index(2, extent: 3) == 2)
    }
  }

  @Test("Axes go on one after the other; a constant fills every corner")
  func axes() {
    let image = NaiveArray(rows: [[1, 2], [3, 4]])
    let wrapped = image.extended(before: [1, 0], after: [0, 1], boundary: .wrap)
    #expect(wrapped == NaiveArray(rows: [[3, 4, 3], [1, 2, 1], [3, 4, 3]]))
    let filled = image.extended(before: [0, 1], after: [1, 0], boundary: .constant(9))
    #expect(filled == NaiveArray(rows: [[9, 1, 2], [9, 3, 4], [9, 9, 9]]))
    let volume = NaiveArray(shape: [2, 1, 2], values: [1, 2, 3, 4])
    let mirrored = volume.extended(before: [1, 0, 0], after: [0, 1, 1], boundary: .symmetric)
    #expect(mirrored.shape == [3, 2, 3])
    #expect(mirrored.values == [1, 2, 2, 1, 2, 2, 1, 2, 2, 1, 2, 2, 3, 4, 4, 3, 4, 4])
  }
}
