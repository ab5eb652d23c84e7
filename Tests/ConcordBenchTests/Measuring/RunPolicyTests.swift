import ConcordBench
import Testing

/// A contender that takes a given time without taking any, and notes when it runs.
final class MockContender {
  let name: String
  let seconds: Double
  let diary: Diary

  init(_ name: String, seconds: Double, diary: Diary) {
    self.name = name
    self.seconds = seconds
    self.diary = diary
  }

  func contender(team: String? = nil) -> Contender {
    Contender(name: name, team: team) { [self] count in
      diary.lines.append("\(name)\(count)")
      return Array(repeating: seconds, count: count)
    }
  }
}

final class Diary {
  var lines: [String] = []
}

struct RunPolicyTests {
  private let diary = Diary()

  private func mock(_ name: String, _ seconds: Double, team: String? = nil) -> Contender {
    MockContender(name, seconds: seconds, diary: diary).contender(team: team)
  }

  @Test func contendersRunInTurnAfterAWarmUp() throws {
    let policy = RunPolicy(minimumRuns: 3, seconds: 0.1)
    let timings = try policy.time([mock("a", 0.1), mock("b", 0.2)])
    #expect(diary.lines == ["a1", "b1", "a1", "b1", "a1", "b1", "a1", "b1"])
    #expect(timings == [Timing(runs: [0.1, 0.1, 0.1]), Timing(runs: [0.2, 0.2, 0.2])])
  }

  @Test func quickContendersRunUntilTheTimeIsFull() throws {
    let policy = RunPolicy(minimumRuns: 4, seconds: 1)
    let timings = try policy.time([mock("a", 0.125)])
    #expect(timings[0].runs.count == 8)
  }

  /// A turn of 50 ms holds three runs of 16 ms.
  @Test func aTurnHoldsSeveralQuickRuns() throws {
    let policy = RunPolicy(minimumRuns: 6, seconds: 0.09375)
    let timings = try policy.time([mock("a", 0.015625), mock("b", 0.0625)])
    #expect(diary.lines.prefix(7) == ["a1", "b1", "a3", "b1", "a3", "b1", "b1"])
    #expect(timings[0].runs.count == 6)
  }

  @Test func slowContendersStopAfterThreeRuns() throws {
    let policy = RunPolicy(minimumRuns: 10, seconds: 1)
    let timings = try policy.time([mock("slow", 2), mock("quick", 0.125)])
    #expect(timings[0].runs.count == 3)
    #expect(timings[1].runs.count == 10)
  }

  @Test func beatenMembersOfATeamStopAfterThreeRuns() throws {
    let policy = RunPolicy(minimumRuns: 10, seconds: 1)
    let timings = try policy.time([
      mock("best", 0.125, team: "x"), mock("close", 0.1875, team: "x"),
      mock("beaten", 0.25, team: "x"), mock("alone", 0.25, team: "y"),
    ])
    #expect(timings.map(\.runs.count) == [10, 10, 3, 10])
  }
}
