import ConcordBench
import Foundation
import Testing

struct ReportDifferenceTests {
  /// Runs about a mean, with normal noise of a relative size.
  private func runs(
    _ mean: Double, noise: Double, _ generator: inout SplitMix64, count: Int = 10
  ) -> [Double] {
    (0..<count).map { _ in
      // Twelve uniform numbers have a variance of one.
      let normal = (0..<12).reduce(-6.0) { sum, _ in
        sum + Double.random(in: 0..<1, using: &generator)
      }
      return mean * (1 + noise * normal)
    }
  }

  private func entry(_ algorithm: String, _ runs: [Double], peer: String? = nil) -> Entry {
    let entrant = Entrant(
      contender: Contender(name: algorithm) { _ in [] }, strategy: "mock", threads: 2, error: 0,
      limit: 0)
    var entry = Entry(
      suite: "filter", problem: "512²", entrant: entrant, precision: .float,
      timing: Timing(runs: runs), work: (1, "Gpx/s"))
    entry.peer = peer
    return entry
  }

  private func report(_ entries: [Entry]) -> Report {
    var report = Report()
    report.entries = entries
    return report
  }

  @Test func aSlowedAlgorithmIsCaught() {
    var generator = SplitMix64(seed: 11)
    let old = report([
      entry("direct", runs(0.01, noise: 0.03, &generator)),
      entry("fft", runs(0.02, noise: 0.03, &generator)),
    ])
    let new = report([
      entry("direct", runs(0.0125, noise: 0.03, &generator)),
      entry("fft", runs(0.02, noise: 0.03, &generator)),
    ])
    let difference = ReportDifference(old: old, new: new)
    #expect(difference.isSlower)
    let slower = difference.changes.filter { $0.direction == .slower }
    #expect(slower.map(\.new.algorithm) == ["direct"])
    let back = ReportDifference(old: new, new: old)
    #expect(!back.isSlower)
    #expect(back.changes.filter { $0.direction == .faster }.map(\.new.algorithm) == ["direct"])
  }

  @Test func noiseIsNotCaught() {
    var generator = SplitMix64(seed: 12)
    let names = (0..<200).map { "algorithm \($0)" }
    let old = report(names.map { entry($0, runs(0.01, noise: 0.03, &generator)) })
    let new = report(names.map { entry($0, runs(0.01, noise: 0.03, &generator)) })
    let difference = ReportDifference(old: old, new: new)
    #expect(difference.changes.count == 200)
    #expect(difference.changes.allSatisfy { $0.direction == .same })
  }

  /// One run of ten that the machine disturbed moves neither median nor spread.
  @Test func aDisturbedRunIsNotCaught() {
    let calm = [1.00, 1.01, 1.02, 1.01, 1.00, 1.02, 1.01, 1.00, 1.02, 1.01]
    let difference = ReportDifference(
      old: report([entry("direct", calm)]),
      new: report([entry("direct", calm.dropLast() + [9])]))
    #expect(difference.changes[0].direction == .same)
  }

  @Test func aSlowerLibraryIsNotOurFault() {
    let difference = ReportDifference(
      old: report([entry("filter2D", [1, 1, 1], peer: "opencv")]),
      new: report([entry("filter2D", [2, 2, 2], peer: "opencv")]))
    #expect(difference.changes[0].direction == .slower)
    #expect(!difference.isSlower)
  }

  @Test func theMachinesDriftCanBeTakenOut() {
    let libraries = ["numpy", "scipy", "opencv"]
    func all(_ seconds: Double) -> Report {
      report(
        libraries.map { entry("x", [seconds, seconds], peer: $0) }
          + [entry("auto", [seconds, seconds], peer: "concord")])
    }
    let difference = ReportDifference(old: all(1), new: all(1.25))
    #expect(difference.drift == 1.25)
    #expect(difference.isSlower)
    #expect(!ReportDifference(old: all(1), new: all(1.25), correctsDrift: true).isSlower)
  }

  @Test func whatOnlyOneReportHasIsCounted() {
    let difference = ReportDifference(
      old: report([entry("a", [1]), entry("b", [1])]),
      new: report([entry("b", [1]), entry("c", [1]), entry("d", [1])]))
    #expect(difference.onlyOld.map(\.algorithm) == ["a"])
    #expect(difference.onlyNew.map(\.algorithm) == ["c", "d"])
    #expect(
      difference.lines == [
        "1 compared: 0 slower, 0 faster, 1 the same within the spread; "
          + "1 only in the old report, 2 only in the new one"
      ])
  }

  @Test func reportsSurviveTheirFiles() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(component: "report.json").path
    var written = report([entry("direct", [0.5, 0.25, .infinity], peer: "concord")])
    written.notes = ["nothing"]
    try written.write(to: path)
    let read = try Report.read(path)
    #expect(read.entries[0].identity == written.entries[0].identity)
    #expect(read.entries[0].runs == [0.5, 0.25, .infinity])
    #expect(read.notes == ["nothing"])
    #expect(read.machine == written.machine)
    #expect(throws: BenchError.self) { try Report.read(folder.path) }
  }
}
