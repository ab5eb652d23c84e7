import Concord
import ConcordFiles
import ConcordTestSupport
import Foundation
import Testing

/// The commands bank and pairs, and rows at several lags.
struct BatchTests {
  let place: Workplace
  let image: Image<Float>
  let kernels: [Image<Float>]

  init() throws {
    place = try Workplace()
    var random = SplitMix64(seed: 41)
    image = random.array([12, 15], in: 0...255)
    kernels = (0..<3).map { _ in random.array([3, 4], in: -1...1) }
    try place.write(image, "image.npy")
    for (index, kernel) in kernels.enumerated() { try place.write(kernel, "kernel\(index).npy") }
    for index in 0..<3 { try place.write(image * Float(index + 1), "frame\(index).npy") }
  }

  @Test(arguments: ["direct", "matrix", "overlap-save"])
  func bankOfKernels(algorithm: String) throws {
    let outcome = try place.run(
      "bank", "image.npy", "kernel*.npy", "--mode", "same", "--stride", "2,3", "--algorithm",
      algorithm, "--boundary", "reflect", "-o", "out.npy", "--json", "--verify", "30")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try outcome.json["shape"] as? [Int] == [3, 6, 5])
    #expect(try outcome.json["algorithm"] as? String == algorithm)
    let out: Volume<Float> = try place.read("out.npy").array()
    let full = try image.correlated(with: kernels[1], mode: .same, boundary: .reflect)
    #expect(abs(out[1, 2, 4] - full[4, 12]) < 1e-2)
  }

  @Test func imagesInPairsAndWithOneKernel() throws {
    let outcome = try place.run(
      "pairs", "frame*.npy", "kernel*.npy", "-o", "out.npy", "--json", "--verify", "30")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try outcome.json["shape"] as? [Int] == [3, 14, 18])
    let one = try place.run(
      "pairs", "frame*.npy", "kernel0.npy", "--operation", "correlate", "--mode", "valid", "-o",
      "one.npy", "--json", "--verify", "30")
    #expect(one.status == 0, "\(one.error)")
    #expect(try one.json["shape"] as? [Int] == [3, 10, 12])
  }

  @Test(arguments: ["dot", "pearson", "spearman", "cosine", "distance"])
  func rowsAtLags(measure: String) throws {
    let outcome = try place.run(
      "pairwise", "image.npy", "frame1.npy", "--measure", measure, "--lags", "-3,4", "-o",
      "out.npy", "--json", "--verify", "40")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try outcome.json["shape"] as? [Int] == [12, 12, 8])
    #expect(try outcome.json["lags"] as? [Int] == [-3, 4])
    let all = try place.run(
      "pairwise", "image.npy", "kernel0.npy", "--measure", measure, "--mode", "full",
      "--algorithm", "fft", "-o", "all.npy", "--json", "--verify", "40")
    #expect(all.status == 0, "\(all.error)")
    #expect(try all.json["shape"] as? [Int] == [12, 3, 18])
  }

  /// Every colour has a result of its own.
  @Test func coloursAreFilteredEach() throws {
    let colours = [image, image * 2, image * 3]
    try ArrayFile.write(channels: colours, to: place.path("colour.tif").path)
    let outcome = try place.run(
      "bank", "colour.tif", "kernel*.npy", "--mode", "same", "-o", "out.tif", "--json", "--verify",
      "30")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try outcome.json["channels"] as? Int == 3)
    #expect(try outcome.json["shape"] as? [Int] == [3, 12, 15])
    let out: [Volume<Float>] = try place.read("out.tif").channelArrays()
    let expected = try colours[2].correlated(with: kernels[1], mode: .same)
    #expect(out.count == 3 && abs(out[2][1, 5, 6] - expected[5, 6]) < 1e-2)
    let volume = try Volume(shape: [2, 12, 15], elements: image.elements + image.elements)
    try ArrayFile.write(
      channels: [volume, volume * 2, volume * 3], to: place.path("frames.tif").path)
    let pairs = try place.run(
      "pairs", "frames.tif", "kernel0.npy", "--mode", "same", "-o", "out.tif", "--json", "--verify",
      "30")
    #expect(pairs.status == 0, "\(pairs.error)")
    #expect(try pairs.json["channels"] as? Int == 3)
  }

  /// Kernels have no colour, which is neither dropped nor turned to grey in silence.
  @Test func colourOfKernelsIsRefused() throws {
    try ArrayFile.write(channels: [image, image, image], to: place.path("colour.png").path)
    for arguments in [["bank", "image.npy"], ["pairs", "frame*.npy"]] {
      let outcome = try place.run(arguments + ["colour.png", "-o", "out.npy"])
      #expect(outcome.status == 1)
      #expect(
        outcome.error.contains("colour.png: expected kernels of one channel"), "\(outcome.error)")
    }
  }

  @Test func pairsNameTheirAlgorithm() throws {
    let names = ["direct", "fft", "overlap-save"]
    for name in names {
      let outcome = try place.run(
        "pairs", "frame*.npy", "kernel*.npy", "--algorithm", name, "-o", "out.npy", "--json",
        "--verify", "9")
      #expect(try outcome.json["algorithm"] as? String == name)
    }
    let automatic = try place.run("pairs", "frame*.npy", "kernel*.npy", "-o", "out.npy", "--json")
    #expect(names.contains(try automatic.json["algorithm"] as? String ?? ""))
  }

  @Test func complexRowsAtLags() throws {
    let rows = Image<Complex<Float>>(shape: [4, 9]) {
      Complex(Float($0.row - $0.column), Float($0.row * $0.column % 5))
    }
    try ArrayFile.writeComplex(rows, to: place.path("rows.npy").path)
    let outcome = try place.run(
      "pairwise", "rows.npy", "kernel0.npy", "--lags", "-2,3", "-o", "out.npy", "--json",
      "--verify", "60")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try outcome.json["shape"] as? [Int] == [4, 3, 6])
    let out: Volume<Complex<Float>> = try place.read("out.npy").complexArray()
    let last = (0..<4).reduce(Complex<Float>.zero) {
      $0 + rows[2, $1 + 3] * Complex(kernels[0][1, $1], 0)
    }
    #expect((out[2, 1, 5] - last).magnitude < 1e-4)
    let refused = try place.run(
      "pairwise", "rows.npy", "rows.npy", "--lags", "-2,3", "--measure", "pearson", "-o",
      "out.npy")
    #expect(refused.status == 1 && refused.error.contains("measure 'dot'"), "\(refused.error)")
  }

  @Test func oneKernelAsAProduct() throws {
    let outcome = try place.run(
      "convolve", "image.npy", "kernel0.npy", "--algorithm", "matrix", "-o", "out.npy", "--json",
      "--verify", "30")
    #expect(try outcome.json["algorithm"] as? String == "matrix")
  }

  @Test(arguments: [
    (["bank", "image.npy", "kernel*.npy", "--stride", "2"], Int32(64), "expected 2 numbers"),
    (["bank", "image.npy", "kernel*.npy", "--algorithm", "fft"], 1, "expected 'direct'"),
    (["bank", "frame*.npy", "kernel*.npy"], 1, "expected 2 dimensions, found 3"),
    (
      ["pairs", "frame*.npy", "image.npy", "--mode", "valid", "--algorithm", "separable"], 1,
      "separable"
    ),
    (["pairs", "image.npy", "kernel0.npy"], 1, "expected 3 dimensions, found 2"),
    (["pairwise", "image.npy", "image.npy", "--lags", "-20,2"], 1, "lag: expected -14...14"),
    (["pairwise", "image.npy", "image.npy", "--lags", "3,1"], 64, "the smaller one first"),
    (["pairwise", "image.npy", "image.npy", "--lags", "0,1", "--mode", "full"], 64, "one of both"),
    (["pairwise", "image.npy", "image.npy", "--algorithm", "fft"], 64, "--lags or --mode"),
  ])
  func badInputIsExplained(arguments: [String], status: Int32, text: String) throws {
    let outcome = try place.run(arguments + ["-o", "out.npy"])
    #expect(outcome.status == status)
    #expect(outcome.error.contains(text), "\(outcome.error)")
  }
}
