import ConcordBackends
import ConcordTestSupport
import Testing

@Suite("The cache of plans")
struct PlanCacheTests {
  @Test("One plan for each description and precision")
  func identity() {
    let description = TransformDescription(.complexForward, lengths: [18], effort: .estimate)
    let first = PlanCache.plan(description, for: Float.self)
    #expect(PlanCache.plan(description, for: Float.self) === first)
    let back = TransformDescription(.complexBackward, lengths: [18], effort: .estimate)
    #expect(PlanCache.plan(back, for: Float.self) !== first)
    #expect(PlanCache.plan(description, for: Double.self).plan.description == description)
  }

  @Test("Many threads make, share and execute plans at once")
  func sharing() async {
    let lengths = [20, 21, 22, 24]
    let results = await withTaskGroup(of: (Int, ObjectIdentifier, [Double]).self) { group in
      for task in 0..<32 {
        group.addTask {
          let length = lengths[task % 4]
          let description = TransformDescription(
            .complexForward, lengths: [length], effort: .estimate)
          let shared = PlanCache.plan(description, for: Double.self)
          var random = SplitMix64(seed: UInt64(length))
          var buffer = AlignedBuffer<Double>(random.numbers(2 * length))
          shared.plan.execute(inPlace: &buffer)
          return (length, ObjectIdentifier(shared), buffer.values)
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    for length in lengths {
      let same = results.filter { $0.0 == length }
      #expect(Set(same.map(\.1)).count == 1)
      #expect(Set(same.map(\.2)).count == 1)
    }
  }
}
