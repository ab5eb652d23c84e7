import ConcordBackends
import ConcordTestSupport
import NaiveReference
import Testing

@Suite("Gathering by a boundary rule")
struct GatherTests {
  static let rules: [(Extension, NaiveBoundary)] = [
    (Extension(.constant, value: 2.5), .constant(2.5)), (Extension(.replicate), .replicate),
    (Extension(.symmetric), .symmetric), (Extension(.reflect), .reflect),
    (Extension(.wrap), .wrap),
  ]

  @Test("Indices far outside, for extents from 1", arguments: rules)
  func indices(rule: Extension, naive: NaiveBoundary) {
    for extent in [1, 2, 3, 4, 7] {
      for index in -50...50 {
        #expect(
          rule.index(index, extent: extent) == naive.index(index, extent: extent),
          "\(index) of \(extent)")
      }
    }
  }

  @Test("Blocks that begin and end far outside", arguments: rules)
  func blocks(rule: Extension, naive: NaiveBoundary) {
    check(Float.self, rule, naive)
    check(Double.self, rule, naive)
  }

  private func check<Scalar: BackendScalar>(
    _ scalar: Scalar.Type, _ rule: Extension, _ naive: NaiveBoundary
  ) {
    var random = SplitMix64(seed: 15)
    for extents in [Extents(1, 1, 1), Extents(1, 2, 5), Extents(3, 2, 4), Extents(2, 1, 1)] {
      let values = random.numbers(extents.count)
      let source = SharedBuffer<Scalar>(values: values)
      for (origin, count) in [
        (Extents(0, 0, 0), extents), (Extents(-1, -2, -3), Extents(4, 5, 9)),
        (Extents(-7, -9, -20), Extents(2, 3, 5)), (Extents(5, 6, 13), Extents(2, 2, 7)),
        (Extents(0, 1, 1), Extents(1, 1, 2)), (Extents(-3, -5, -17), Extents(7, 11, 40)),
      ] {
        let expected = positions(in: count).map { position -> Double in
          let at = (0..<3).map {
            naive.index(origin[$0] + position[$0], extent: extents[$0])
          }
          guard let plane = at[0], let row = at[1], let column = at[2] else { return 2.5 }
          return values[offset(Extents(plane, row, column), in: extents)]
        }
        var out = SharedBuffer<Scalar>(dirty: count.count)
        var target = out.mutableSpan
        scalar.gather(
          from: source.span, extents: extents, origin: origin, count: count, extension: rule,
          into: &target)
        #expect(out.values == expected, "\(scalar) \(extents) from \(origin), \(count)")
      }
    }
  }
}
