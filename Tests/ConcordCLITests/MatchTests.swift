import Concord
import ConcordFiles
import ConcordTestSupport
import Foundation
import Testing

/// Generated truths, found again.
struct MatchTests {
  let place: Workplace

  init() throws { place = try Workplace() }

  @Test(arguments: ["0", "1000000"])
  func plantedTemplateIsFound(offset: String) throws {
    let truth = try place.run(
      "generate", "scene", "--shape", "60,80", "--template", "t.npy", "--template-shape", "12,15",
      "--offset", offset, "--gain", "40", "--noise", "0.5", "--seed", "5", "-o", "scene.npy",
      "--json"
    ).json
    let outcome = try place.run(
      "match", "scene.npy", "t.npy", "-o", "map.npy", "--picture", "p.png", "--json", "--verify",
      "50")
    #expect(outcome.status == 0, "\(outcome.error)")
    let json = try outcome.json
    let peaks = try #require(json["peaks"] as? [[String: Any]])
    #expect(peaks.count == 1)
    #expect(peaks[0]["row"] as? Int == truth["row"] as? Int)
    #expect(peaks[0]["column"] as? Int == truth["column"] as? Int)
    #expect((peaks[0]["score"] as? Double ?? 0) > 0.98)
    #expect(json["shape"] as? [Int] == [49, 66])
    #expect(json["metric"] as? String == "zncc")
    #expect(try place.read("map.npy").shape == [49, 66])
    #expect(try place.read("p.png").shape[0] > 200)
  }

  @Test func topAndThreshold() throws {
    try place.run(
      "generate", "scene", "--shape", "60,80", "--template", "t.npy", "--template-shape", "12,15",
      "-o", "scene.npy")
    func peaks(_ arguments: String...) throws -> Int {
      let json = try place.run(["match", "scene.npy", "t.npy", "--json"] + arguments).json
      return (json["peaks"] as? [Any])?.count ?? -1
    }
    #expect(try peaks() == 1)
    #expect(try peaks("--top", "4") == 4)
    #expect(try peaks("--threshold", "0.9") == 1)
    #expect(try peaks("--threshold", "-0.1") > 4)
    let text = try place.run("match", "scene.npy", "t.npy", "--top", "2").text
    #expect(text.contains(", score 1\n    2. row "))
    let nothing = try place.run("match", "scene.npy", "t.npy", "--threshold", "1.5")
    #expect(nothing.status == 0)
    #expect(nothing.text.contains("nothing"))
  }

  @Test(arguments: ["speckle", "blobs", "noise"])
  func generatedDataIsMovedExactly(kind: String) throws {
    let shape = ["--shape", "30,40", "--precision", "double", "--seed", "3"]
    try place.run(["generate", kind, "-o", "a.npy"] + shape)
    let moved = try place.run(
      ["generate", kind, "-o", "b.npy", "--shift", "-2,3", "--json"] + shape)
    #expect(try moved.json["shift"] as? [Double] == [-2, 3])
    let a: Image<Double> = try place.read("a.npy").array()
    let b: Image<Double> = try place.read("b.npy").array()
    let from = try a.view(2..<30, 0..<37).elements
    let to = try b.view(0..<28, 3..<40).elements
    #expect(relativeL2Error(to, from) < 1e-12)
    try place.run(["generate", kind, "-o", "c.npy"] + shape)
    #expect(try Data(contentsOf: place.path("a.npy")) == Data(contentsOf: place.path("c.npy")))
  }

  @Test func volumesAndSignals() throws {
    for shape in ["50", "5,6,7"] {
      let json = try place.run("generate", "speckle", "--shape", shape, "-o", "s.npy", "--json")
        .json
      #expect(json["shape"] as? [Int] == shape.split(separator: ",").compactMap { Int($0) })
      #expect(json["algorithm"] as? String == "speckle")
    }
    try place.write(Signal<Float>([0, 1, 5, 2, 0, 0, 2, 1]), "x.npy")
    try place.write(Signal<Float>([1, 5, 2]), "t.npy")
    let json = try place.run("match", "x.npy", "t.npy", "--json").json
    let peak = try #require((json["peaks"] as? [[String: Any]])?.first)
    #expect(peak["column"] as? Int == 1)
    #expect(peak["row"] == nil)
  }

  @Test(arguments: ["dot", "pearson", "spearman", "cosine", "distance"])
  func pairwise(measure: String) throws {
    var random = SplitMix64(seed: 6)
    let a: Image<Double> = random.array([4, 20])
    let b: Image<Double> = random.array([3, 20])
    try place.write(a, "a.npy")
    try place.write(b, "b.npy")
    let outcome = try place.run(
      "pairwise", "a.npy", "b.npy", "--measure", measure, "-o", "o.npy", "--json", "--verify", "20")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try outcome.json["shape"] as? [Int] == [4, 3])
    let rule = try #require(RowMeasure(rawValue: measure))
    #expect(
      relativeL2Error(
        try place.numbers("o.npy"), try a.rowPairs(with: b, measure: rule).elements) < 1e-14)
  }
}
