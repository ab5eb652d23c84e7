import Concord
import Foundation
import Testing

/// Exit codes, messages, and nothing left behind.
struct FailureTests {
  let place: Workplace

  init() throws {
    place = try Workplace()
    try place.write(Image<Float>(shape: [6, 8]) { Float($0.row * $0.column) }, "image.npy")
    try place.write(Image<Float>(shape: [3, 3], repeating: 2), "flat.npy")
    try place.write(Volume<Float>(shape: [2, 3, 3], repeating: 2), "volume.npy")
    let whole = try Data(contentsOf: place.path("image.npy"))
    try whole.prefix(150).write(to: place.path("cut.npy"))
    try whole.prefix(40).write(to: place.path("header.npy"))
    try place.write("not what it seems", "text.npy")
    try place.write("not what it seems", "text.png")
    try place.write("not what it seems", "text.tif")
    try place.write("1,2\n3,x\n", "bad.csv")
    try place.write("hello", "notes.txt")
  }

  @Test(arguments: [
    (["match", "missing.npy", "image.npy"], "missing.npy: no such file or folder"),
    (["match", "image.npy", "volume.npy"], "volume.npy: expected a template of 2 dimensions"),
    (["match", "flat.npy", "image.npy"], "flat.npy, image.npy: the template is too large"),
    (["match", "image.npy", "flat.npy"], "flat.npy: the template is flat"),
    (["match", "volume.npy", "flat.npy", "--picture", "p.png"], "volume.npy: expected an image"),
    (["filter", "box", "cut.npy", "--size", "3", "-o", "o.npy"], "cut.npy: expected 192 bytes"),
    (["filter", "box", "header.npy", "--size", "3", "-o", "o.npy"], "header.npy: the file ends"),
    (["filter", "box", "text.npy", "--size", "3", "-o", "o.npy"], "text.npy: expected a .npy"),
    (["filter", "box", "text.png", "--size", "3", "-o", "o.npy"], "text.png: "),
    (["filter", "box", "text.tif", "--size", "3", "-o", "o.npy"], "text.tif: "),
    (["filter", "box", "bad.csv", "--size", "3", "-o", "o.npy"], "bad.csv: line 2: expected a "),
    (["filter", "box", "notes.txt", "--size", "3", "-o", "o.npy"], "found .txt"),
    (["filter", "box", "none*.npy", "--size", "3", "-o", "o.npy"], "none*.npy: expected files"),
    (["filter", "box", "image.npy", "--size", "1,2,3", "-o", "o.npy"], "--size: expected 1 or 2"),
    (
      ["filter", "box", "image.npy", "--size", "3", "-o", "no/o.npy"], "no/o.npy: expected a folder"
    ),
    (["filter", "box", "image.npy", "--size", "1000000000,9000000000", "-o", "o.npy"], "2^56"),
    (["filter", "median", "image.npy", "--size", "500000", "-o", "o.npy"], "memory limit"),
    (["filter", "box", "image.npy", "--size", "3", "-o", "o.npy", "--memory-limit", "9"], "limit"),
    (["convolve", "image.npy", "volume.npy", "-o", "o.npy"], "volume.npy: expected a kernel of 2"),
    (["convolve", "image.npy", "gaussian:1e7", "-o", "o.npy"], "memory limit"),
    (
      ["convolve", "image.npy", "laplacian", "--algorithm", "separable", "-o", "o.npy"],
      "expected a kernel that is a sum of at most 1 product of one factor for each axis, found 2"
    ),
    (
      ["convolve", "image.npy", "sobel-x", "--mode", "same", "--anchor", "3,3", "-o", "o.npy"],
      "centre"
    ),
    (
      ["convolve", "image.npy", "gaussian:1", "--exactness", "integers:255", "-o", "o.npy"],
      "an element of the kernel: expected an integer"
    ),
    (
      ["convolve", "image.npy", "sobel-x", "--mode", "same", "--origin", "1", "-o", "o.npy"],
      "--origin: expected 2"
    ),
    (["convolve", "image.npy", "laplacian", "--boundary", "renormalize", "-o", "o.npy"], "sum"),
    (["convolve", "image.npy", "ones:9,3", "--mode", "valid", "-o", "o.npy"], "'valid' expects"),
    (["correlate", "image.npy", "flat.npy", "--lags"], "image.npy: expected 1 dimension, found 2"),
    (["pairwise", "image.npy", "flat.npy", "-o", "o.npy"], "expected rows of 8 elements, found 3"),
    (
      [
        "window", "image.npy", "flat.npy", "--expression", "a*b", "--reduce", "sum", "--size", "3",
        "-o", "o.npy",
      ], "flat.npy: expected the shape of image.npy, 6 × 8, found 3 × 3"
    ),
    (["plan", "--image", "999999999,999999999", "--kernel", "3,3"], "2^36"),
  ])
  func dataThatCannotBeProcessed(_ arguments: [String], message: String) throws {
    let before = try place.files
    let outcome = try place.run(arguments)
    #expect(outcome.status == 1, "\(outcome.error)")
    #expect(outcome.error.hasPrefix("Error: "))
    #expect(outcome.error.contains(message), "\(outcome.error)")
    #expect(outcome.error.count { $0 == "\n" } == 1, "\(outcome.error)")
    #expect(outcome.data.isEmpty)
    #expect(try place.files == before)
  }

