import ConcordArrays
import ConcordMatching
import ConcordTestSupport
import Testing

@Suite("Duplicate blocks")
struct DuplicateTests {
  @Test("Pairs are those of the definition, in every rank")
  func definition() throws {
    var random = SplitMix64(seed: 0xd0b)
    for _ in 0..<4 {
      try check(random.shape(extents: 20...60) as Shape<1>, Shape(count: 5), &random)
      try check(
        random.shape(extents: 10...20) as Shape<2>, Shape(rows: 4, columns: 3), &random)
      try check(
        random.shape(extents: 5...9) as Shape<3>, Shape(planes: 2, rows: 3, columns: 2),
        &random)
    }
  }

  private func check<let rank: Int>(
    _ shape: Shape<rank>, _ block: Shape<rank>, _ random: inout SplitMix64
  ) throws {
    // Some blocks are flat, some hold NaN.
    let values = NDArray<rank, Float>(shape: shape) { _ in
      random.uniform() < 0.01 ? .nan : Float(random.integer(in: 0...3) / 2)
    }
    var options = BlockOptions()
    // No coefficient of so few small integers is this one.
    options.threshold = 0.493_713
    options.count = .max
    options.step = (0..<rank).map { _ in random.integer(in: 1...3) }
    for overlapping in [false, true] {
      options.comparesOverlapping = overlapping
      let found = try values.duplicateBlocks(of: block, options)
      let expected = naivePairs(values, block, options)
      #expect(found.pairs.count == expected.count, "\(random)")
      for (pair, other) in zip(found.pairs, expected) {
        #expect(abs(pair.score - other) < 1e-12)
      }
      let scores = found.pairs.map { $0.score }
      #expect(scores == scores.sorted(by: >))
    }
  }

  @Test("Copies of blocks are found, in another light, in order and bounded")
  func copies() throws {
    var random = SplitMix64(seed: 0x30)
    var image: Image<Float> = random.array([96, 128], in: 0...1)
    func copy(_ from: (Int, Int), _ to: (Int, Int), gain: Float, noise: Float) {
      for row in 0..<16 {
        for column in 0..<16 {
          let value = image[from.0 + row, from.1 + column]
          image[to.0 + row, to.1 + column] =
            gain * value + 20 + noise * Float(random.uniform())
        }
      }
    }
    copy((0, 16), (48, 64), gain: 3, noise: 0)
    copy((16, 0), (80, 112), gain: 0.5, noise: 0.05)
    let found = try image.duplicateBlocks(of: [16, 16])
    #expect(found.blockCount == 48 && found.leftOut == 0)
    #expect(found.pairs.count == 2)
    #expect(found.pairs[0].first == [0, 16] && found.pairs[0].second == [48, 64])
    #expect(abs(found.pairs[0].score - 1) < 1e-10)
    #expect(found.pairs[1].first == [16, 0] && found.pairs[1].second == [80, 112])
    var options = BlockOptions()
    options.count = 1
    #expect(try image.duplicateBlocks(of: [16, 16], options).pairs == [found.pairs[0]])
    options.count = 50
    options.threshold = -1
    options.step = [2, 2]
    let all = try image.duplicateBlocks(of: [16, 16], options).pairs
    #expect(all.count == 50 && all[0] == found.pairs[0])
    // More blocks than a strip holds, whatever the threads.
    options.threads = 1
    #expect(try image.duplicateBlocks(of: [16, 16], options).pairs == all)
  }

  @Test("What can't be is refused")
  func errors() throws {
    let image = Image<Float>(shape: [8, 8], repeating: 1)
    #expect(throws: ConcordError.self) { try image.duplicateBlocks(of: [9, 2]) }
    #expect(throws: ConcordError.self) { try image.duplicateBlocks(of: [0, 2]) }
    var options = BlockOptions()
    options.step = [1]
    #expect(throws: ConcordError.self) { try image.duplicateBlocks(of: [2, 2], options) }
    options.step = [1, 0]
    #expect(throws: ConcordError.self) { try image.duplicateBlocks(of: [2, 2], options) }
    let flat = try image.duplicateBlocks(of: [2, 2])
    #expect(flat.pairs.isEmpty && flat.leftOut == 16 && flat.blockCount == 0)
  }
}

/// The scores of all pairs by the definition, best first.
private func naivePairs<let rank: Int>(
  _ values: NDArray<rank, Float>, _ block: Shape<rank>, _ options: BlockOptions
) -> [Double] {
  let shape = values.shape.components
  let corners = values.elements.indices.map { values.shape.position(ofIndex: $0) }.filter { place in
    (0..<rank).allSatisfy {
      place[$0] % options.step[$0] == 0 && place[$0] + block[$0] <= shape[$0]
    }
  }
  let blocks = corners.map { corner -> [Double]? in
    var elements: [Double] = []
    for index in 0..<block.count {
      let offset = block.position(ofIndex: index)
      elements.append(Double(values[Position { corner[$0] + offset[$0] }]))
    }
    let mean = elements.reduce(0, +) / Double(elements.count)
    let deviations = elements.map { $0 - mean }
    let norm = deviations.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return norm > 1e-9 ? deviations.map { $0 / norm } : nil
  }
  var scores: [Double] = []
  for (index, first) in blocks.enumerated() {
    for (other, second) in blocks[..<index].enumerated() {
      guard let first, let second else { continue }
      let overlaps = (0..<rank).allSatisfy {
        abs(corners[index][$0] - corners[other][$0]) < block[$0]
      }
      if overlaps && !options.comparesOverlapping { continue }
      let score = zip(first, second).reduce(0) { $0 + $1.0 * $1.1 }
      if score >= options.threshold - 1e-12 { scores.append(score) }
    }
  }
  return scores.sorted(by: >)
}
