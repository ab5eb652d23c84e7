import ConcordArrays
import ConcordFiltering
import ConcordTestSupport
import Testing

@Suite("Integral images")
struct IntegralImageTests {
  @Test("Begin with zeros and are one row and column longer")
  func small() throws {
    let image = try Image<Float>(rows: [[1, 2, 3], [4, 5, 6]])
    let integral = try image.integralImage()
    #expect(integral.sums.shape == [3, 4])
    #expect(integral.sums.elements == [0, 0, 0, 0, 0, 1, 3, 6, 0, 5, 12, 21])
    #expect(integral.imageShape == [2, 3])
    #expect(try integral.sum(0..<2, 1..<3) == 16)
    #expect(try integral.mean(1..<2, 0..<3) == 5)
    #expect(try integral.sum(1..<1, 0..<3) == 0)
    #expect(try Signal<Double>([2, 3, 4]).integralImage().sums.elements == [0, 2, 5, 9])
  }

  @Test("Sum every box of arrays of every rank exactly, for any number of threads")
  func boxes() throws {
    var random = SplitMix64(seed: 2)
    for shape: Shape<3> in [[1, 1, 1], [3, 4, 5], [6, 1, 7], [2, 9, 1]] {
      let volume = Volume<Float>(shape: shape) { _ in Float(random.integer(in: -99...99)) }
      let integral = try volume.integralImage(threads: 3)
      #expect(try integral.sums.elements == volume.integralImage(threads: 1).sums.elements)
      let plane = try volume.plane(0).copied()
      let flat = try plane.integralImage()
      for _ in 0..<200 {
        let ranges = (0..<3).map { axis in
          let ends = [0, 0].map { _ in random.integer(in: 0...shape[axis]) }.sorted()
          return ends[0]..<ends[1]
        }
        func isInside(_ p: Position<3>) -> Bool {
          (0..<3).allSatisfy { ranges[$0].contains(p[$0]) }
        }
        let expected = shape.positions.reduce(0.0) { isInside($1) ? $0 + Double(volume[$1]) : $0 }
        #expect(try integral.sum(over: ranges) == expected)
        let rectangle = plane.shape.positions.reduce(0.0) { sum, p in
          ranges[1].contains(p.row) && ranges[2].contains(p.column) ? sum + Double(plane[p]) : sum
        }
        #expect(try flat.sum(ranges[1], ranges[2]) == rectangle)
      }
    }
  }

  @Test("Accumulate Floats in Double")
  func precision() throws {
    let image = Image<Float>(shape: [300, 400], repeating: 16_777_217.0 / 3)
    let expected = Double(image[0, 0]) * 120_000
    #expect(try image.integralImage().sum(0..<300, 0..<400) == expected)
  }

  @Test("Refuse boxes that reach outside")
  func refusals() throws {
    let integral = try Image<Float>(shape: [2, 3], repeating: 1).integralImage()
    #expect(throws: ConcordError.outside(region: [0..<3, 0..<1], shape: [2, 3])) {
      try integral.sum(0..<3, 0..<1)
    }
    #expect(throws: ConcordError.outside(region: [-1..<1, 0..<1], shape: [2, 3])) {
      try integral.sum(-1..<1, 0..<1)
    }
    #expect(throws: ConcordError.elementCount(expected: 2, found: 1)) { try integral.mean(0..<1) }
    #expect(throws: ConcordError.self) {
      try Image<Float>(shape: [0, 3], repeating: 0).integralImage()
    }
  }
}
