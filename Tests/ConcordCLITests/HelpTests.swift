import Foundation
import Testing

struct HelpTests {
  let place: Workplace

  init() throws { place = try Workplace() }

  @Test func listsWhatThereIs() throws {
    let outcome = try place.run("--help")
    #expect(outcome.status == 0)
    let list = outcome.text.split(separator: "SUBCOMMANDS:").last ?? ""
    let names = list.split(separator: "\n").compactMap { line in
      line.hasPrefix("  ") && !line.hasPrefix("   ") ? line.split(separator: " ").first : nil
    }
    #expect(
      names.prefix(12) == [
        "convolve", "correlate", "filter", "window", "bank", "pairs", "match", "duplicates",
        "pairwise", "plan",
        "tune", "generate",
      ])
    #expect(!outcome.text.contains("register"))
    #expect(try place.run().text.contains("SUBCOMMANDS:"))
  }

  @Test(arguments: [
    "convolve", "correlate", "filter", "window", "bank", "pairs", "match", "duplicates", "pairwise",
    "plan",
    "tune", "generate",
  ])
  func everySubcommandHasHelp(_ name: String) throws {
    let outcome = try place.run("help", name)
    #expect(outcome.status == 0)
    #expect(outcome.text.hasPrefix("OVERVIEW: "))
    #expect(outcome.text.contains("USAGE: concord \(name)"))
    #expect(outcome.error.isEmpty)
  }

  @Test func versionAndCompletions() throws {
    #expect(try place.run("--version").text == "0.1.0\n")
    for shell in ["bash", "zsh", "fish"] {
      let outcome = try place.run("--generate-completion-script", shell)
      #expect(outcome.status == 0)
      #expect(outcome.text.contains("correlate"))
    }
  }

  @Test func planShowsEveryCandidate() throws {
    let outcome = try place.run(
      "plan", "--image", "256,256", "--kernel", "9,9", "--mode", "same", "--boundary", "wrap",
      "--threads", "2")
    #expect(outcome.text.contains("→"))
    #expect(outcome.text.contains("direct"))
    #expect(outcome.text.contains("circular"))
    let json = try place.run(
      "plan", "--image", "256,256", "--kernel", "99,99", "--json", "--complex", "--precision",
      "double"
    ).json
    let candidates = try #require(json["candidates"] as? [[String: Any]])
    #expect(candidates.count >= 2)
    #expect(candidates.count { $0["chosen"] as? Bool == true } == 1)
    #expect(json["algorithm"] as? String == "fft")
    #expect(json["shape"] as? [Int] == [354, 354])
    #expect(json["predicted_seconds"] as? Double ?? 0 > 0)
  }
}
