import ArgumentParser
import Concord
import ConcordBackends
import ConcordFiles
import Foundation

/// The process: arguments in, an exit code out.
@main
enum Program {
  static func main() {
    StandardStream.expectFailures()
    Warnings.handle { Terminal.writeError("concord: warning: \($0)") }
    endOnInterrupt { AtomicFile.removeUnfinished() }
    exit(code { try run(Array(CommandLine.arguments.dropFirst())) })
  }

  private static func run(_ arguments: [String]) throws {
    try checkKind(arguments)
    var command = try ConcordCommand.parseAsRoot(joinedRanges(arguments))
    warnOfUnknownInstructionSet()
    try command.run()
  }

  /// Refuses an unknown kind of a command that has kinds, which the parser would take for a missing
  /// one and blame an option.
  private static func checkKind(_ arguments: [String]) throws {
    let groups: [any ParsableCommand.Type] = [FilterCommand.self, GenerateCommand.self]
    guard arguments.count > 1,
      let group = groups.first(where: { $0.configuration.commandName == arguments[0] }),
      !arguments[1].hasPrefix("-")
    else { return }
    let kinds = group.configuration.subcommands.compactMap { $0.configuration.commandName }
    if !kinds.contains(arguments[1]) && arguments[1] != "help" {
      throw ValidationError(
        "\(arguments[0]): expected one of \(kinds.joined(separator: ", ")), found '\(arguments[1])'"
      )
    }
  }

  /// The exit code of what a body does; its error is told.
  private static func code(_ body: () throws -> Void) -> Int32 {
    do {
      try body()
      return ExitCode.success.rawValue
    } catch let error as ConcordError {
      Terminal.writeError("Error: \(error)")
      return ExitCode.failure.rawValue
    } catch {
      let text = ConcordCommand.fullMessage(for: error)
      let status = ConcordCommand.exitCode(for: error)
      // Help and version come as errors, but are what was asked for.
      if status.isSuccess { return code { try Terminal.write(text + "\n") } }
      if !text.isEmpty { Terminal.writeErrorText(text + "\n") }
      return status.rawValue
    }
  }

  /// The arguments with the two bounds of `--range LOW HIGH` as one value.
  ///
  /// The parser would take a negative bound for an option.
  static func joinedRanges(_ arguments: [String]) -> [String] {
    var result: [String] = []
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      let bounds = rest.prefix(2)
      if argument == "--range", bounds.count == 2, bounds.allSatisfy({ Double($0) != nil }) {
        result.append("--range=" + bounds.joined(separator: ","))
        rest = rest.dropFirst(2)
      } else {
        result.append(argument)
      }
    }
    return result
  }
}
