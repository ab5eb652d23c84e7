import Concord
import ConcordFiles
import ConcordTestSupport
import Foundation
import Testing

/// Colour, stacks, volumes and complex numbers.
struct StackTests {
  let place: Workplace
  let frames: [Image<Float>]

  init() throws {
    place = try Workplace()
    var random = SplitMix64(seed: 4)
    frames = (0..<3).map { _ in random.array([9, 7], in: 0...255) }
    for (index, frame) in frames.enumerated() { try place.write(frame, "frame\(index).npy") }
  }

  @Test func patternIsAStackFilteredPlaneByPlane() throws {
    let outcome = try place.run(
      "convolve", "frame*.npy", "gaussian:1,1", "--mode", "same", "-o", "out.npy", "--json",
      "--verify", "20")
    #expect(try outcome.json["shape"] as? [Int] == [3, 9, 7])
    let stack: Volume<Float> = try place.read("out.npy").array()
    for (index, frame) in frames.enumerated() {
      let expected = try frame.convolved(with: .gaussian(sigma: 1), mode: .same)
      #expect(relativeL2Error(try stack.plane(index).copied(), expected) < 1e-6)
    }
  }

  @Test func twoNumbersFilterEveryImage() throws {
    try place.run("filter", "box", "frame*.npy", "--size", "3,3", "-o", "planes.npy")
    try place.run("filter", "box", "frame*.npy", "--size", "1,3,3", "-o", "volume.npy")
    try place.run("filter", "box", "frame*.npy", "--size", "3", "-o", "cube.npy")
    let planes = try place.numbers("planes.npy")
    #expect(relativeL2Error(planes, try place.numbers("volume.npy")) < 1e-6)
    #expect(relativeL2Error(planes, try place.numbers("cube.npy")) > 1e-3)
    try place.run("filter", "gaussian", "frame*.npy", "--sigma", "2,1", "-o", "a.npy")
    try place.run("filter", "gaussian", "frame*.npy", "--sigma", "0,2,1", "-o", "b.npy")
    #expect(relativeL2Error(try place.numbers("a.npy"), try place.numbers("b.npy")) < 1e-6)
  }

  @Test func windowsOfTwoStacks() throws {
    let outcome = try place.run(
      "window", "frame*.npy", "frame*.npy", "--expression", "a * b", "--reduce", "sum", "--size",
      "1,1", "-o", "out.npy", "--verify", "9")
    #expect(outcome.status == 0, "\(outcome.error)")
    let squares = frames.flatMap { $0.elements.map { Double($0 * $0) } }
    #expect(relativeL2Error(try place.numbers("out.npy"), squares) < 1e-6)
  }

  @Test func templateIsLookedForInEveryImage() throws {
    try place.write(try frames[1].view(2..<6, 3..<7).copied(), "t.npy")
    let json = try place.run("match", "frame*.npy", "t.npy", "--json", "--verify", "9").json
    let peak = try #require((json["peaks"] as? [[String: Any]])?.first)
    #expect(peak["plane"] as? Int == 1)
    #expect(peak["row"] as? Int == 2)
    #expect(peak["column"] as? Int == 3)
  }

  @Test func colourComesBackInColour() throws {
    let rgb = try ColorImage(planes: frames)
    try ArrayFile.write(rgb, to: place.path("rgb.tif").path)
    for name in ["out.tif", "out.npy", "out.png"] {
      let outcome = try place.run(
        "filter", "box", "rgb.tif", "--size", "3", "-o", name, "--verify", "9", "--json")
      #expect(outcome.status == 0, "\(outcome.error)")
      #expect(try outcome.json["channels"] as? Int == 3)
    }
    let out: ColorImage<Float> = try place.read("out.tif").color()
    for (plane, frame) in zip(out.planes, frames) {
      #expect(relativeL2Error(plane, try frame.windowMean(of: [3, 3])) < 1e-6)
    }
    #expect(try place.read("out.png").channels == 3)
    #expect(try place.read("out.npy").shape == [9, 7, 3])
  }

