import ComplexModule
import ConcordArrays
import ConcordTestSupport
import Testing

@Suite("Transposes, rotations and mirrors")
struct ReorientationTests {
  @Test("Rows become columns")
  func transpose() throws {
    let image = try Image<UInt8>(rows: [[1, 2, 3], [4, 5, 6]])
    #expect(image.transposed() == (try Image(rows: [[1, 4], [2, 5], [3, 6]])))
  }

  @Test("A quarter turn is counterclockwise, and turns add up")
  func rotation() throws {
    let image = try Image<UInt8>(rows: [[1, 2, 3], [4, 5, 6]])
    let once = try Image<UInt8>(rows: [[3, 6], [2, 5], [1, 4]])
    #expect(image.rotated(quarterTurns: 1) == once)
    #expect(image.rotated(quarterTurns: -3) == once)
    #expect(image.rotated(quarterTurns: 5) == once)
    #expect(image.rotated(quarterTurns: 2) == (try Image(rows: [[6, 5, 4], [3, 2, 1]])))
    #expect(image.rotated(quarterTurns: 3) == (try Image(rows: [[4, 1], [5, 2], [6, 3]])))
    #expect(image.rotated(quarterTurns: -1) == image.rotated(quarterTurns: 3))
    #expect(shareMemory(image.rotated(quarterTurns: 8), image))
  }

  @Test("A mirror reverses one axis")
  func flip() throws {
    let image = try Image<Float>(rows: [[1, 2, 3], [4, 5, 6]])
    #expect(try image.flipped(along: 0) == Image(rows: [[4, 5, 6], [1, 2, 3]]))
    #expect(try image.flipped(along: 1) == Image(rows: [[3, 2, 1], [6, 5, 4]]))
    #expect(image.reversed() == (try Image(rows: [[6, 5, 4], [3, 2, 1]])))
    #expect(Signal<Bool>([true, false, false]).reversed().elements == [false, false, true])
    for axis in [-1, 2] {
      let refused = ConcordError.outOfRange(
        what: "axis", found: Double(axis), allowed: "0 to 1")
      #expect(throws: refused) { try image.flipped(along: axis) }
    }
  }

  @Test("Every order of a volume's axes moves each element to its place")
  func axes() throws {
    let volume = Volume<Int32>(shape: [2, 3, 4]) { Int32(100 * $0[0] + 10 * $0[1] + $0[2]) }
    for axes in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
      let turned = try volume.transposed(axes: axes)
      #expect(turned.shape.components == axes.map { volume.shape[$0] })
      let expected = Volume<Int32>(shape: turned.shape) { position in
        var source = position
        for (index, axis) in axes.enumerated() { source[axis] = position[index] }
        return volume[source]
      }
      #expect(turned == expected, "\(axes)")
    }
    #expect(throws: ConcordError.elementCount(expected: 3, found: 2)) {
      try volume.transposed(axes: [0, 1])
    }
    for axes in [[0, 0, 1], [1, 2, 3]] {
      #expect(throws: ConcordError.self) { try volume.transposed(axes: axes) }
    }
  }

  @Test("Larger than a tile: transposing and turning come back", arguments: 1...6)
  func random(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let image: Image<Double> = random.array(random.shape(extents: 1...70))
    let transposed = image.transposed()
    #expect(transposed.transposed() == image, "\(random)")
    let row = random.integer(in: 0...(image.rows - 1))
    let column = random.integer(in: 0...(image.columns - 1))
    #expect(transposed[column, row] == image[row, column], "\(random)")
    // A quarter turn is a transpose with its rows reversed.
    #expect(image.rotated(quarterTurns: 1) == (try transposed.flipped(along: 0)), "\(random)")
    let turned = image.rotated(quarterTurns: 1).rotated(quarterTurns: 1)
    #expect(turned == image.rotated(quarterTurns: 2), "\(random)")
    #expect(turned.rotated(quarterTurns: 3).rotated(quarterTurns: -1) == image, "\(random)")
    let both = try image.flipped(along: 0).flipped(along: 1)
    #expect(both == image.reversed(), "\(random)")
  }

  @Test("Arrays without elements keep their shapes' order")
  func empty() {
    let image = Image<Float>(shape: [0, 3], repeating: 0)
    #expect(image.transposed().shape == [3, 0])
    #expect(image.rotated(quarterTurns: 3).shape == [3, 0])
    #expect(image.reversed().shape == [0, 3])
  }
}
