import Foundation

/// All cases of a call, one after another, with what is known so far kept in a file.
struct ComparisonSession {
  private let command: PeersCommand
  private let comparison: Comparison
  private let launcher: PeerLauncher
  private var report: Report

  init(_ command: PeersCommand) throws {
    self.command = command
    var comparison = Comparison(threads: command.threads, policy: command.policy)
    comparison.algorithms = command.algorithms
    self.comparison = comparison
    launcher = PeerLauncher(python: command.python, workers: command.workers)
    report = Report()
    if let json = command.json, FileManager.default.fileExists(atPath: json) {
      let earlier = try Report.read(json)
      guard earlier.machine == report.machine else {
        throw BenchError.file(path: json, problem: "was measured on \(earlier.machine)")
      }
      report = earlier
    }
  }

  /// Runs the cases that the file doesn't have yet.
  mutating func run(_ cases: [PeerCase]) throws {
    say("\(report.machine), \(report.processors) processors, \(report.instructionSet)")
    let known = report.wanted ?? []
    report.wanted = known + cases.map(\.name).filter { !known.contains($0) }
    var areWeWrong = false
    for (number, test) in cases.enumerated() {
      let isKnown = report.entries.contains { $0.caseName == test.name }
      say(
        "\n[\(number + 1)/\(cases.count)] \(test.name)  \(test.problem.title)"
          + (isKnown ? "  (known)" : ""))
      if isKnown { continue }
      let outcome = try run(test)
      areWeWrong = areWeWrong || outcome.areWeWrong
      report.versions = (report.versions ?? [:]).merging(outcome.versions) { $1 }
      report.notes = (report.notes ?? []).filter { !outcome.notes.contains($0) } + outcome.notes
      report.entries += outcome.entries
      for line in PeerTable(outcome.entries).lines + outcome.notes { say("  " + line) }
      try report.write(to: command.json)
    }
    if command.targets {
      say("")
      let verdicts = Verdict.all(cases, entries: report.entries)
      for line in VerdictTable(verdicts).lines { say(line) }
    }
    say("\n" + (report.versions ?? [:]).values.sorted().joined(separator: "; "))
    if areWeWrong {
      throw BenchError.peer(name: "concord", problem: "a result of ours is wrong: see above")
    }
  }

  /// One case, with a process for each library that can take part.
  private func run(_ test: PeerCase) throws -> Comparison.Outcome {
    let folder = FileManager.default.temporaryDirectory.appending(
      component: "concord-peers-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let wanted = Peer.all.filter { peer in
      (peer.name == Peer.concord.name || command.peers.contains(peer.name))
        && peer.serves(test.problem)
    }
    var notes: [String] = []
    let participants = wanted.compactMap { peer -> Comparison.Participant? in
      do {
        return Comparison.Participant(peer, try launcher.start(peer, errors: folder))
      } catch {
        notes.append("\(test.name): \(peer.name) takes no part: \(error)")
        return nil
      }
    }
    var outcome = try comparison.run(test, participants, in: folder)
    outcome.notes = notes + outcome.notes
    return outcome
  }
}

/// The contenders of a case, the quickest first.
struct PeerTable {
  private let entries: [Entry]
  /// Our best time, which the others are compared with.
  private let ours: Double?

  init(_ entries: [Entry]) {
    self.entries = entries.sorted { $0.median < $1.median }
    ours = entries.filter { $0.peer == Peer.concord.name }.map(\.median).min()
  }

  var lines: [String] {
    ["median ms   min…max              times ours  error    memory    who"]
      + entries.map(line)
  }

  private func line(_ entry: Entry) -> String {
    let range = "\(Report.milliseconds(entry.minimum))…\(Report.milliseconds(entry.maximum))"
    let ratio = ours.map { String(format: "%10.2f", entry.median / $0) } ?? "         –"
    let memory = entry.peakBytes.map { "\($0 / 1_000_000) MB" } ?? "–"
    let detail = entry.strategy == entry.algorithm ? "" : " (\(entry.strategy))"
    let columns = [
      Report.milliseconds(entry.median).padding(toLength: 11), range.padding(toLength: 20), ratio,
      String(format: " %8.1e", entry.error), memory.padding(toLength: 9),
      "\(entry.name) ×\(entry.threads)\(detail)" + Report.disturbance(entry),
    ]
    return columns.joined(separator: " ")
  }
}
