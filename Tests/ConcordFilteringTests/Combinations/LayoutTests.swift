import ConcordArrays
import ConcordFiltering
import ConcordTestSupport
import NaiveReference
import Testing

@Suite("Every layout of a transform agrees with the textbook loops", .standardCosts)
struct LayoutTests {
  @Test("Zero-padded, extended and circular, with fast and with odd lengths")
  func layouts() throws {
    var seen: Set<TransformLayout.Kind> = []
    try check(Shape(count: 12), Shape(count: 5), &seen)
    try check(Shape(count: 9), Shape(count: 14), &seen)
    try check(Shape(rows: 7, columns: 10), Shape(rows: 4, columns: 3), &seen)
    try check(Shape(rows: 5, columns: 4), Shape(rows: 6, columns: 9), &seen)
    try check(
      Shape(planes: 3, rows: 4, columns: 5), Shape(planes: 2, rows: 5, columns: 3), &seen)
    #expect(seen == [.zeroPadded, .extended, .circular])
  }

  private func check<let rank: Int>(
    _ image: Shape<rank>, _ kernel: Shape<rank>, _ seen: inout Set<TransformLayout.Kind>
  ) throws {
    var samples = RandomSamples(seed: 0x1a)
    let pixels = samples.real(image)
    let signed = samples.real(kernel)
    let positive = samples.real(kernel, in: 0.5...1)
    var mismatches = Mismatches()
    for filter in FilterCase.withoutAnchors {
      let weights = filter.divides ? positive : signed
      guard
        let expected = try? NaiveArray(pixels).filtered(with: NaiveArray(weights), filter.naive)
      else { continue }
      for layout in try filter.layouts(image, weights) {
        seen.insert(layout.kind)
        mismatches.note(
          try filter.run(pixels, weights, strategy: .fft(layout)), expected, "\(filter) \(layout)")
        let double = try filter.run(
          pixels.converted(to: Double.self), weights.converted(to: Double.self),
          strategy: .fft(layout))
        mismatches.note(double, expected, "\(filter) \(layout)")
      }
    }
    #expect(mismatches.comparisons > 100)
    #expect(mismatches.isEmpty, "image \(image), kernel \(kernel): \(mismatches)")
  }
}
