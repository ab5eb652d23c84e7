import Concord
import ConcordFiles
import ConcordTestSupport
import Foundation
import Testing

/// What is written doesn't depend on the number of threads, and verification means what it says.
struct ThreadTests {
  let place: Workplace

  init() throws {
    place = try Workplace()
    var random = SplitMix64(seed: 51)
    let image: Image<Float> = random.array([260, 700], in: 0...255)
    try place.write(image, "image.npy")
    try place.write(image.transposed().transposed() * 0.5 + 3, "other.npy")
    let kernel: Image<Float> = random.array([9, 8], in: -1...1)
    try place.write(kernel, "kernel0.npy")
    try place.write(kernel.transposed(), "wide.npy")
    try place.write(kernel * 2, "kernel1.npy")
    for index in 0..<2 { try place.write(image * Float(index + 1), "frame\(index).npy") }
  }

  @Test(arguments: [
    ["convolve", "image.npy", "wide.npy", "--boundary", "reflect"],
    ["convolve", "image.npy", "gaussian:6", "--boundary", "renormalize", "--mode", "same"],
    ["correlate", "image.npy", "wide.npy", "--algorithm", "overlap-save", "--scale", "2"],
    ["correlate", "image.npy", "wide.npy", "--algorithm", "fft", "--mode", "valid"],
    ["bank", "image.npy", "kernel*.npy", "--mode", "same", "--stride", "2,1"],
    ["pairs", "frame*.npy", "kernel*.npy"],
    ["pairwise", "image.npy", "other.npy", "--measure", "pearson"],
    ["pairwise", "image.npy", "other.npy", "--lags", "-2,3"],
    ["window", "image.npy", "other.npy", "--reduce", "correlation", "--size", "7"],
    [
      "window", "image.npy", "other.npy", "--reduce", "variance", "--size", "7", "--expression",
      "abs(a - b)", "--ddof", "1",
    ],
    ["filter", "box", "image.npy", "--size", "5"],
    ["filter", "median", "image.npy", "--size", "3"],
    ["filter", "gaussian", "image.npy", "--sigma", "2,3"],
    ["filter", "gaussian", "image.npy", "--sigma", "2.5", "--tolerance", "1e-2"],
    ["filter", "gaussian", "image.npy", "--sigma", "9", "--tolerance", "1e-4"],
  ])
  func threadsChangeNoByte(arguments: [String]) throws {
    var written: [Data] = []
    for threads in ["1", "2", "3"] {
      let outcome = try place.run(arguments + ["--threads", threads, "-o", "out.npy"])
      #expect(outcome.status == 0, "\(outcome.error)")
      written.append(try Data(contentsOf: place.path("out.npy")))
    }
    #expect(written[1] == written[0] && written[2] == written[0])
  }

  @Test(arguments: [[33, 200], [150, 61], [64, 80]], ["symmetric", "zero", "renormalize"])
  func gaussiansWithinAToleranceAreVerified(shape: [Int], boundary: String) throws {
    var random = SplitMix64(seed: 52)
    let image: Image<Float> = random.array([shape[0], shape[1]], in: 0...1)
    try place.write(image, "small.npy")
    let outcome = try place.run(
      "filter", "gaussian", "small.npy", "--sigma", "5", "--tolerance", "1e-4", "--boundary",
      boundary, "--verify", "40", "-o", "out.npy", "--json")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try outcome.json["verified"] != nil || outcome.text.contains("error"))
  }
}
