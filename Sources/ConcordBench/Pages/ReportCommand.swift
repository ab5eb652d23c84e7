import ArgumentParser
import Foundation

/// Reports as pages to read.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Makes a page with plots, a Markdown summary or a table of reports.",
    discussion: "The names of the outputs say what they are: .html, .md or .csv.")

  @Argument(help: "Reports that --json wrote.")
  var reports: [String]

  @Option(name: .shortAndLong, help: "A file to write; may be given more than once.")
  var output: [String]

  @Option(help: "The document's title.")
  var title = "Concord measured"

  func validate() throws {
    for name in output where Self.kinds[kind(name)] == nil {
      throw ValidationError("\(name): the name has to end in .html, .md or .csv")
    }
  }

  func run() throws {
    let document = ReportDocument(try reports.map(Report.read), title: title)
    for name in output {
      guard let text = Self.kinds[kind(name)]?(document) else { continue }
      try Data(text.utf8).write(to: URL(filePath: name), options: .atomic)
    }
  }

  private func kind(_ name: String) -> String { URL(filePath: name).pathExtension }

  private static let kinds: [String: @Sendable (ReportDocument) -> String] = [
    "html": { HTMLPage($0).text }, "md": { MarkdownPage($0).text }, "csv": { CSVPage($0).text },
  ]
}
