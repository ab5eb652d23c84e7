import ArgumentParser
import Concord
import ConcordBackends
import ConcordFiles
import Foundation

/// The process: arguments in, an exit code out.
@main
enum Program {
  static func main() {
    endOnInterrupt { AtomicFile.removeUnfinished() }
    do {
      let arguments = joinedRanges(Array(CommandLine.arguments.dropFirst()))
      var command = try ConcordCommand.parseAsRoot(arguments)
      try command.run()
    } catch let error as ConcordError {
      Terminal.writeError("Error: \(error)")
      exit(ExitCode.failure.rawValue)
    } catch {
      ConcordCommand.exit(withError: error)
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
