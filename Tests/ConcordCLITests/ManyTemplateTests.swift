import Concord
import ConcordFiles
import ConcordTestSupport
import Foundation
import Testing

/// Several templates, and what is made of one, as `concord match` looks for them.
struct ManyTemplateTests {
  let place: Workplace
  private let scene: Image<Float>

  init() throws {
    place = try Workplace()
    var random = SplitMix64(seed: 0x4d)
    let noise: Image<Float> = random.array([50, 60])
    scene = noise
    try place.write(scene, "scene.npy")
    try place.write(try scene.view(10..<18, 20..<31).copied(), "a.npy")
    try place.write(try scene.view(30..<40, 5..<12).copied() * 3 + 8, "b.npy")
    // A quarter turn, clockwise.
    let part = try scene.view(22..<31, 40..<47).copied()
    try place.write(Image<Float>(shape: [7, 9]) { part[8 - $0.column, $0.row] }, "turned.npy")
  }

  private func json(_ arguments: String...) throws -> [String: Any] {
    let outcome = try place.run(["match", "scene.npy"] + arguments + ["--json"])
    #expect(outcome.status == 0, "\(outcome.error)")
    return try outcome.json
  }

  @Test func severalTemplates() throws {
    let found = try json(
      "a.npy", "b.npy", "--threshold", "0.9", "--verify", "60", "-o", "map.npy", "--index-map",
      "which.npy", "--peaks", "p.csv", "--picture", "p.png", "--subpixel", "--confidence", "0.9")
    let peaks = try #require(found["peaks"] as? [[String: Any]])
    #expect(peaks.count == 2)
    let places = peaks.map { [$0["template"], $0["row"], $0["column"]].map { $0 as? Int } }
    #expect(Set(places) == [[0, 10, 20], [1, 30, 5]])
    #expect(peaks.allSatisfy { ($0["score"] as? Double ?? 0) > 0.999999 })
    #expect(peaks[0]["template_shape"] as? [Int] == (places[0][0] == 0 ? [8, 11] : [10, 7]))
    let templates = try #require(found["templates"] as? [[String: Any]])
    #expect(templates.map { $0["file"] as? String } == ["a.npy", "b.npy"])
    #expect(templates.map { $0["row"] as? Int } == [10, 30])
    // Centres of (8, 11) begin at (3, 5), those of (10, 7) at (4, 3); they end at 45 and 55, or 44 and 56.
    #expect(found["first_center"] as? [Int] == [3, 3])
    #expect(found["shape"] as? [Int] == [43, 54])
    let map: Image<Float> = try place.read("map.npy").array()
    let which: Image<Float> = try place.read("which.npy").array()
    #expect(map[10, 22] > 0.999 && which[10, 22] == 0)
    #expect(map[31, 5] > 0.999 && which[31, 5] == 1)
    #expect(which[0, 0] == -1 && map[0, 0].isNaN)
    let lines = try String(contentsOf: place.path("p.csv"), encoding: .utf8).split(separator: "\n")
    #expect(
      lines[0].hasPrefix(
        "rank,template,angle,scale,template_rows,template_columns,row,column,score,subpixel_row"))
    #expect(lines.count == 3)
    #expect(try place.read("p.png").shape[0] > 100)
    let text = try place.run("match", "scene.npy", "a.npy", "b.npy", "--top", "2").text
    #expect(text.contains("template 1, b.npy, row 30, column 5, score 1"))
  }

  @Test func patternsAndOneTemplate() throws {
    let one = try json("a.npy")
    #expect(one["templates"] == nil)
    #expect((one["peaks"] as? [[String: Any]])?.first?["template"] == nil)
    let two = try json("[ab].npy", "--threshold", "0.99")
    #expect((two["peaks"] as? [[String: Any]])?.count == 2)
    // Without a map nothing as large as the scene is kept; the numbers are the same.
    let map = try json("a.npy", "b.npy", "-o", "map.npy")
    let none = try json("a.npy", "b.npy")
    #expect(map["peak_ratio"] as? Double == none["peak_ratio"] as? Double)
    #expect(none["peak_ratio"] as? Double ?? 0 >= 1)
  }

  @Test func rotations() throws {
    let found = try json("turned.npy", "--rotations", "0:270:90", "--verify", "20")
    let peak = try #require((found["peaks"] as? [[String: Any]])?.first)
    #expect(peak["angle"] as? Double == 90 && peak["template"] as? Int == 1)
    #expect(peak["row"] as? Int == 22 && peak["column"] as? Int == 40)
    #expect(peak["score"] as? Double ?? 0 > 0.999999)
    #expect(peak["template_shape"] as? [Int] == [9, 7])
    let scaled = try json(
      "turned.npy", "a.npy", "--rotations", "-10,0,90", "--scales", "0.9:1.1:0.1",
      "--interpolation", "linear", "--top", "2")
    let templates = try #require(scaled["templates"] as? [[String: Any]])
    #expect(templates.count == 18)
    let peaks = try #require(scaled["peaks"] as? [[String: Any]])
    #expect(Set(peaks.compactMap { $0["template"] as? Int }) == [5, 13])
  }

  @Test func stacksAndColours() throws {
    let other: Image<Float> = scene.map { 1 - $0 * $0 }
    let stack = Volume<Float>(shape: [2, 50, 60]) {
      $0[0] == 0 ? scene[$0[1], $0[2]] : other[$0[1], $0[2]]
    }
    try place.write(stack, "stack.npy")
    try place.write(try other.view(3..<12, 40..<50).copied(), "c.npy")
    let outcome = try place.run(
      "match", "stack.npy", "a.npy", "c.npy", "--threshold", "0.99", "--verify", "20", "--json")
    let peaks = try #require(try outcome.json["peaks"] as? [[String: Any]])
    let places = peaks.map {
      [$0["template"], $0["plane"], $0["row"], $0["column"]].map { $0 as? Int }
    }
    #expect(Set(places) == [[0, 0, 10, 20], [1, 1, 3, 40]], "\(outcome.error)")
    let colour = try ColorImage(planes: [scene, other, try scene * other])
    try ArrayFile.write(colour, to: place.path("colour.npy").path)
    var parts: [Image<Float>] = []
    for plane in colour.planes { parts.append(try plane.view(20..<30, 33..<40).copied()) }
    try ArrayFile.write(try ColorImage(planes: parts), to: place.path("part.tif").path)
    try ArrayFile.write(colour, to: place.path("colour.tif").path)
    let joint = try place.run(
      "match", "colour.tif", "part.tif", "--scales", "1,1.2", "--channels", "joint", "--json",
      "--verify", "10")
    let best = try #require((try joint.json["peaks"] as? [[String: Any]])?.first)
    #expect(best["row"] as? Int == 20 && best["column"] as? Int == 33, "\(joint.error)")
  }

  @Test(arguments: [
    (["a.npy", "b.npy", "--coarse", "1"], 64, "one template"),
    (["a.npy", "--scales", "0"], 64, "0.01 to 100"),
    (["a.npy", "--rotations", "0:10"], 64, "0:350:10"),
    (["a.npy", "--interpolation", "cubic"], 64, "--rotations"),
    (["a.npy", "b.npy", "--index-map", "i.png"], 64, ".npy"),
    (["a.npy", "b.npy", "--channels", "each"], 1, "one template"),
    (["a.npy", "b.npy", "--algorithm", "fft"], 1, "fft"),
    (["a.npy", "--scales", "20"], 1, "template"),
    (["a.npy", "--scales", "0.05"], 1, "at least 2"),
    (["a.npy", "nothing.npy"], 1, "nothing.npy"),
    ([], 64, "template"),
  ])
  func refusals(arguments: [String], status: Int32, problem: String) throws {
    let outcome = try place.run(["match", "scene.npy"] + arguments)
    #expect(outcome.status == status)
    #expect(outcome.error.contains(problem), "\(outcome.error)")
  }

  @Test func templatesOfOtherRanks() throws {
    try place.write(Signal<Float>([1, 2, 5]), "line.npy")
    let outcome = try place.run("match", "scene.npy", "a.npy", "line.npy")
    #expect(outcome.status == 1)
    #expect(outcome.error.contains("line.npy"), "\(outcome.error)")
    try place.write(Signal<Float>([0, 1, 2, 5, 0, 3, 3, 1]), "signal.npy")
    let turned = try place.run("match", "signal.npy", "line.npy", "--rotations", "90")
    #expect(turned.status == 1)
    #expect(turned.error.contains("2 dimensions"), "\(turned.error)")
    try place.write(Signal<Float>([3, 3, 1]), "end.npy")
    let found = try place.run(
      "match", "signal.npy", "line.npy", "end.npy", "--threshold", "0.99", "--min-distance", "1",
      "--json")
    let peaks = try #require(try found.json["peaks"] as? [[String: Any]])
    #expect(Set(peaks.compactMap { $0["column"] as? Int }) == [1, 5], "\(found.error)")
  }
}
