import Concord
import ConcordFiles
import ConcordTestSupport
import Foundation
import Testing

/// Masks of `concord match`.
struct MatchMaskTests {
  let place: Workplace

  init() throws { place = try Workplace() }

  /// A scene, a template out of it, and masks of both, as images and as weights.
  private func writeFiles() throws {
    var random = SplitMix64(seed: 0x3a5)
    let scene: Image<Float> = random.array([30, 34], in: 1...2)
    try place.write(scene, "s.npy")
    try place.write(Image<Float>(shape: [6, 9]) { scene[$0.row + 11, $0.column + 20] }, "t.npy")
    // What is not 0 counts, however bright: grey 3 as well as 255.
    let mask = Image<Float>(shape: [6, 9]) {
      $0.row + $0.column < 3 ? 0 : $0.row % 2 == 0 ? 3 : 255
    }
    try ArrayFile.write(channels: [mask], to: place.path("m.png").path, range: 0...255)
    try place.write(mask.map { $0 == 0 ? 0 : 1 as Float }, "ones.npy")
    try place.write(Image<Float>(shape: [6, 9]) { Float($0.column) / 8 }, "w.npy")
    let holes = Image<Float>(shape: [30, 34]) { ($0.row + 2 * $0.column) % 7 == 0 ? 0 : 255 }
    try ArrayFile.write(channels: [holes], to: place.path("h.png").path, range: 0...255)
    try place.write(
      Image<Float>(shape: [30, 34]) {
        ($0.row + 2 * $0.column) % 7 == 0 ? .nan : scene[$0.row, $0.column]
      }, "nan.npy")
  }

  @Test(arguments: MatchingMetric.allCases)
  func everyMetricAndExtentIsVerified(metric: MatchingMetric) throws {
    try writeFiles()
    for extent in ConvolutionMode.allCases {
      for masks in [
        ["--mask", "m.png"], ["--mask", "w.npy", "--scene-mask", "h.png"],
        ["--scene-mask", "h.png", "--min-overlap", "0.5"],
      ] {
        let outcome = try place.run(
          ["match", "s.npy", "t.npy", "--metric", metric.rawValue, "--extent", extent.rawValue]
            + masks + ["-o", "map.npy", "--json", "--verify", "200"])
        #expect(outcome.status == 0, "\(masks): \(outcome.error)")
        let json = try outcome.json
        #expect(json["mask"] as? String == (masks[0] == "--mask" ? masks[1] : nil))
        #expect((json["max_relative_error"] as? Double ?? 1) < 1e-6)
        let peak = try #require((json["peaks"] as? [[String: Any]])?.first)
        // Two pixels at an edge always correlate.
        if metric.isDistance || (metric == .zncc && extent == .valid) {
          #expect(peak["row"] as? Int == 11 && peak["column"] as? Int == 20)
        }
      }
    }
  }

  @Test func masksOfImagesAreOnesAndZeros() throws {
    try writeFiles()
    for (mask, output) in [("m.png", "a.npy"), ("ones.npy", "b.npy")] {
      #expect(
        try place.run("match", "s.npy", "t.npy", "--mask", mask, "-o", output).status == 0)
    }
    let first: Image<Float> = try place.read("a.npy").array()
    let second: Image<Float> = try place.read("b.npy").array()
    #expect(first.elements == second.elements)
  }

  @Test func nanIsAMaskIfAsked() throws {
    try writeFiles()
    #expect(
      try place.run(
        "match", "s.npy", "t.npy", "--scene-mask", "h.png", "-o", "a.npy", "--extent", "full"
      ).status == 0)
    let outcome = try place.run(
      "match", "nan.npy", "t.npy", "--nan", "mask", "-o", "b.npy", "--extent", "full", "--verify",
      "100", "--json", "--picture", "p.png")
    #expect(outcome.status == 0, "\(outcome.error)")
    let first: Image<Float> = try place.read("a.npy").array()
    let second: Image<Float> = try place.read("b.npy").array()
    #expect(zip(first.elements, second.elements).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(try place.read("p.png").shape[0] > 60)
    let spread = try place.run("match", "nan.npy", "t.npy", "--json")
    #expect((try spread.json["peaks"] as? [Any])?.isEmpty ?? false)
  }

  @Test func everyImageOfAStackIsSearched() throws {
    try writeFiles()
    let scene: Image<Float> = try place.read("s.npy").array()
    var stack = Volume<Float>(shape: [3, 30, 34], repeating: 0)
    for plane in 0..<3 {
      for row in 0..<30 {
        for column in 0..<34 {
          stack[plane, row, column] = scene[row, (column + 4 * plane) % 34] + Float(plane)
        }
      }
    }
    try place.write(stack, "stack.npy")
    let outcome = try place.run(
      "match", "stack.npy", "t.npy", "--mask", "m.png", "--top", "3", "--threshold", "0.99",
      "--json", "--verify", "50")
    #expect(outcome.status == 0, "\(outcome.error)")
    let peaks = try #require(try outcome.json["peaks"] as? [[String: Any]])
    #expect(Set(peaks.compactMap { $0["column"] as? Int }) == [20, 16, 12])
  }

  @Test func badMasksAreRefused() throws {
    try writeFiles()
    func refuses(_ arguments: [String], _ text: String, status: Int32 = 1) throws {
      let outcome = try place.run(["match", "s.npy", "t.npy"] + arguments)
      #expect(outcome.status == status)
      #expect(outcome.error.contains(text), "\(outcome.error)")
    }
    try refuses(["--mask", "h.png"], "expected a mask of 6 × 9 as the template has, found 30 × 34")
    try refuses(["--scene-mask", "w.npy"], "expected a mask of 30 × 34 as the scene has")
    try place.write(Image<Float>(shape: [6, 9], repeating: 2), "two.npy")
    try refuses(["--mask", "two.npy"], "two.npy: expected weights from 0 to 1, found 2")
    try place.write(Image<Float>(shape: [6, 9], repeating: 0), "none.npy")
    try refuses(["--mask", "none.npy"], "the template's mask is empty")
    try refuses(["--mask", "absent.npy"], "absent.npy")
    try refuses(["--mask", "m.png", "--algorithm", "box"], "cannot serve")
    try refuses(["--mask", "m.png", "--channels", "joint"], "luminance or each", status: 64)
    try refuses(["--mask", "m.png", "--confidence", "0.9"], "expected no masks", status: 64)
    try refuses(["--min-overlap", "0.5"], "or a mask beside it", status: 64)
    try refuses(["--nan", "zero"], "--nan", status: 64)
  }
}