  @Test(arguments: [
    ["frobnicate"], ["convolve"], ["convolve", "image.npy", "box:3"],
    ["convolve", "image.npy", "box:3", "-o", "o.npy", "--boundary", "mirror"],
    ["convolve", "image.npy", "box:3", "-o", "o.npy", "--boundary", "constant:x"],
    ["convolve", "image.npy", "box:3", "-o", "o.npy", "--algorithm", "matrices"],
    ["convolve", "image.npy", "box:3", "-o", "o.npy", "--origin=-9223372036854775808,0"],
    ["convolve", "image.npy", "box:3", "-o", "o.npy", "--anchor=-9223372036854775808,0"],
    ["convolve", "image.npy", "box:3", "-o", "o.npy", "--origin", "0,-1099511627776"],
    ["convolve", "image.npy", "box:3", "-o", "o.npy", "--exactness", "integers"],
    ["convolve", "image.npy", "box:3", "-o", "o.npy", "--exactness", "integers:0.5"],
    ["convolve", "image.npy", "box:0", "-o", "o.npy"],
    ["convolve", "image.npy", "gaussian:-1", "-o", "o.npy"],
    ["convolve", "image.npy", "box:3", "-o", "o.npy", "--threads", "0"],
    ["convolve", "image.npy", "box:3", "-o", "o.npy", "--memory-limit", "much"],
    ["convolve", "image.npy", "box:3", "-o", "o.npy", "--repeat", "0"],
    ["convolve", "image.npy", "box:3", "-o", "o.npy", "--range", "0", "1"],
    ["convolve", "image.npy", "box:3", "-o", "o.png", "--range", "2", "1"],
    ["convolve", "-", "-", "-o", "o.npy"],
    ["convolve", "image.npy", "box:3", "-o", "-", "--json"],
    ["convolve", "image.npy", "box:3", "-o", "o.npy", "--scale", "nan"],
    ["convolve", "image.npy", "box:3", "-o", "o.npy", "--scale", "inf"],
    ["correlate", "image.npy", "box:3", "-o", "o.npy", "--offset", "nan"],
    ["correlate", "image.npy", "box:3", "-o", "o.npy", "--offset=-inf"],
    ["correlate", "image.npy", "image.npy"],
    ["correlate", "image.npy", "image.npy", "--lags", "-o", "o.npy"],
    ["correlate", "image.npy", "image.npy", "--lags", "--scale", "2"],
    ["filter", "image.npy"], ["filter", "box", "image.npy", "-o", "o.npy"],
    ["filter", "gaussian", "image.npy", "-o", "o.npy", "--sigma", "-1"],
    ["filter", "gaussian", "image.npy", "-o", "o.npy", "--sigma", "1", "--tolerance", "0"],
    [
      "filter", "gaussian", "image.npy", "-o", "o.npy", "--sigma", "1", "--tolerance", "1e-3",
      "--truncate", "5",
    ],
    ["filter", "variance", "image.npy", "-o", "o.npy", "--size", "3", "--ddof", "2"],
    ["match", "image.npy", "image.npy", "--metric", "sad"],
    ["match", "image.npy", "image.npy", "--subpixel-size", "3"],
    ["match", "image.npy", "image.npy", "--top", "0"],
    ["match", "image.npy", "image.npy", "-o", "o.png", "--picture", "o.png"],
    ["match", "image.npy", "image.npy", "-o", "o.png", "--picture", "./o.png"],
    ["match", "image.npy", "image.npy", "--picture", "p.jpg"],
    ["pairwise", "image.npy", "image.npy", "-o", "o.npy", "--measure", "kendall"],
    ["window", "image.npy", "--expression", "a+", "--reduce", "sum", "--size", "3", "-o", "o.npy"],
    ["window", "image.npy", "--expression", "b", "--reduce", "sum", "--size", "3", "-o", "o.npy"],
    [
      "window", "image.npy", "image.npy", "--expression", "a", "--reduce", "sum", "--size", "3",
      "-o", "o.npy",
    ],
    ["plan", "--image", "0,3", "--kernel", "1,1"], ["plan", "--image", "5", "--kernel", "1,1"],
    ["generate", "noise", "--shape", "4,4", "--shift", "0.5,0", "-o", "o.npy"],
    ["generate", "speckle", "--shape", "4,4", "--shift", "1", "-o", "o.npy"],
    ["generate", "speckle", "--shape", "9999999,9999999", "-o", "o.npy"],
    ["generate", "speckle", "--shape", "4,4,4,4", "-o", "o.npy"],
    [
      "generate", "scene", "--shape", "9,9", "--template-shape", "3,3", "-o", "o.npy",
      "--template", "o.npy",
    ],
  ])
  func wrongUsage(_ arguments: [String]) throws {
    let before = try place.files
    let outcome = try place.run(arguments)
    #expect(outcome.status == 64, "\(outcome.text)\(outcome.error)")
    #expect(outcome.error.hasPrefix("Error: "))
    #expect(outcome.data.isEmpty)
    #expect(try place.files == before)
  }

