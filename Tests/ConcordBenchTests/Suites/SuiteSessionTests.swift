import ArgumentParser
import Foundation
import Testing

@testable import ConcordBench

struct SuiteSessionTests {
  @Test func casesThatAreDoneAreKept() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let json = folder.appending(component: "report.json").path
    var measured: [String] = []
    func run(_ arguments: [String], _ names: [String]) throws {
      var session = try SuiteSession("filter", SuiteOptions.parse(["--json", json] + arguments))
      for name in names {
        try session.run(name) {
          measured.append(name)
          return [sampleEntry(nil, name, 1)]
        }
      }
    }
    try run([], ["a", "b"])
    try run(["--resume"], ["a", "b", "c"])
    #expect(measured == ["a", "b", "c"])
    #expect(try Report.read(json).entries.map(\.algorithm) == ["a", "b", "c"])
    // Another precision is another case, and without the flag all begins anew.
    try run(["--resume", "--precision", "double"], ["a"])
    #expect(measured == ["a", "b", "c", "a"])
    try run([], ["b"])
    #expect(try Report.read(json).entries.map(\.algorithm) == ["b"])
  }

  @Test func reportsOfOtherMachinesAreNotGoneOnWith() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let json = folder.appending(component: "report.json").path
    var report = Report()
    report.machine = "another"
    try report.write(to: json)
    #expect(throws: BenchError.self) {
      try SuiteSession("filter", SuiteOptions.parse(["--json", json, "--resume"]))
    }
    #expect(throws: (any Error).self) { try SuiteOptions.parse(["--resume"]) }
  }

  @Test func ratesAreSeenBesideTheMachines() {
    var entry = sampleEntry(nil, "direct", 0.5)
    #expect(entry.use(of: nil) == nil)
    entry.bytes = 1e9
    entry.operations = 40e9
    #expect(entry.use(of: nil) == "2.00 GB/s; 80.0 GFLOP/s")
    let limits = MachineLimits(
      bandwidthOfOne: 4, bandwidth: 8, arithmeticOfOne: 100, arithmetic: 160, transforms: 10)
    #expect(entry.use(of: limits) == "2.00 GB/s, 25 %; 80.0 GFLOP/s, 50 %")
    entry.threads = 1
    #expect(entry.use(of: limits) == "2.00 GB/s, 50 %; 80.0 GFLOP/s, 80 %")
  }

  @Test func exponentsAreFitted() throws {
    let sizes = [100.0, 200, 400, 800]
    let entries = sizes.reversed().map { size in
      var entry = sampleEntry(nil, "fft", 3e-6 * size * size.squareRoot())
      entry.series = "pixels"
      entry.size = size
      entry.workingBytes = Int(40 * size)
      return entry
    }
    let table = ScalingTable(entries + [sampleEntry(nil, "alone", 1)])
    let row = try #require(table.rows.first)
    #expect(table.rows.count == 1 && row.points.map(\.size) == sizes)
    #expect(abs(row.timeExponent - 1.5) < 1e-9)
    #expect(abs((row.memoryExponent ?? 0) - 1) < 1e-9)
    #expect(table.text.hasPrefix("pixels, fft: time ∝ size^1.50, memory ∝ size^1.00"))
    // One size tells nothing.
    #expect(ScalingTable([entries[0]]).rows.isEmpty)
    let page = HTMLPage(ReportDocument([sampleReport(entries)])).text
    #expect(page.contains("How time and memory grow") && page.contains("<td class=\"number\">1.50"))
    #expect(MarkdownPage(ReportDocument([sampleReport(entries)])).text.contains("| 1.50 |"))
  }

}