  @Test func opacityIsLeftAsItIs() throws {
    let opacity = Image<Float>(shape: [9, 7]) { Float($0.row) / 8 }
    try ArrayFile.write(
      ColorImage(planes: frames + [opacity]), to: place.path("rgba.tif").path)
    try place.run("convolve", "rgba.tif", "box:3", "--mode", "same", "-o", "same.tif")
    let same: ColorImage<Float> = try place.read("same.tif").color()
    #expect(same.channels == 4)
    #expect(same.planes.last == opacity)
    try place.run("convolve", "rgba.tif", "box:3", "-o", "full.tif")
    #expect(try place.read("full.tif").channels == 3)
  }

  @Test func complexNumbers() throws {
    let x = Signal<Complex<Double>>([Complex(1, 2), Complex(0, -1), Complex(3, 0)])
    let k = Signal<Complex<Double>>([Complex(0, 1), Complex(2, 0)])
    try ArrayFile.writeComplex(x, to: place.path("x.npy").path)
    try ArrayFile.writeComplex(k, to: place.path("k.npy").path)
    try place.write(Signal<Double>([1, -1]), "real.npy")
    for (command, expected) in [
      ("convolve", [Complex(-2, 1), Complex(3, 4), Complex(0, 1), Complex(6, 0)]),
      ("correlate", [Complex(2, 4), Complex(2, -3), Complex(5, 0), Complex(0, -3)]),
    ] {
      let outcome = try place.run(command, "x.npy", "k.npy", "-o", "out.npy", "--verify", "9")
      #expect(outcome.status == 0, "\(outcome.error)")
      let out: Signal<Complex<Double>> = try place.read("out.npy").complexArray()
      #expect(
        zip(out.elements, expected).allSatisfy { ($0 - $1).magnitude < 1e-12 }, "\(out.elements)")
    }
    let mixed = try place.run("convolve", "x.npy", "real.npy", "-o", "out.npy", "--verify", "9")
    #expect(mixed.status == 0, "\(mixed.error)")
    let lags = try place.run("correlate", "x.npy", "k.npy", "--lags", "--json", "-o", "l.csv")
    #expect(try lags.json["lag"] as? Int == 1)
    let refused = try place.run("filter", "median", "x.npy", "--size", "3", "-o", "out.npy")
    #expect(refused.status == 1)
    #expect(refused.error == "Error: x.npy: expected real elements, found complex128\n")
  }

  @Test func complexRows() throws {
    let a = try Image<Complex<Double>>(rows: [
      [Complex(1, 2), Complex(0, -1)], [Complex(3, 0), Complex(0, 1)],
    ])
    let b = try Image<Complex<Double>>(rows: [
      [Complex(0, 1), Complex(2, 0)], [Complex(1, 1), Complex(1, 0)],
    ])
    try ArrayFile.writeComplex(a, to: place.path("a.npy").path)
    try ArrayFile.writeComplex(b, to: place.path("b.npy").path)
    try place.write(Signal<Float>([1, 2]), "real.npy")
    for (first, second, expected) in [
      ("a.npy", "b.npy", [Complex(2, -3), Complex(3, 0), Complex(0, -1), Complex(3, -2)]),
      ("a.npy", "a.npy", [Complex(6, 0), Complex(2, 6), Complex(2, -6), Complex(10, 0)]),
      ("real.npy", "b.npy", [Complex(4, -1), Complex(3, -1)]),
    ] {
      let outcome = try place.run("pairwise", first, second, "-o", "out.npy", "--verify", "20")
      #expect(outcome.status == 0, "\(outcome.error)")
      let out: Image<Complex<Double>> = try place.read("out.npy").complexArray()
      #expect(out.elements == expected)
    }
    for measure in ["pearson", "spearman", "cosine", "distance"] {
      let refused = try place.run(
        "pairwise", "real.npy", "b.npy", "--measure", measure, "-o", "out.npy")
      #expect(refused.status == 1)
      #expect(
        refused.error == "Error: b.npy: expected real elements for measure '\(measure)' (or "
          + "measure 'dot', for complex ones), found complex128\n")
    }
  }
}
