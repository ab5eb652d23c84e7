import Concord
import ConcordFiles
import ConcordTestSupport
import Foundation
import Testing

/// Maps of scores that come in strips, and searches from coarse to fine.
struct LargeMatchTests {
  let place: Workplace

  init() throws {
    place = try Workplace()
    var random = SplitMix64(seed: 0x4c)
    let noise: Image<Float> = random.array([300, 420])
    let coarse: Image<Float> = random.array([38, 53])
    let scene = Image<Float>(shape: [300, 420]) {
      0.3 * noise[$0.row, $0.column] + coarse[$0.row / 8, $0.column / 8]
    }
    try place.write(scene, "scene.npy")
    try place.write(try scene.view(201..<233, 311..<347).copied(), "t.npy")
  }

  private func json(_ arguments: [String]) throws -> [String: Any] {
    let outcome = try place.run(["match", "scene.npy", "t.npy", "--json"] + arguments)
    #expect(outcome.status == 0, "\(outcome.error)")
    return try outcome.json
  }

  @Test(arguments: [["--extent", "valid"], ["--extent", "same", "--boundary", "reflect"]])
  func strips(extent: [String]) throws {
    let arguments =
      extent + ["--top", "5", "--subpixel", "--algorithm", "overlap-save", "--threads", "2"]
    let whole = try json(arguments + ["-o", "whole.npy"])
    var strips = arguments + ["--memory-limit", "400K", "-o", "strips.npy", "--peaks", "p.csv"]
    if extent[1] == "valid" { strips += ["--verify", "40"] }
    let parts = try json(strips)
    #expect(whole["streamed"] == nil && parts["streamed"] as? Bool == true)
    #expect(parts["strips"] as? Int ?? 0 > 1)
    #expect(parts["shape"] as? [Int] == whole["shape"] as? [Int])
    #expect(
      abs((parts["peak_ratio"] as? Double ?? 0) - (whole["peak_ratio"] as? Double ?? 9)) < 1e-4)
    #expect(relativeL2Error(try place.numbers("strips.npy"), try place.numbers("whole.npy")) < 1e-5)
    #expect(try place.read("strips.npy").shape == whole["shape"] as? [Int])
    let one = try #require(parts["peaks"] as? [[String: Any]])
    let other = try #require(whole["peaks"] as? [[String: Any]])
    #expect(one.map { $0["row"] as? Int } == other.map { $0["row"] as? Int })
    #expect(one.map { $0["column"] as? Int } == other.map { $0["column"] as? Int })
    #expect(one.map { $0["score"] as? Double } == other.map { $0["score"] as? Double })
    #expect(one[0]["row"] as? Int == 201 && one[0]["column"] as? Int == 311)
    let repeated = try json(arguments + ["--memory-limit", "400K", "--repeat", "2"])
    #expect((repeated["runs"] as? [Double])?.count == 2)
    #expect((repeated["seconds"] as? Double ?? -1) > 0)
  }

  @Test func coarse() throws {
    let found = try json(["--coarse", "2", "--verify", "5", "--confidence", "0.9"])
    let peak = try #require((found["peaks"] as? [[String: Any]])?.first)
    #expect(peak["row"] as? Int == 201 && peak["column"] as? Int == 311)
    #expect(found["exact"] as? Bool == false && found["factor"] as? Int == 4)
    #expect(found["algorithm"] as? String == "coarse-to-fine")
    #expect(found["candidates"] as? Int ?? 0 > 0)
    #expect(found["shape"] as? [Int] == [269, 385])
    let checker = Image<Float>(shape: [40, 40]) { ($0.row + $0.column) % 2 == 0 ? 1 : -1 }
    try place.write(checker, "checker.npy")
    try place.write(try checker.view(0..<16, 0..<16).copied(), "square.npy")
    let exact = try place.run("match", "checker.npy", "square.npy", "--coarse", "1", "--json").json
    #expect(exact["exact"] as? Bool == true)
    #expect(exact["algorithm"] as? String == "full search")
    let text = try place.run("match", "scene.npy", "t.npy", "--coarse", "1").text
    #expect(text.contains("places without coarse structure may be missing"))
  }

  @Test(arguments: [
    (["--coarse", "0"], "1 to 6"), (["--coarse", "1", "--metric", "ssd"], "zncc"),
    (["--coarse", "1", "-o", "map.npy"], "no map"),
    (["--coarse", "1", "--neighborhood", "3"], "--neighborhood"),
    (["--coarse", "1", "--rotations", "0,5"], "one template"),
  ])
  func wrongUsage(arguments: [String], problem: String) throws {
    let outcome = try place.run(["match", "scene.npy", "t.npy"] + arguments)
    #expect(outcome.status == 64)
    #expect(outcome.error.contains(problem), "\(outcome.error)")
  }
}
