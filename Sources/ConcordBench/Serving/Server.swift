import Concord
import ConcordBackends
import Foundation

/// Concord as a contender among others: answers jobs, one at a time.
///
/// What was prepared for a method and a number of threads is kept until another problem comes.
package final class Server {
  private var problem: Problem?
  private var prepared: [String: ServedProblem] = [:]

  package init() {}

  /// Answers a line of JSON with a line of JSON.
  package func answer(line: String) -> String {
    let decoder = JSONDecoder()
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let answer: PeerAnswer
    do {
      answer = try self.answer(decoder.decode(PeerJob.self, from: Data(line.utf8)))
    } catch {
      answer = PeerAnswer(error: "\(error)")
    }
    let data = (try? encoder.encode(answer)) ?? Data(#"{"error":"no JSON"}"#.utf8)
    return String(decoding: data, as: UTF8.self)
  }

  package func answer(_ job: PeerJob) throws -> PeerAnswer {
    var answer = PeerAnswer()
    answer.version = "Concord, \(LibraryVersions.transforms)"
    if job.action == .methods {
      answer.methods = Self.methods(for: job.problem)
      return answer
    }
    if job.problem != problem {
      prepared = [:]
      problem = job.problem
    }
    let key = "\(job.method) \(job.threads)"
    if prepared[key] == nil { answer.peakBytes = try prepare(job, key) }
    guard let served = prepared[key] else { return answer }
    if let path = job.result {
      try served.save(path)
      answer.result = path
    }
    answer.strategy = served.strategy
    answer.seconds = try served.time(runs: job.runs)
    return answer
  }

  /// Prepares a method, lets it run once, and tells the memory that both took at the peak.
  private func prepare(_ job: PeerJob, _ key: String) throws -> Int? {
    ProcessMemory.forgetPeak()
    let before = ProcessMemory.resident
    let served = try ServedProblem(job)
    try served.run()
    prepared[key] = served
    guard let before, let peak = ProcessMemory.peak else { return nil }
    return peak - before
  }

  /// The method that looks for many templates one after the other.
  static let oneByOne = "one by one"

  private static func methods(for problem: Problem) -> [PeerAnswer.Method] {
    var names = ["auto"]
    if problem.operation == .matchMany { names.append(oneByOne) }
    if [.convolve, .correlate].contains(problem.operation) {
      // The kernels are random: no sums of few products, nor of equal elements. A product of matrices is
      // for banks of kernels, of which the problems have none.
      let others: [ConvolutionAlgorithm] = [.automatic, .separable, .box, .matrix]
      names += ConvolutionAlgorithm.allCases.filter { !others.contains($0) }.map(\.rawValue)
    }
    return names.map { PeerAnswer.Method(name: $0, isThreaded: true) }
  }
}
