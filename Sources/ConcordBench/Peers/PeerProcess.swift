import ConcordBackends
package import Foundation

#if canImport(Glibc)
import Glibc
#endif

/// Something that answers jobs.
package protocol JobTaker: AnyObject {
  func answer(_ job: PeerJob) throws -> PeerAnswer
}

extension Server: JobTaker {}

/// A contender in a process of its own, which stands still while others are timed.
///
/// It is stopped between jobs: threads of a library that wait for work by spinning would take the
/// processors from the next contender.
package final class PeerProcess: JobTaker {
  package let name: String
  private let process = Process()
  private let commands = Pipe()
  private let answers = Pipe()
  private let errors: URL
  private var unread = Data()

  package init(
    _ name: String, _ command: [String], environment: [String: String], errors: URL
  ) throws {
    self.name = name
    self.errors = errors
    // Writing to a process that has ended has to fail, and not to end this one.
    StandardStream.expectFailures()
    _ = FileManager.default.createFile(atPath: errors.path, contents: nil)
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.environment = environment
    process.standardInput = commands
    process.standardOutput = answers
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
  }

  deinit {
    resume()
    try? commands.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  package func answer(_ job: PeerJob) throws -> PeerAnswer {
    resume()
    defer { pause() }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes]
    let line = try encoder.encode(job) + Data("\n".utf8)
    guard process.isRunning, (try? commands.fileHandleForWriting.write(contentsOf: line)) != nil,
      let reply = nextLine()
    else { throw BenchError.peer(name: name, problem: "its process ended: \(lastError)") }
    let answer: PeerAnswer
    do {
      answer = try JSONDecoder().decode(PeerAnswer.self, from: reply)
    } catch {
      throw BenchError.peer(
        name: name, problem: "answered \(String(decoding: reply.prefix(200), as: UTF8.self))")
    }
    if let problem = answer.error { throw BenchError.peer(name: name, problem: problem) }
    return answer
  }

  private func nextLine() -> Data? {
    while true {
      if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
        let line = unread[..<end]
        unread = Data(unread[(end + 1)...])
        return Data(line)
      }
      let more = answers.fileHandleForReading.availableData
      guard !more.isEmpty else { return nil }
      unread += more
    }
  }

  private var lastError: String {
    let text = (try? String(contentsOf: errors, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").last.map(String.init) ?? "no message"
  }

  private func pause() { if process.isRunning { kill(process.processIdentifier, SIGSTOP) } }
  private func resume() { if process.isRunning { kill(process.processIdentifier, SIGCONT) } }
}
