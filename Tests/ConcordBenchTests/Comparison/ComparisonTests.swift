import Concord
import ConcordBench
import ConcordFiles
import Foundation
import Testing

/// A library whose results are Concord's, times a factor, and which takes as long as it says.
private final class MockLibrary: JobTaker {
  private let server = Server()
  private let factor: Float
  private let seconds: Double
  private(set) var timedRuns = 0

  init(factor: Float = 1, seconds: Double) {
    self.factor = factor
    self.seconds = seconds
  }

  func answer(_ job: PeerJob) throws -> PeerAnswer {
    var quiet = job
    quiet.runs = 0
    var answer = try server.answer(quiet)
    answer.methods = [PeerAnswer.Method(name: "auto", isThreaded: false)]
    if let path = job.result {
      let result = try readImage(path, as: Float.self)
      try ArrayFile.write(result.map { [factor] in $0 * factor }, to: path)
    }
    timedRuns += job.runs
    answer.seconds = Array(repeating: seconds, count: job.runs)
    return answer
  }
}

private final class BrokenLibrary: JobTaker {
  func answer(_ job: PeerJob) throws -> PeerAnswer {
    throw BenchError.peer(name: "broken", problem: "not installed")
  }
}

struct ComparisonTests {
  private let test = PeerCase(
    "dense-32-k3", Problem(.correlate, image: [32, 32], kernel: [3, 3], boundary: .reflect))
  private let comparison = Comparison(
    threads: [1, 2], policy: RunPolicy(minimumRuns: 3, seconds: 0.01))
  private let folder: URL

  init() throws { folder = try temporaryFolder() }

  private func participant(_ name: String, _ library: any JobTaker) throws
    -> Comparison.Participant
  {
    Comparison.Participant(try #require(Peer.all.first { $0.name == name }), library)
  }

  @Test func aWrongPeerIsNamedAndNotTimed() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let wrong = MockLibrary(factor: 1.001, seconds: 0.001)
    let outcome = try comparison.run(
      test,
      [
        participant("concord", MockLibrary(seconds: 0.01)),
        participant("opencv", MockLibrary(seconds: 0.02)), participant("scipy", wrong),
        participant("numpy", BrokenLibrary()),
      ], in: folder)
    #expect(outcome.entries.map(\.peer) == ["concord", "opencv"])
    #expect(outcome.entries.map(\.median) == [0.01, 0.02])
    #expect(outcome.entries.allSatisfy { $0.error < 1e-6 && $0.disagreement == 0 })
    #expect(wrong.timedRuns == 0)
    #expect(!outcome.areWeWrong)
    #expect(outcome.notes.count == 2)
    #expect(outcome.notes.contains { $0.contains("scipy auto ×1 is not timed") })
    #expect(outcome.notes.contains { $0.contains("numpy takes no part: broken: not installed") })
  }

  @Test func aWrongResultOfOursIsNotTimedEither() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let ours = MockLibrary(factor: 0.999, seconds: 0.001)
    let outcome = try comparison.run(
      test, [participant("concord", ours), participant("opencv", MockLibrary(seconds: 0.02))],
      in: folder)
    #expect(outcome.areWeWrong)
    #expect(outcome.entries.map(\.peer) == ["opencv"])
    #expect(ours.timedRuns == 0)
  }

  @Test func everyNumberOfThreadsIsTimed() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let outcome = try comparison.run(test, [participant("concord", Server())], in: folder)
    #expect(outcome.entries.map(\.threads) == [2, 1])
    #expect(outcome.entries.allSatisfy { $0.runs.count >= 3 && $0.caseName == "dense-32-k3" })
  }
}
