import Concord
import ConcordFiles
import ConcordTestSupport
import Foundation
import Testing

/// Metrics, extents, boundaries and colour of `concord match`.
struct MatchMetricTests {
  let place: Workplace

  init() throws { place = try Workplace() }

  private func writeSceneAndTemplate() throws {
    var random = SplitMix64(seed: 0x77)
    let scene: Image<Float> = random.array([30, 34], in: 1...2)
    try place.write(scene, "s.npy")
    try place.write(Image<Float>(shape: [6, 9]) { scene[$0.row + 11, $0.column + 20] }, "t.npy")
  }

  @Test(arguments: MatchingMetric.allCases)
  func everyMetricAndExtentIsVerified(metric: MatchingMetric) throws {
    try writeSceneAndTemplate()
    for extent in ConvolutionMode.allCases {
      for rule in extent == .valid ? [] : ["zero", "constant:3", "wrap", "renormalize"] {
        let outcome = try place.run(
          "match", "s.npy", "t.npy", "--metric", metric.rawValue, "--extent", extent.rawValue,
          "--boundary", rule, "-o", "map.npy", "--json", "--verify", "200")
        #expect(outcome.status == 0, "\(rule): \(outcome.error)")
        let json = try outcome.json
        #expect(json["metric"] as? String == metric.rawValue)
        #expect(json["extent"] as? String == extent.rawValue)
        #expect((json["max_relative_error"] as? Double ?? 1) < 1e-5)
        #expect(
          try place.read("map.npy").shape == (extent == .same ? [30, 34] : [35, 42]))
      }
    }
    let json = try place.run(
      "match", "s.npy", "t.npy", "--metric", metric.rawValue, "--json", "--verify", "200"
    ).json
    #expect(json["shape"] as? [Int] == [25, 26])
    if metric == .cross { return }
    let peak = try #require((json["peaks"] as? [[String: Any]])?.first)
    #expect(peak["row"] as? Int == 11 && peak["column"] as? Int == 20)
    if metric.isDistance { #expect(peak["score"] as? Double == 0) }
  }

