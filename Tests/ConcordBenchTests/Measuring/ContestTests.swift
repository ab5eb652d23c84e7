import ConcordBench
import Testing

struct ContestTests {
  private let diary = Diary()

  private func entrant(_ name: String, error: Double) -> Entrant {
    Entrant(
      contender: MockContender(name, seconds: 1, diary: diary).contender(),
      strategy: "mock", threads: 1, error: error, limit: 1e-6)
  }

  @Test func aWrongAlgorithmIsNeverTimed() throws {
    var contest = Contest()
    contest.admit(entrant("right", error: 1e-7))
    contest.admit(entrant("wrong", error: 1e-5))
    let results = try contest.hold(RunPolicy(minimumRuns: 2, seconds: 0.1))
    #expect(results.map(\.entrant.contender.name) == ["right"])
    #expect(contest.disqualified.map(\.contender.name) == ["wrong"])
    #expect(diary.lines.allSatisfy { $0.hasPrefix("right") })
    #expect(!diary.lines.isEmpty)
  }

  @Test func anErrorThatIsNoNumberIsWrong() {
    var contest = Contest()
    contest.admit(entrant("nan", error: .nan))
    #expect(contest.entrants.isEmpty)
    #expect(contest.disqualified.count == 1)
  }
}
