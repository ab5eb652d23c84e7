import Concord
import ConcordBench
import Foundation
import Testing

struct PeerProcessTests {
  private let folder: URL
  private let job = PeerJob(
    methodsFor: Problem(.boxMean, image: [4, 4], kernel: [3, 3], boundary: .reflect))

  init() throws { folder = try temporaryFolder() }

  private func process(_ script: String) throws -> PeerProcess {
    try PeerProcess(
      "mock", ["sh", "-c", script], environment: ["PATH": "/usr/bin:/bin"],
      errors: folder.appending(component: "mock.log"))
  }

  @Test func eachLineIsAnswered() throws {
    let mock = try process(
      #"while read -r line; do n=$((n + 1)); echo "{\"seconds\":[$n]}"; done"#)
    #expect(try mock.answer(job).seconds == [1])
    #expect(try mock.answer(job).seconds == [2])
  }

  @Test func anErrorIsThrown() throws {
    let mock = try process(#"read -r line; echo '{"error":"no such thing"}'"#)
    #expect(throws: BenchError.peer(name: "mock", problem: "no such thing")) {
      try mock.answer(job)
    }
  }

  @Test func theLastWordsOfAProcessThatEndsAreTold() throws {
    let mock = try process("read -r line; echo 'out of memory' >&2")
    #expect(
      throws: BenchError.peer(name: "mock", problem: "its process ended: out of memory")
    ) { try mock.answer(job) }
    #expect(throws: (any Error).self) { try mock.answer(job) }
  }

  @Test func otherOutputIsAnError() throws {
    let mock = try process("read -r line; echo Traceback")
    #expect(throws: BenchError.peer(name: "mock", problem: "answered Traceback")) {
      try mock.answer(job)
    }
  }

  #if os(Linux)
  /// A process that works on by itself stands still between its answers.
  @Test func processesStandStillBetweenJobs() throws {
    let mock = try process(#"while read -r line; do echo "{\"version\":\"$$\"}"; done"#)
    let identifier = try #require(try mock.answer(job).version)
    func isStopped() throws -> Bool {
      try String(contentsOfFile: "/proc/\(identifier)/status", encoding: .utf8)
        .contains("State:\tT (stopped)")
    }
    // The signal takes a moment.
    for _ in 0..<2000 where try !isStopped() { Thread.sleep(forTimeInterval: 0.001) }
    #expect(try isStopped())
    #expect(try mock.answer(job).version == identifier)
  }
  #endif
}