  @Test func distancesAreSoughtFromBelow() throws {
    try writeSceneAndTemplate()
    let peaks = try #require(
      try place.run(
        "match", "s.npy", "t.npy", "--metric", "ssd", "--top", "3", "--json"
      ).json["peaks"] as? [[String: Any]])
    let scores = peaks.compactMap { $0["score"] as? Double }
    #expect(scores.count == 3 && scores == scores.sorted() && scores[0] == 0 && scores[1] > 1)
    let near = try place.run(
      "match", "s.npy", "t.npy", "--metric", "ssd", "--threshold", "0.5", "--json")
    #expect((try near.json["peaks"] as? [Any])?.count == 1)
  }

  @Test func placesBeyondTheEdgeAreBelowZero() throws {
    var random = SplitMix64(seed: 0x78)
    let scene: Image<Float> = random.array([30, 34], in: 1...2)
    try place.write(scene, "s.npy")
    let corner = Image<Float>(shape: [6, 9]) { position in
      let (row, column) = (position.row - 2, position.column - 3)
      return row >= 0 && column >= 0 ? scene[row, column] : 0
    }
    try place.write(corner, "t.npy")
    let outcome = try place.run(
      "match", "s.npy", "t.npy", "--extent", "full", "--picture", "p.png", "--json")
    #expect(outcome.status == 0, "\(outcome.error)")
    let peak = try #require((try outcome.json["peaks"] as? [[String: Any]])?.first)
    #expect(peak["row"] as? Int == -2 && peak["column"] as? Int == -3)
    #expect(abs((peak["score"] as? Double ?? 0) - 1) < 1e-9)
    #expect(try place.read("p.png").shape[0] > 100)
  }

  @Test func colours() throws {
    var random = SplitMix64(seed: 0x79)
    var planes: [Image<Float>] = []
    for _ in 0..<3 {
      let plane: Image<Double> = random.array([30, 34], in: 0...255)
      planes.append(Image(shape: [30, 34]) { Float(plane[$0].rounded()) })
    }
    try ArrayFile.write(channels: planes, to: place.path("s.png").path, range: 0...255)
    try ArrayFile.write(
      channels: planes.map { plane in
        Image<Float>(shape: [5, 6]) { plane[$0.row + 9, $0.column + 4] }
      }, to: place.path("t.png").path, range: 0...255)
    for channels in ["luminance", "joint", "each"] {
      let outcome = try place.run(
        "match", "s.png", "t.png", "--channels", channels, "-o", "map.npy", "--json", "--verify",
        "60", "--extent", "same", "--boundary", "reflect")
      #expect(outcome.status == 0, "\(channels): \(outcome.error)")
      let peaks = try #require(try outcome.json["peaks"] as? [[String: Any]])
      #expect(peaks.count == (channels == "each" ? 3 : 1))
      for (index, peak) in peaks.enumerated() {
        #expect(peak["row"] as? Int == 9 && peak["column"] as? Int == 4)
        #expect(peak["channel"] as? Int == (channels == "each" ? index : nil))
      }
    }
    try place.write(Image<Float>(shape: [5, 6]) { planes[0][$0] }, "grey.npy")
    let mixed = try place.run("match", "s.png", "grey.npy", "--channels", "joint")
    #expect(mixed.status == 1 && mixed.error.contains("expected as many colours"))
    #expect(try place.run("match", "s.png", "grey.npy", "--channels", "each").status == 0)
  }

  @Test func flatWindowsScoreAsAsked() throws {
    try place.write(
      Image<Float>(shape: [8, 9]) { $0.column < 6 ? 0 : Float($0.row + $0.column) }, "s.npy")
    try place.write(Image<Float>(shape: [2, 3]) { Float($0.row + $0.column) }, "t.npy")
    for (metric, flat, expected) in [
      ("zncc", "zero", Float(0)), ("ncc", "zero", 0), ("nssd", "zero", 1),
    ] {
      try place.run(
        "match", "s.npy", "t.npy", "--metric", metric, "--flat", flat, "-o", "m.npy", "--verify",
        "50")
      let map: Image<Float> = try place.read("m.npy").array()
      #expect(map[3, 2] == expected)
      try place.run(
        "match", "s.npy", "t.npy", "--metric", metric, "--flat", "nan", "-o", "m.npy", "--verify",
        "50")
      let marked: Image<Float> = try place.read("m.npy").array()
      #expect(marked[3, 2].isNaN && marked[3, 5].isFinite)
    }
  }

  @Test(arguments: [
    (["--metric", "zncd"], "--metric"), (["--boundary", "wrap"], "--extent same or full"),
    (["--extent", "full", "--min-overlap", "0.3"], "renormalize"),
    (["--extent", "full", "--boundary", "renormalize", "--min-overlap", "2"], "0 to 1"),
    (["--metric", "ssd", "--flat", "nan"], "--metric zncc, ncc or nssd"),
    (["--channels", "each", "--picture", "p.png"], "luminance or joint"),
  ])
  func wrongUsage(arguments: [String], expected: String) throws {
    try writeSceneAndTemplate()
    let outcome = try place.run(["match", "s.npy", "t.npy"] + arguments)
    #expect(outcome.status == 64 && outcome.error.contains(expected), "\(outcome.error)")
  }

  @Test func templatesThatCannotBeMatched() throws {
    try writeSceneAndTemplate()
    try place.write(Image<Float>(shape: [4, 4], repeating: 0), "zero.npy")
    for (metric, status) in [
      ("zncc", 1), ("zero-mean-cross", 1), ("ncc", 1), ("nssd", 1), ("ssd", 0), ("cross", 0),
    ] {
      let outcome = try place.run("match", "s.npy", "zero.npy", "--metric", metric)
      #expect(Int(outcome.status) == status, "\(metric): \(outcome.error)")
      #expect(outcome.error.split(separator: "\n").count == status)
    }
  }
}
