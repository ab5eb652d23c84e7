import Concord
import ConcordBench
import ConcordFiles
import Foundation
import Testing

struct ServerTests {
  private static let problems: [Problem] = [
    Problem(.correlate, image: [40, 50], kernel: [5, 7], boundary: .reflect),
    Problem(.convolve, image: [40, 50], kernel: [40, 50], precision: .double, mode: .full),
    Problem(.convolve, image: [3000], kernel: [16]),
    Problem(.correlate, image: [500], kernel: [500], precision: .double, mode: .full),
    Problem(.boxMean, image: [40, 50], kernel: [3, 3], boundary: .reflect),
    Problem(.squareDifference, image: [40, 50], kernel: [5, 5]),
    Problem(gaussian: 2, image: [40, 50], boundary: .reflect),
    Problem(.median, image: [40, 50], kernel: [3, 3], boundary: .replicate),
    Problem(.match, image: [40, 50], kernel: [8, 9], mode: .valid),
    Problem(matching: 5, templates: [8, 9], scene: [40, 50]),
    Problem(.maskedMatch, image: [40, 50], kernel: [8, 9], mode: .valid),
    Problem(.maskedCosine, image: [40, 50], kernel: [9, 8], precision: .double, mode: .valid),
    Problem(.maskedCorrelation, image: [40, 50], kernel: [40, 50], mode: .full),
    Problem(.rowPearson, image: [30, 50], kernel: [20, 50], precision: .double, mode: .valid),
    Problem(.ownRowPearson, image: [30, 50], kernel: [30, 50], mode: .valid),
  ]

  private let folder: URL

  init() throws { folder = try temporaryFolder() }

  @Test(arguments: problems) func resultsAreRight(_ problem: Problem) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    switch problem.precision {
    case .float: try check(problem, as: Float.self)
    case .double: try check(problem, as: Double.self)
    }
  }

  private func check<Scalar: RealScalar>(_ problem: Problem, as scalar: Scalar.Type) throws {
    let server = Server()
    let inputs = try ProblemInputs<Scalar>(problem)
    let files = try inputs.write(to: folder, axes: problem.image.count)
    let methods = try server.answer(PeerJob(methodsFor: problem)).methods ?? []
    #expect(methods.first?.name == "auto")
    for method in methods {
      let path = folder.appending(component: "\(method.name).npy").path
      let job = PeerJob(
        problem, inputs: files, method: method.name, threads: 2, runs: 3, result: path)
      let answer = try server.answer(job)
      #expect(answer.seconds?.count == 3)
      #expect(answer.result == path)
      let result = try readImage(path, as: Scalar.self)
      let error = Definition(problem, inputs).error(of: result)
      #expect(error < problem.errorLimit, "\(problem.title) \(method.name)")
    }
  }

  @Test func plansAreKept() throws {
    let problem = Self.problems[0]
    let server = Server()
    let files = try ProblemInputs<Float>(problem).write(to: folder, axes: 2)
    let job = PeerJob(problem, inputs: files, method: "auto", threads: 1, runs: 1)
    #expect(try server.answer(job).strategy != nil)
    // Nothing is read again.
    try FileManager.default.removeItem(at: folder)
    #expect(try server.answer(job).seconds?.count == 1)
    var other = job
    other.problem.boundary = "zero"
    #expect(throws: (any Error).self) { try server.answer(other) }
  }

  @Test func linesOfJSON() throws {
    let server = Server()
    #expect(server.answer(line: "nonsense").hasPrefix(#"{"error":"#))
    let line = String(
      decoding: try JSONEncoder().encode(PeerJob(methodsFor: Self.problems[2])), as: UTF8.self)
    let answer = try JSONDecoder().decode(
      PeerAnswer.self, from: Data(server.answer(line: line).utf8))
    #expect(answer.methods?.map(\.name) == ["auto", "direct", "fft", "overlap-save"])
    #expect(answer.version?.hasPrefix("Concord") == true)
  }
}
