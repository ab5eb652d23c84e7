import Concord
import ConcordFiles
import Foundation
import Testing

/// A folder of its own in which the built program runs, removed in the end.
final class Workplace: Sendable {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appending(component: "concord-cli-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  /// What a run left behind.
  struct Outcome {
    let status: Int32
    let data: Data
    let error: String

    var text: String { String(decoding: data, as: UTF8.self) }

    /// The object that was printed.
    var json: [String: Any] {
      get throws {
        try #require(JSONSerialization.jsonObject(with: data) as? [String: Any], "\(text)")
      }
    }
  }

  /// Runs the program, and waits for it.
  @discardableResult
  func run(_ arguments: String..., input: Data? = nil) throws -> Outcome {
    try run(arguments, input: input)
  }

  /// Runs the program, and waits for it.
  @discardableResult
  func run(_ arguments: [String], input: Data? = nil) throws -> Outcome {
    let running = try start(arguments, input: input)
    running.waitUntilExit()
    return try outcome(of: running)
  }

  /// Runs a shell's script, in which `$concord` is the program, and waits for it.
  @discardableResult
  func shell(_ script: String) throws -> Outcome {
    let running = try start(URL(filePath: "/bin/sh"), ["-c", script])
    running.waitUntilExit()
    return try outcome(of: running)
  }

  /// Starts the program with its outputs in files.
  func start(_ arguments: [String], input: Data? = nil) throws -> Process {
    try start(try Workplace.program(), arguments, input: input)
  }

  private func start(
    _ program: URL, _ arguments: [String], input: Data? = nil
  ) throws -> Process {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    var environment = ProcessInfo.processInfo.environment
    environment["CONCORD_CACHE"] = ""
    environment["concord"] = try Workplace.program().path
    process.environment = environment
    try (input ?? Data()).write(to: path("standard.in"))
    process.standardInput = try FileHandle(forReadingFrom: path("standard.in"))
    for name in ["standard.out", "standard.error"] { try Data().write(to: path(name)) }
    process.standardOutput = try FileHandle(forWritingTo: path("standard.out"))
    process.standardError = try FileHandle(forWritingTo: path("standard.error"))
    try process.run()
    return process
  }

  /// What a run that is over left behind.
  func outcome(of process: Process) throws -> Outcome {
    Outcome(
      status: process.terminationStatus, data: try Data(contentsOf: path("standard.out")),
      error: String(decoding: try Data(contentsOf: path("standard.error")), as: UTF8.self))
  }

  /// A file in the folder.
  func path(_ name: String) -> URL { folder.appending(component: name) }

  /// The names of the files in the folder, but those of the standard streams.
  var files: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: folder.path)
        .filter { !$0.hasPrefix("standard.") }.sorted()
    }
  }

  /// Writes an array.
  func write<let rank: Int, S: RealScalar>(_ array: NDArray<rank, S>, _ name: String) throws {
    try ArrayFile.write(array, to: path(name).path)
  }

  /// Writes text.
  func write(_ text: String, _ name: String) throws {
    try Data(text.utf8).write(to: path(name))
  }

  /// Reads a file.
  func read(_ name: String) throws -> FileArray { try FileArray.read(path(name).path) }

  /// Reads the numbers of a file, whatever its shape.
  func numbers(_ name: String) throws -> [Double] {
    let file = try read(name)
    switch file.shape.count {
    case 1: return try (file.array() as Signal<Double>).elements
    case 2: return try (file.array() as Image<Double>).elements
    default: return try (file.array() as Volume<Double>).elements
    }
  }

  /// The program that was built beside the tests.
  private static func program() throws -> URL {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let own = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    let folders = [
      own, Bundle.main.bundleURL, Bundle.main.bundleURL.deletingLastPathComponent(),
      own.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent(),
      root.appending(path: ".build/debug"), root.appending(path: ".build/release"),
    ]
    let found = folders.map { $0.appending(component: "concord") }.first {
      FileManager.default.isExecutableFile(atPath: $0.path)
    }
    return try #require(found, "No program 'concord' beside the tests")
  }
}
