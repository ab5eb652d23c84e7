import Concord
import ConcordFiles
import ConcordTestSupport
import Foundation
import Testing

/// Kinds of filters and windows, and what they are told.
struct FilterKindTests {
  let place: Workplace
  let image: Image<Float>

  init() throws {
    place = try Workplace()
    var random = SplitMix64(seed: 77)
    image = random.array([14, 17], in: 0...255)
    try place.write(image, "image.npy")
    try place.write(image * 0.5 + (random.array([14, 17]) as Image<Float>), "other.npy")
    try place.write(Image<Float>(shape: [14, 17], repeating: 0.1), "flat.npy")
    try place.write(random.array([3, 8, 9]) as Volume<Float>, "volume.npy")
  }

  /// Runs with 60 outputs verified, and returns the numbers.
  @discardableResult
  private func verified(_ arguments: String...) throws -> [Double] {
    let outcome = try place.run(arguments + ["-o", "out.npy", "--json", "--verify", "60"])
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try outcome.json["verified"] as? Int == 60)
    return try place.numbers("out.npy")
  }

  private func agree(_ found: [Double], _ expected: Image<Float>, within bound: Double = 1e-3)
    -> Bool
  {
    found.count == expected.count
      && zip(found, expected.elements).allSatisfy { abs($0 - Double($1)) < bound }
  }

  @Test func gaussiansOfARadius() throws {
    let found = try verified("filter", "gaussian", "image.npy", "--sigma", "1.5", "--radius", "2,7")
    #expect(agree(found, try image.gaussianFiltered(sigma: [1.5], radius: [2, 7])))
    try verified(
      "filter", "gaussian", "volume.npy", "--sigma", "1,2", "--radius", "3", "--order", "1")
  }

  @Test(arguments: ["0.6", "1.5,4", "30"])
  func gaussiansByFrequencies(sigma: String) throws {
    let found = try verified(
      "filter", "gaussian", "image.npy", "--sigma", sigma, "--method", "fourier")
    let sigmas = sigma.split(separator: ",").compactMap { Double($0) }
    #expect(agree(found, try image.fourierGaussianFiltered(sigma: sigmas)))
    try verified("filter", "gaussian", "volume.npy", "--sigma", "1.2", "--method", "fourier")
    try verified("filter", "gaussian", "volume.npy", "--sigma", "1,2", "--method", "fourier")
  }

  @Test(arguments: [
    (["--radius", "3", "--truncate", "4"], "--truncate and --radius: expected one of them"),
    (["--radius", "-3"], "--radius: expected at least 0, found -3"),
    (["--radius", "1,2,3", "--sigma", "1,2"], "--radius: expected as many numbers as --sigma"),
    (["--method", "fourier", "--tolerance", "1e-3"], "--tolerance: expected --method taps"),
    (["--method", "fourier", "--order", "1"], "--order: expected --method taps"),
    (["--method", "fourier", "--boundary", "reflect"], "--boundary: expected wrap"),
    (["--method", "fourier", "--algorithm", "direct"], "--algorithm: expected auto or fft"),
    (["--method", "recursive"], "--method"),
  ])
  func wrongGaussiansAreExplained(options: [String], text: String) throws {
    let sigma = options.contains("--sigma") ? [] : ["--sigma", "2"]
    let outcome = try place.run(
      ["filter", "gaussian", "image.npy", "-o", "out.npy"] + sigma + options)
    #expect(outcome.status == 64)
    #expect(outcome.error.contains(text), "\(outcome.error)")
  }

  @Test func extremesOfWindows() throws {
    for (kind, reduction) in [("min", WindowReduction.minimum), ("max", .maximum)] {
      let found = try verified("filter", kind, "image.npy", "--size", "3,5")
      #expect(agree(found, try image.windowReduced(reduction, of: [3, 5])))
    }
  }

  @Test func integralImages() throws {
    let found = try verified("filter", "integral", "image.npy")
    #expect(found == (try image.integralImage().sums.elements))
    #expect(try place.read("out.npy").shape == [15, 18])
    #expect("\(try place.read("out.npy").elementType)" == "float64")
    try verified("filter", "integral", "volume.npy", "--precision", "float")
    #expect(try place.read("out.npy").shape == [4, 9, 10])
  }

  @Test(arguments: ["renormalize", "reflect", "constant:90"])
  func windowsWeightedByGaussians(boundary: String) throws {
    let rule = try #require(Boundary(boundary))
    let options = ConvolutionOptions(mode: .same, boundary: rule)
    let other: Image<Float> = try place.read("other.npy").array()
    let covariance = try verified(
      "window", "image.npy", "other.npy", "--reduce", "covariance", "--sigma", "1.5",
      "--truncate", "3.5", "--boundary", boundary)
    let expected = try image.gaussianCovariance(
      with: other, sigma: [1.5], truncate: 3.5, options: options)
    #expect(agree(covariance, expected, within: 0.1))
    let correlation = try verified(
      "window", "image.npy", "other.npy", "--reduce", "correlation", "--sigma", "1,2",
      "--boundary", boundary)
    let alike = try image.gaussianCorrelation(with: other, sigma: [1, 2], options: options)
    #expect(agree(correlation, alike))
    let variance = try verified(
      "window", "image.npy", "--reduce", "variance", "--sigma", "2", "--boundary", boundary)
    let spread = try image.gaussianVariance(sigma: [2], options: options)
    #expect(agree(variance, spread, within: 0.1))
  }

  @Test(arguments: [["--size", "3"], ["--sigma", "1"]])
  func flatWindowsAreWhatTheyAreSaidToBe(window: [String]) throws {
    let images = ["window", "image.npy", "flat.npy", "--reduce", "correlation"]
    for (option, check) in [
      ([], { $0 == 0 }), (["--flat", "zero"], { $0 == 0 }), (["--flat", "nan"], { $0.isNaN }),
    ] as [([String], (Double) -> Bool)] {
      let outcome = try place.run(
        images + window + option + ["-o", "out.npy", "--verify", "60"])
      #expect(outcome.status == 0, "\(outcome.error)")
      #expect(try place.numbers("out.npy").allSatisfy(check))
    }
  }

  @Test(arguments: [
    (["--reduce", "variance"], "--size, --sigma: expected one of them, found none"),
    (["--reduce", "variance", "--size", "3", "--sigma", "1"], "found both"),
    (["--reduce", "median", "--sigma", "1"], "--sigma: expected --reduce variance, covariance or"),
    (["--reduce", "variance", "--sigma", "-1"], "--sigma: expected at least 0"),
    (["--reduce", "variance", "--size", "3", "--truncate", "3"], "--truncate: expected --sigma"),
    (["--reduce", "variance", "--sigma", "1", "--ddof", "1"], "--ddof: expected --size"),
    (["--reduce", "variance", "--sigma", "1", "--expression", "a^2"], "expected no --expression"),
    (["--reduce", "variance", "--size", "3", "--flat", "nan"], "--flat: expected --reduce corr"),
  ])
  func wrongWindowsAreExplained(options: [String], text: String) throws {
    let outcome = try place.run(["window", "image.npy", "-o", "out.npy"] + options)
    #expect(outcome.status == 64)
    #expect(outcome.error.contains(text), "\(outcome.error)")
  }

  @Test func gaborKernelsByName() throws {
    let kernel = try Image<Float>.gabor(sigma: 2, theta: 0.5, wavelength: 5, gamma: 0.5, psi: 0.3)
    let found = try verified(
      "correlate", "image.npy", "gabor:2,0.5,5,0.5,0.3", "--mode", "same", "--boundary", "reflect")
    #expect(
      agree(
        found, try image.correlated(with: kernel, mode: .same, boundary: .reflect), within: 0.01))
    let outcome = try place.run(
      "bank", "image.npy", "gabors:1.5,4,6", "--mode", "same", "-o", "bank.npy", "--json",
      "--verify", "60")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try outcome.json["shape"] as? [Int] == [6, 14, 17])
    let bank: Volume<Float> = try place.read("bank.npy").array()
    let kernels = try Image<Float>.gaborBank(sigma: 1.5, orientations: 6, wavelength: 4)
    let third = try image.correlated(with: kernels[2], mode: .same)
    #expect(agree(try bank.plane(2).elements.map(Double.init), third, within: 0.01))
    let planes = try place.run(
      "convolve", "volume.npy", "gabor:1,0,4", "--mode", "same", "-o", "out.npy", "--verify", "60")
    #expect(planes.status == 0, "\(planes.error)")
  }
}
