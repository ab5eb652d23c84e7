import ConcordArrays
import ConcordBackends
import ConcordFiltering
import ConcordTestSupport
import NaiveReference
import Testing

@Suite("Overlap-save with any tiles agrees with the textbook loops", .standardCosts)
struct TileLayoutTests {
  @Test(
    "Lines", arguments: [([16, 16], 700, 9), ([16, 32], 1400, 500), ([32, 16], 300, 400)])
  func lines(lengths: [Int], image: Int, kernel: Int) throws {
    try check(Shape(count: image), Shape(count: kernel), [1] + lengths)
  }

  @Test(
    "Images",
    arguments: [
      [16, 16], [32, 16], [48, 80], [16, 96], [64, 160], [192, 48], [16, 256], [320, 32],
    ])
  func images(lengths: [Int]) throws {
    try check(Shape(rows: 61, columns: 47), Shape(rows: 6, columns: 9), [1] + lengths)
  }

  @Test(
    "Volumes", arguments: [[1, 16, 16], [2, 16, 32], [3, 16, 16], [5, 32, 16], [8, 16, 48]])
  func volumes(lengths: [Int]) throws {
    try check(
      Shape(planes: 7, rows: 20, columns: 23),
      Shape(planes: min(2, lengths[0]), rows: 4, columns: 3),
      lengths)
  }

  private func check<let rank: Int>(
    _ image: Shape<rank>, _ kernel: Shape<rank>, _ lengths: [Int]
  ) throws {
    var samples = RandomSamples(seed: 0x71)
    let pixels = samples.real(image)
    let signed = samples.real(kernel)
    let positive = samples.real(kernel, in: 0.5...1)
    let layout = TileLayout(lengths: lengths, isLine: rank == 1)
    var mismatches = Mismatches()
    for filter in FilterCase.withoutAnchors {
      let weights = filter.divides ? positive : signed
      guard
        let expected = try? NaiveArray(pixels).filtered(with: NaiveArray(weights), filter.naive)
      else { continue }
      mismatches.note(
        try filter.run(pixels, weights, strategy: .overlapSave(layout)), expected, "\(filter)")
      let double = try filter.run(
        pixels.converted(to: Double.self), weights.converted(to: Double.self),
        strategy: .overlapSave(layout))
      mismatches.note(double, expected, "\(filter)")
    }
    #expect(mismatches.comparisons > 20)
    #expect(mismatches.isEmpty, "\(layout) image \(image), kernel \(kernel): \(mismatches)")
  }
}
