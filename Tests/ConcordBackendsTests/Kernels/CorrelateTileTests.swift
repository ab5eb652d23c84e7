import ConcordBackends
import ConcordTestSupport
import Testing

@Suite("The direct correlation of a tile")
struct CorrelateTileTests {
  @Test("Agrees with the textbook loops at every edge of its register blocks")
  func blocks() {
    TileCheck.run(Float.self)
    TileCheck.run(Double.self)
  }

  @Test("Doesn't depend on where a tile is cut")
  func cuts() {
    var random = SplitMix64(seed: 12)
    let kernel = Extents(1, 3, 5)
    let source = SharedBuffer<Float>(values: random.numbers(15 * 124))
    let weights = SharedBuffer<Float>(values: random.numbers(15))
    var whole = SharedBuffer<Float>(dirty: 13 * 120)
    var out = whole.mutableSpan
    Float.correlate(
      Tile(out: Extents(1, 13, 120), kernel: kernel), source: source.span,
      weights: weights.span, into: &out)
    for row in 0..<13 {
      // One row alone, which other blocks of registers compute.
      let part = SharedBuffer<Float>(
        Array(
          source.values[(row * 124)..<((row + 3) * 124)].map {
            Float($0)
          }))
      var alone = SharedBuffer<Float>(dirty: 120)
      var span = alone.mutableSpan
      Float.correlate(
        Tile(out: Extents(1, 1, 120), kernel: kernel), source: part.span,
        weights: weights.span, into: &span)
      #expect(alone.values == Array(whole.values[(row * 120)..<((row + 1) * 120)]), "\(row)")
    }
  }
}

/// Tiles of many sizes, for whatever instruction set is in use.
enum TileCheck {
  /// Around multiples of each instruction set's vectors, in Float and in Double.
  private static let widths = [1, 2, 4, 7, 8, 15, 16, 17, 31, 32, 33, 47, 48, 49, 95, 96, 97]

  static func run<Scalar: BackendScalar>(_ scalar: Scalar.Type) {
    for width in widths {
      for rows in [1, 3, 4, 5, 9] {
        check(scalar, out: Extents(1, rows, width), kernel: Extents(1, 3, 4))
      }
    }
    // Taps are summed in groups of 128, along and across rows.
    for kernel in [
      Extents(1, 1, 1), Extents(1, 1, 127), Extents(1, 1, 130), Extents(1, 2, 129),
      Extents(1, 30, 9), Extents(1, 5, 1), Extents(2, 3, 3), Extents(3, 1, 2),
    ] {
      check(scalar, out: Extents(1, 5, 49), kernel: kernel)
    }
    check(scalar, out: Extents(3, 5, 18), kernel: Extents(2, 3, 3))
  }

  private static func check<Scalar: BackendScalar>(
    _ scalar: Scalar.Type, out: Extents, kernel: Extents
  ) {
    var random = SplitMix64(seed: 13)
    let tile = Tile(out: out, kernel: kernel)
    let source = random.numbers(tile.source.count)
    let weights = random.numbers(kernel.count)
    // NaN behind the source would show in the sums, and what lies behind the result must stay.
    let guarded = SharedBuffer<Scalar>(values: source + [Double](repeating: .nan, count: 64))
    let taps = SharedBuffer<Scalar>(values: weights)
    var found = SharedBuffer<Scalar>(repeating: 77, count: out.count + 64)
    var span = found.mutableSpan
    scalar.correlate(tile, source: guarded.span, weights: taps.span, into: &span)
    let values = found.values
    #expect(values.suffix(64).allSatisfy { $0 == 77 }, "\(scalar) \(out), \(kernel)")
    #expect(
      relativeL2Error(Array(values.prefix(out.count)), sums(tile, source, weights))
        < bound(scalar), "\(scalar) \(out), \(kernel), \(instructionSet)")
  }

  private static func sums(_ tile: Tile, _ source: [Double], _ weights: [Double]) -> [Double] {
    let from = tile.source
    var taps: [Int] = []
    for t in positions(in: tile.kernel) { taps.append(offset(t, in: from)) }
    return positions(in: tile.out).map { p in
      let start = offset(p, in: from)
      var sum = 0.0
      for tap in taps.indices { sum += weights[tap] * source[start + taps[tap]] }
      return sum
    }
  }
}