  /// What was wrong is named with what could stand there.
  @Test(arguments: [
    (["convolve", "image.npy", "sobel-z"], "sobel-x, sobel-y, prewitt-x"),
    (["convolve", "image.npy", "foo:3"], "expected a file, or gaussian:SIGMA"),
    (["convolve", "image.npy", "gaussian:-2"], "expected one to three numbers of at least 0"),
    (["convolve", "image.npy", "box:0"], "expected one to three extents of at least 1"),
    (["convolve", "image.npy", "gabor:3,0"], "expected SIGMA,THETA,LAMBDA[,GAMMA,PSI]"),
    (["convolve", "image.npy", "gabor:3,0,-8"], "angles in radians, the others above 0"),
    (["bank", "image.npy", "gabors:3,8,0.5"], "expected gabors:SIGMA,LAMBDA,COUNT[,GAMMA,PSI]"),
    (["filter", "foo", "image.npy"], "filter: expected one of gaussian, box, sum, variance"),
    (["generate", "foo", "--shape", "3"], "generate: expected one of"),
    (["filter", "gaussian", "image.npy", "--sigma", "-1"], "--sigma: expected at least 0"),
    (["filter", "box", "image.npy", "--size", "3", "--memory-limit", "-5"], "positive number"),
    (["filter", "box", "image.npy", "--size", "3", "-o", "o.jpg"], "--output: expected a name"),
    (["match", "image.npy", "flat.npy", "-o", "o.xyz"], "--output: expected a name"),
    (
      ["bank", "image.npy", "volume.npy", "--exactness", "local"], "--exactness: expected 'rounded'"
    ),
    (["pairs", "volume.npy", "volume.npy", "--exactness", "integers:9"], "for pairs of images"),
    (["convolve", "image.npy", "box:3", "--anchor", "opencv"], "--anchor: expected --mode same"),
    (["correlate", "image.npy", "box:3", "--origin", "0,0"], "which has a centre, found full"),
    (["convolve", "image.npy", "box:3", "--mode", "valid", "--origin", "1,1"], "found valid"),
  ])
  func wrongUsageIsExplained(_ arguments: [String], message: String) throws {
    let output = arguments.contains("-o") || arguments.contains("foo") ? [] : ["-o", "o.npy"]
    let outcome = try place.run(arguments + output)
    #expect(outcome.status == 64, "\(outcome.error)")
    #expect(outcome.error.contains(message), "\(outcome.error)")
  }

  @Test func pairsOfOtherCountsAreExplained() throws {
    try place.write(Volume<Float>(shape: [4, 3, 3], repeating: 2), "four.npy")
    let outcome = try place.run("pairs", "volume.npy", "four.npy", "-o", "o.npy")
    #expect(outcome.status == 1)
    let text =
      "four.npy: expected 2 kernels, one for each image of volume.npy, or one for all, found 4"
    #expect(outcome.error.contains(text), "\(outcome.error)")
  }

  @Test func interruptLeavesNothing() async throws {
    try place.run("generate", "noise", "--shape", "600,600", "-o", "big.npy")
    let before = try place.files
    let process = try place.start([
      "filter", "median", "big.npy", "--size", "41", "-o", "out.npy", "--repeat", "1000",
      "--progress", "always",
    ])
    // The bar shows that the work has begun.
    for _ in 0..<1000 where try Data(contentsOf: place.path("standard.error")).isEmpty {
      try await Task.sleep(for: .milliseconds(20))
    }
    #expect(process.isRunning)
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 130)
    #expect(try place.files == before)
  }

  @Test func failureKeepsTheOldOutput() throws {
    try place.write("precious", "out.npy")
    let outcome = try place.run("filter", "box", "cut.npy", "--size", "3", "-o", "out.npy")
    #expect(outcome.status == 1)
    #expect(try Data(contentsOf: place.path("out.npy")) == Data("precious".utf8))
  }

  @Test func verificationFindsNoFault() throws {
    try place.write(
      Image<Float>(shape: [6, 8]) { $0.row == 2 && $0.column == 3 ? .nan : Float($0.row) },
      "nan.npy")
    for algorithm in ["direct", "separable", "fft", "overlap-save"] {
      let outcome = try place.run(
        "convolve", "nan.npy", "gaussian:1", "--algorithm", algorithm, "--verify", "300", "-o",
        "o.npy", "--json")
      #expect(outcome.status == 0, "\(outcome.error)")
      #expect(try outcome.json["verified"] as? Int == 300)
      #expect(try place.numbers("o.npy").contains(where: \.isNaN))
    }
  }
}
