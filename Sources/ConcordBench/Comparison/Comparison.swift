import Concord
package import Foundation

/// A problem with a name, which we and the peers are timed on.
package struct PeerCase: Sendable {
  package let name: String
  package let problem: Problem
  package let goals: [Goal]

  package init(_ name: String, _ problem: Problem, _ goals: [Goal] = []) {
    self.name = name
    self.problem = problem
    self.goals = goals
  }
}

/// Times all who can compute something, on the same data and in turn.
package struct Comparison {
  /// Someone who takes part.
  package struct Participant {
    package let peer: Peer
    package let process: any JobTaker

    package init(_ peer: Peer, _ process: any JobTaker) {
      self.peer = peer
      self.process = process
    }
  }

  /// What came of a case.
  package struct Outcome {
    package var entries: [Entry] = []
    package var versions: [String: String] = [:]
    /// Who was left out, and why.
    package var notes: [String] = []
    /// Whether a result of ours was wrong.
    package var areWeWrong = false
  }

  /// The numbers of threads that everyone gets, the most first.
  package var threads: [Int]
  package var policy: RunPolicy
  /// Which of our algorithms take part.
  package var algorithms = ["auto"]

  package init(threads: [Int], policy: RunPolicy) {
    self.threads = threads.sorted(by: >)
    self.policy = policy
  }

  /// Checks everyone's result, and times those that are right.
  package func run(_ test: PeerCase, _ participants: [Participant], in folder: URL) throws
    -> Outcome
  {
    switch test.problem.precision {
    case .float: try run(test, participants, folder, as: Float.self)
    case .double: try run(test, participants, folder, as: Double.self)
    }
  }

  private func run<Scalar: RealScalar>(
    _ test: PeerCase, _ participants: [Participant], _ folder: URL, as scalar: Scalar.Type
  ) throws -> Outcome {
    let inputs = try ProblemInputs<Scalar>(test.problem)
    var race = Race(
      problem: test.problem, definition: Definition(test.problem, inputs),
      files: try inputs.write(to: folder, axes: test.problem.image.count),
      result: folder.appending(component: "result.npy").path)
    var outcome = Outcome()
    for participant in participants {
      do {
        let answer = try participant.process.answer(PeerJob(methodsFor: test.problem))
        outcome.versions[participant.peer.name] = answer.version
        for method in wanted(answer.methods ?? [], participant.peer) {
          for (turn, threads) in (method.isThreaded ? self.threads : [1]).enumerated() {
            race.enter(participant, method.name, threads: threads, isFirst: turn == 0)
          }
        }
      } catch {
        race.notes.append("\(participant.peer.name) takes no part: \(error)")
      }
    }
    for wrong in race.contest.disqualified {
      race.notes.append(
        "\(wrong.contender.name) is not timed: its error of \(wrong.error) is too large")
    }
    outcome.areWeWrong = race.areWeWrong
    outcome.notes = race.notes.map { "\(test.name): \($0)" }
    outcome.entries = try race.contest.hold(policy).map { race.entry(test, $0, $1) }
    return outcome
  }

  private func wanted(_ methods: [PeerAnswer.Method], _ peer: Peer) -> [PeerAnswer.Method] {
    // What many templates are compared with takes part in any case.
    let names = algorithms + [Server.oneByOne]
    return peer.isOurs ? methods.filter { names.contains($0.name) } : methods
  }
}

/// The contest of one case while its entrants arrive.
private struct Race<Scalar: RealScalar> {
  let problem: Problem
  let definition: Definition<Scalar>
  let files: [String]
  let result: String
  var contest = Contest()
  var notes: [String] = []
  var areWeWrong = false
  /// Our own result, which the others are compared with.
  private var ours: Image<Scalar>?
  private var details:
    [String: (peer: String, method: String, bytes: Int?, disagreement: Double?)] = [:]

  init(problem: Problem, definition: Definition<Scalar>, files: [String], result: String) {
    self.problem = problem
    self.definition = definition
    self.files = files
    self.result = result
  }

  /// Lets a method run once and compares its result with the definition, and with ours.
  ///
  /// Its memory counts at the first time only: later ones find some of it.
  mutating func enter(
    _ participant: Comparison.Participant, _ method: String, threads: Int, isFirst: Bool
  ) {
    let name = "\(participant.peer.name) \(method) ×\(threads)"
    var job = PeerJob(
      problem, inputs: files, method: method, threads: threads, runs: 0, result: result)
    defer { try? FileManager.default.removeItem(atPath: result) }
    do {
      let answer = try participant.process.answer(job)
      let image = try readImage(answer.result ?? result, as: Scalar.self)
      let error = definition.error(of: image)
      if ours == nil && participant.peer.isOurs { ours = image.map { $0 } }
      details[name] = (
        participant.peer.name, method, isFirst ? answer.peakBytes : nil,
        ours.map { disagreement($0, image) }
      )
      job.result = nil
      let contender = Contender(
        name: name, team: participant.peer.isOurs ? nil : participant.peer.name
      ) { count in
        job.runs = count
        return try participant.process.answer(job).seconds ?? []
      }
      let entrant = Entrant(
        contender: contender, strategy: answer.strategy ?? method, threads: threads, error: error,
        limit: problem.errorLimit)
      if participant.peer.isOurs && !entrant.isRight { areWeWrong = true }
      contest.admit(entrant)
    } catch {
      notes.append("\(name) takes no part: \(error)")
    }
  }

  func entry(_ test: PeerCase, _ entrant: Entrant, _ timing: Timing) -> Entry {
    var entry = Entry(
      suite: "peers", problem: problem.title, entrant: entrant, precision: problem.precision,
      timing: timing, work: (Double(problem.outputCount), "Gpx/s"))
    entry.caseName = test.name
    entry.place(problem.setting, image: problem.image, kernel: problem.kernel)
    if let detail = details[entrant.contender.name] {
      entry.peer = detail.peer
      entry.algorithm = detail.method
      entry.peakBytes = detail.bytes
      entry.disagreement = detail.disagreement
    }
    return entry
  }
}
