import ConcordBench
import Testing

struct NamePatternTests {
  @Test(arguments: [
    ("*", "anything", true), ("dense-*-k15-*", "dense-2048-k15-f32-zero", true),
    ("dense-*-k15-*", "dense-2048-k150-f32", false), ("box-?", "box-3", true),
    ("box-?", "box-31", false), ("box", "box-3", false), ("*zero", "dense-zero", true),
    ("", "", true), ("", "a", false),
  ])
  func patterns(_ pattern: String, _ name: String, _ fits: Bool) {
    #expect(NamePattern(pattern).matches(name) == fits)
  }

  @Test func namesOfCasesAreDistinct() {
    let names = CaseCatalogue.all.map(\.name)
    #expect(Set(names).count == names.count)
  }
}
