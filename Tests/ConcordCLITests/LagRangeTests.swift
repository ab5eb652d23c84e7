import Concord
import ConcordFiles
import ConcordTestSupport
import Foundation
import Testing

/// Only some lags: tables of signals, and arrays of any rank.
struct LagRangeTests {
  let place: Workplace
  let image: Image<Float>
  let kernel: Image<Float>

  init() throws {
    place = try Workplace()
    var random = SplitMix64(seed: 12)
    image = random.array([12, 15])
    kernel = random.array([10, 9])
    try place.write(image, "image.npy")
    try place.write(kernel, "kernel.npy")
    try place.write(random.array([15]) as Signal<Float>, "x.npy")
    try place.write(random.array([9]) as Signal<Float>, "y.npy")
  }

  @Test(arguments: ["direct", "fft", "overlap-save"])
  func imagesAtSomeLags(algorithm: String) throws {
    let outcome = try place.run(
      "correlate", "image.npy", "kernel.npy", "--lag-range", "-5:6,-8:0", "--algorithm", algorithm,
      "--boundary", "reflect", "-o", "out.npy", "--json", "--verify", "50")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try outcome.json["shape"] as? [Int] == [12, 9])
    #expect(try outcome.json["lags"] as? [[Int]] == [[-5, 6], [-8, 0]])
    let full = try image.correlated(with: kernel, mode: .full, boundary: .reflect)
    let found: Image<Float> = try place.read("out.npy").array()
    // Lag 0 is the index M - 1 of 'full'.
    for row in 0..<12 {
      for column in 0..<9 {
        #expect(abs(found[row, column] - full[row - 5 + 9, column - 8 + 8]) < 1e-4)
      }
    }
  }

  @Test func oneRangeServesAllAxes() throws {
    let outcome = try place.run(
      "correlate", "image.npy", "kernel.npy", "--lag-range=-2:3", "-o", "out.npy", "--json")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try outcome.json["shape"] as? [Int] == [6, 6])
  }

  @Test func tableOfSomeLags() throws {
    try place.run("correlate", "x.npy", "y.npy", "--lags", "-o", "all.csv")
    let outcome = try place.run(
      "correlate", "x.npy", "y.npy", "--lags", "--lag-range", "-3:4", "-o", "some.csv", "--json",
      "--verify", "20")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try outcome.json["lags"] as? [Int] == [-3, 4])
    func rows(_ name: String) throws -> [[Double]] {
      try String(contentsOf: place.path(name), encoding: .utf8).split(separator: "\n").dropFirst()
        .map { $0.split(separator: ",").compactMap { Double($0) } }
    }
    let expected = try rows("all.csv").filter { (-3...4).contains($0[0]) }
    let found = try rows("some.csv")
    #expect(found.map { $0[0] } == expected.map { $0[0] })
    #expect(zip(found, expected).allSatisfy { abs($0[1] - $1[1]) < 1e-5 })
  }

  @Test(arguments: [
    (["--lag-range", "5:-5"], Int32(64), "--lag-range <low:high[,low:high…]>': expected one"),
    (["--lag-range", "-5,5"], 64, "expected one to three ranges"),
    (["--lag-range", "0:1:2"], 64, "expected one to three ranges"),
    (["--lag-range", "0:1", "--mode", "same"], 64, "--lag-range: expected no --mode"),
    (["--lag-range", "0:1,0:1", "--lags"], 64, "expected one range for --lags, found 2"),
    (["--lag-range", "0:1,0:1,0:1"], 1, "--lag-range: expected 1 or 2 ranges for 2 dimensions"),
    (["--lag-range", "0:1,0:15"], 1, "lag: expected -8...14, found 15"),
  ])
  func wrongRangesAreExplained(options: [String], status: Int32, text: String) throws {
    let output = options.contains("--lags") ? "out.csv" : "out.npy"
    let outcome = try place.run(
      ["correlate", "image.npy", "kernel.npy", "-o", output] + options)
    #expect(outcome.status == status, "\(outcome.error)")
    #expect(outcome.error.contains(text), "\(outcome.error)")
    #expect(!(try place.files.contains(output)))
  }
}
