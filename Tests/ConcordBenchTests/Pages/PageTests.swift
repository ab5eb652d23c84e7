import ConcordBench
import Foundation
import Testing

#if canImport(FoundationXML)
import FoundationXML
#endif

struct PageTests {
  private let document = ReportDocument([
    sampleReport(
      [3, 7, 15].flatMap { kernel in
        [
          sampleEntry("concord", "auto", 0.001, kernel: kernel, caseName: "case-\(kernel)"),
          sampleEntry("opencv", "a, \"b\"", 0.002, kernel: kernel, caseName: "case-\(kernel)"),
        ]
      })
  ])

  @Test func pagesNeedNothingElse() {
    let text = HTMLPage(document).text
    for foreign in ["http:", "https:", "src=", "<script", "@import", "url("] {
      #expect(!text.contains(foreign), "\(foreign)")
    }
    #expect(text.contains("by &lt;auto&gt;"))
    #expect(!text.contains("by <auto>"))
    #expect(text.contains(document.reports[0].machine))
    #expect(text.contains("Fastest in 3 of 3 cases"))
  }

  @Test func plotsAreWellFormed() throws {
    let family = try #require(document.families.first)
    let parser = XMLParser(data: Data(SVGPlot(family).text.utf8))
    let counter = ElementCounter()
    parser.delegate = counter
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    #expect(counter.counts["circle"] == 6)
    #expect(counter.counts["svg"] == 1)
  }

  @Test func markdownHasATableOfRatios() {
    let text = MarkdownPage(document).text
    #expect(text.contains("| case | Concord | opencv |\n|---|---:|---:|\n| case-3 | 1 ms | 2.00 |"))
    #expect(text.contains("- Command: `"))
  }

  @Test func tablesQuoteTheirFields() {
    let lines = CSVPage(document).text.split(separator: "\n")
    #expect(lines.count == 7)
    #expect(lines[0].hasPrefix("suite,case,problem,peer,algorithm,strategy,"))
    #expect(lines[2].contains(#"opencv,"a, ""b""",""#))
    #expect(lines[1].contains(",512x512,3x3,0.001,"))
  }

  @Test func targetsOfKnownCasesAreJudged() throws {
    let known = try #require(CaseCatalogue.all.first { !$0.goals.isEmpty })
    let page = ReportDocument([
      sampleReport([
        sampleEntry("concord", "auto", 0.001, caseName: known.name),
        sampleEntry("opencv", "filter2D", 0.1, caseName: known.name),
      ])
    ])
    #expect(page.verdicts.count == known.goals.count)
    #expect(page.verdicts.contains { $0.state == .held })
    #expect(MarkdownPage(page).text.contains("targets held"))
  }
}

private final class ElementCounter: NSObject, XMLParserDelegate {
  var counts: [String: Int] = [:]

  func parser(
    _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?,
    qualifiedName qName: String?, attributes attributeDict: [String: String] = [:]
  ) {
    counts[elementName, default: 0] += 1
  }
}
