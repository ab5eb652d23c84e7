import Concord
import ConcordFiles
import ConcordTestSupport
import Foundation
import Testing

/// Places, as `concord match` tells them.
struct PeakTests {
  let place: Workplace

  init() throws {
    place = try Workplace()
    // A texture, and a template that is a part of it moved by (0.25, -0.4).
    let scene = Image<Float>(shape: [50, 60]) {
      Self.texture(Double($0.row), Double($0.column))
    }
    let template = Image<Float>(shape: [16, 18]) {
      Self.texture(Double($0.row) + 20.25, Double($0.column) + 29.6)
    }
    try place.write(scene, "scene.npy")
    try place.write(template, "t.npy")
  }

  private static func texture(_ y: Double, _ x: Double) -> Float {
    Float(sin(0.31 * y + 0.1 * x) + cos(0.27 * x - 0.05 * y) + 0.5 * sin(0.11 * x + 0.2 * y))
  }

  private func peaks(_ arguments: String...) throws -> [[String: Any]] {
    let outcome = try place.run(["match", "scene.npy", "t.npy", "--json"] + arguments)
    #expect(outcome.status == 0, "\(outcome.error)")
    return try #require(try outcome.json["peaks"] as? [[String: Any]])
  }

  @Test(arguments: [
    ["--subpixel"], ["--subpixel", "--subpixel-method", "polynomial"],
    ["--subpixel-method", "polynomial", "--subpixel-size", "5"],
    ["--subpixel-method", "gaussian"],
  ])
  func subpixel(arguments: [String]) throws {
    let outcome = try place.run(["match", "scene.npy", "t.npy", "--json"] + arguments)
    let found = try #require(try outcome.json["peaks"] as? [[String: Any]])
    #expect(found[0]["row"] as? Int == 20 && found[0]["column"] as? Int == 30)
    let fit = try #require(found[0]["subpixel"] as? [String: Any])
    // A quadratic over 5 x 5 sees more of the peak's feet than of its top.
    let bound = arguments.contains("5") ? 0.2 : 0.06
    #expect(abs((fit["row"] as? Double ?? 0) - 20.25) < bound)
    #expect(abs((fit["column"] as? Double ?? 0) - 29.6) < bound)
    #expect((fit["score"] as? Double ?? 0) > (found[0]["score"] as? Double ?? 2))
    #expect(try outcome.json["peak_ratio"] as? Double ?? 0 > 1)
    #expect(
      try place.run(["match", "scene.npy", "t.npy"] + arguments).text.contains("fitted at (20."))
  }

  @Test func distances() throws {
    #expect(try peaks("--threshold", "-2", "--min-distance", "1").count > 5)
    let apart = try peaks("--top", "9", "--min-distance", "15,20")
    for (index, peak) in apart.enumerated() {
      for other in apart[..<index] {
        let rows = abs((peak["row"] as? Int ?? 0) - (other["row"] as? Int ?? 0))
        let columns = abs((peak["column"] as? Int ?? 0) - (other["column"] as? Int ?? 0))
        #expect(rows >= 15 || columns >= 20)
      }
    }
    let inner = try peaks("--threshold", "-2", "--exclude-border", "3", "--min-distance", "1")
    // The map is 35 by 43.
    #expect(
      inner.allSatisfy {
        (3..<32).contains($0["row"] as? Int ?? 0) && (3..<40).contains($0["column"] as? Int ?? 0)
      })
    #expect(try peaks("--threshold", "-2", "--neighborhood", "40").count == 1)
  }

  @Test func confidence() throws {
    let peak = try peaks("--confidence", "0.95")[0]
    let interval = try #require(peak["interval"] as? [Double])
    let score = try #require(peak["score"] as? Double)
    #expect(interval[0] < score && score < interval[1] && interval[1] < 1)
    let wide = try #require(try peaks("--confidence", "0.999")[0]["interval"] as? [Double])
    #expect(wide[0] < interval[0])
    let text = try place.run("match", "scene.npy", "t.npy", "--confidence", "0.95").text
    #expect(text.contains(", between 0."))
  }

  @Test func table() throws {
    let found = try peaks(
      "--top", "3", "--subpixel", "--confidence", "0.9", "--peaks", "p.csv")
    let lines = try String(contentsOf: place.path("p.csv"), encoding: .utf8).split(separator: "\n")
    #expect(
      lines[0]
        == "rank,row,column,score,subpixel_row,subpixel_column,subpixel_score,interval_low,interval_high"
    )
    #expect(lines.count == found.count + 1)
    let first = lines[1].split(separator: ",")
    #expect(first[0] == "1" && first[1] == "20" && first[2] == "30" && first.count == 9)
    #expect(abs((Double(first[3]) ?? 0) - (found[0]["score"] as? Double ?? 9)) < 1e-12)
  }

  @Test func imagesOfAStackAreApart() throws {
    let scene: Image<Float> = try place.read("scene.npy").array()
    let stack = Volume<Float>(shape: [3, 50, 60]) {
      scene[$0[1], $0[2]] + Float(($0[1] * 7 + $0[2] * 5 + $0[0] * 3) % 4) * 0.02 * Float($0[0])
    }
    try place.write(stack, "stack.npy")
    let json = try place.run(
      "match", "stack.npy", "t.npy", "--threshold", "0.9", "--subpixel", "--min-distance", "9",
      "--json"
    ).json
    let found = try #require(json["peaks"] as? [[String: Any]])
    // Their best places are the same, so that all but one would be hidden by a neighbour.
    let best = found.filter { $0["row"] as? Int == 20 && $0["column"] as? Int == 30 }
    #expect(best.compactMap { $0["plane"] as? Int }.sorted() == [0, 1, 2])
    let fit = try #require(found[0]["subpixel"] as? [String: Any])
    #expect(fit["plane"] as? Int == found[0]["plane"] as? Int)
  }

  @Test(arguments: [
    (["--min-distance", "0"], "--min-distance"), (["--subpixel-size", "5"], "--subpixel-method"),
    (["--subpixel-method", "polynomial", "--subpixel-size", "4"], "odd"),
    (["--confidence", "1"], "between 0 and 1"), (["--peaks", "p.txt"], ".csv"),
    (["--peaks", "a.csv", "-o", "a.csv"], "another file"),
  ])
  func wrongUsage(arguments: [String], problem: String) throws {
    let outcome = try place.run(["match", "scene.npy", "t.npy"] + arguments)
    #expect(outcome.status == 64)
    #expect(outcome.error.contains(problem), "\(outcome.error)")
  }

  @Test func distancesOfTooManyAxes() throws {
    let outcome = try place.run("match", "scene.npy", "t.npy", "--min-distance", "1,2,3")
    #expect(outcome.status == 1)
    #expect(outcome.error.contains("expected 2 elements, found 3"), "\(outcome.error)")
  }
}
