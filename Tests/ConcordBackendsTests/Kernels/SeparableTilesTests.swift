import ConcordBackends
import ConcordTestSupport
import Testing

@Suite("Passes along the axes")
struct SeparableTilesTests {
  @Test("Agree with the textbook loops at every edge of register blocks and chunks")
  func blocks() {
    SeparableCheck.run(Float.self)
    SeparableCheck.run(Double.self)
  }

  @Test("Say whether every output is finite")
  func finiteness() {
    let taps = SharedBuffer<Float>([1, 2, 1])
    for (spot, isFinite) in [(nil, true), (0, false), (2 * 40 + 39, false), (4 * 40 + 17, false)] {
      var image = SharedBuffer<Float>(repeating: 1, count: 5 * 40)
      if let spot { image[spot] = .infinity }
      let output = Extents(1, 5, 40)
      var out = SharedBuffer<Float>(dirty: output.count)
      let tiles = SeparableTiles(terms: [[SharedBuffer([1]), taps, taps]], output: output)
      let found = tiles.correlate(
        image, extents: output, offset: Extents(0, -1, -1), edges: Extension(.replicate), shift: 0,
        threads: 1, into: &out)
      #expect(found == isFinite)
    }
  }
}

/// Sizes around those of vectors, blocks, strips and chunks, for whatever instruction set is in use.
enum SeparableCheck {
  static func run<Scalar: BackendScalar>(_ scalar: Scalar.Type) {
    for columns in [1, 3, 15, 16, 17, 33, 48, 49, 95, 97] {
      for rows in [1, 4, 5, 18] {
        check(scalar, output: Extents(1, rows, columns), kernel: Extents(1, 3, 4), terms: 1)
      }
    }
    // Taps are summed in groups of 128.
    for kernel in [Extents(1, 1, 130), Extents(1, 130, 1), Extents(1, 129, 2), Extents(1, 40, 9)] {
      check(scalar, output: Extents(1, 21, 50), kernel: kernel, terms: 2)
    }
    check(scalar, output: Extents(3, 9, 35), kernel: Extents(1, 4, 3), terms: 3)
    for kernel in [Extents(3, 4, 5), Extents(6, 1, 3), Extents(2, 3, 1), Extents(131, 1, 1)] {
      check(scalar, output: Extents(9, 18, 35), kernel: kernel, terms: 2)
    }
  }

  private static func check<Scalar: BackendScalar>(
    _ scalar: Scalar.Type, output: Extents, kernel: Extents, terms: Int
  ) {
    var random = SplitMix64(seed: 14)
    let extents = Extents { output[$0] + kernel[$0] - 1 }
    let image = random.numbers(extents.count)
    let factors = (0..<terms).map { _ in (0..<3).map { random.numbers(kernel[$0]) } }
    let tiles = SeparableTiles<Scalar>(
      terms: factors.map { $0.map { SharedBuffer(values: $0) } }, output: output)
    var found = SharedBuffer<Scalar>(dirty: output.count)
    let shift = 0.25
    let isFinite = tiles.correlate(
      SharedBuffer(values: image), extents: extents, offset: Extents(0, 0, 0),
      edges: Extension(.constant), shift: Scalar(shift), threads: 2, into: &found)
    #expect(isFinite)
    var taps: [(offset: Int, weight: Double)] = []
    for t in positions(in: kernel) {
      let weight = factors.reduce(0.0) { $0 + $1[0][t.planes] * $1[1][t.rows] * $1[2][t.columns] }
      taps.append((offset(t, in: extents), weight))
    }
    let expected = positions(in: output).map { p in
      let start = offset(p, in: extents)
      return taps.reduce(0.0) { $0 + $1.weight * (image[start + $1.offset] - shift) }
    }
    #expect(
      relativeL2Error(found.values, expected) < bound(scalar),
      "\(scalar) \(output), \(kernel), \(instructionSet)")
  }
}
