import Concord
import ConcordFiles
import ConcordTestSupport
import Foundation
import Testing

/// What is printed and written, and where.
struct OutputTests {
  let place: Workplace
  let image: Image<Float>

  init() throws {
    place = try Workplace()
    var random = SplitMix64(seed: 2)
    image = random.array([12, 16])
    try place.write(image, "image.npy")
    try place.write(Image<Float>(shape: [12, 16]) { Float($0.row % 5) }, "sobel.npy")
  }

  @Test func summaryIsReadable() throws {
    let outcome = try place.run(
      "convolve", "image.npy", "box:3", "--mode", "same", "--algorithm", "direct", "-o", "out.npy")
    #expect(outcome.error.isEmpty)
    let masked = outcome.text.replacing(/[0-9.]+ (µs|ms|s|MiB)/, with: "#")
    #expect(
      masked == """
        convolve image.npy (12 × 16, float32) with box:3
          algorithm    direct
          time         # and # of planning
          output       out.npy, 12 × 16
          peak memory  #

        """)
  }

  @Test(arguments: [
    ["convolve", "image.npy", "gaussian:1", "-o", "out.npy"],
    ["correlate", "image.npy", "gaussian:1", "-o", "out.npy"],
    ["correlate", "image.npy", "gaussian:1", "--exactness", "local", "-o", "out.npy"],
    ["convolve", "sobel.npy", "sobel-x", "--exactness", "integers:4", "-o", "out.npy"],
    ["filter", "gaussian", "image.npy", "--sigma", "1", "-o", "out.npy"],
    ["filter", "gaussian", "image.npy", "--sigma", "9", "--tolerance", "1e-6", "-o", "out.npy"],
    ["filter", "box", "image.npy", "--size", "3", "-o", "out.npy"],
    ["filter", "sum", "image.npy", "--size", "2,3", "-o", "out.npy"],
    ["filter", "variance", "image.npy", "--size", "3", "--ddof", "1", "-o", "out.npy"],
    ["filter", "median", "image.npy", "--size", "3", "-o", "out.npy"],
    [
      "window", "image.npy", "--expression", "a", "--reduce", "max", "--size", "2", "-o", "out.npy",
    ],
    ["match", "image.npy", "image.npy", "-o", "out.npy"],
    ["pairwise", "image.npy", "image.npy", "--measure", "pearson", "-o", "out.npy"],
  ])
  func objectHasWhatIsPromised(_ arguments: [String]) throws {
    let outcome = try place.run(
      arguments + ["--json", "--repeat", "3", "--verify", "9", "--threads", "1"])
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.error.isEmpty)
    #expect(outcome.text.count { $0 == "\n" } == 1)
    let json = try outcome.json
    let names = ConvolutionAlgorithm.allCases.map(\.rawValue)
    #expect((json["algorithm"] as? String).map(names.contains) == true)
    #expect((json["shape"] as? [Int]) == (try place.read("out.npy").shape))
    #expect((json["runs"] as? [Double])?.count == 3)
    #expect((json["seconds"] as? Double ?? 0) > 0)
    #expect((json["first_seconds"] as? Double ?? 0) > 0)
    #expect((json["peak_bytes"] as? Int ?? 0) > 1 << 20)
    #expect((json["max_relative_error"] as? Double ?? 1) < 2e-6)
    #expect(json["verified"] as? Int == 9)
  }

  @Test func singleRunsHaveNoRuns() throws {
    let json = try place.run("filter", "sum", "image.npy", "--size", "3", "-o", "o.npy", "--json")
      .json
    #expect(json["runs"] == nil)
    #expect(json["first_seconds"] == nil)
  }

  @Test func quietSaysNothing() throws {
    let outcome = try place.run(
      "filter", "median", "image.npy", "--size", "3", "-o", "out.npy", "--quiet")
    #expect(outcome.status == 0)
    #expect(outcome.data.isEmpty && outcome.error.isEmpty)
  }

  @Test func progressGoesToStandardErrorOnRequest() throws {
    let outcome = try place.run(
      "filter", "median", "image.npy", "--size", "3", "-o", "out.npy", "--progress", "always",
      "--repeat", "2", "--json")
    #expect(outcome.error.contains("filter median ["))
    #expect(outcome.error.contains("3/3"))
    #expect(throws: Never.self) { try outcome.json }
    let never = try place.run("filter", "sum", "image.npy", "--size", "3", "-o", "out.npy")
    #expect(never.error.isEmpty)
  }

  @Test func pipes() throws {
    let input = try Data(contentsOf: place.path("image.npy"))
    let outcome = try place.run("filter", "box", "-", "--size", "3", "-o", "-", input: input)
    #expect(outcome.status == 0, "\(outcome.error)")
    try outcome.data.write(to: place.path("piped.npy"))
    try place.run("filter", "box", "image.npy", "--size", "3", "-o", "file.npy")
    #expect(try place.numbers("piped.npy") == place.numbers("file.npy"))
    #expect(outcome.data == (try Data(contentsOf: place.path("file.npy"))))
  }

  @Test func precisionFollowsTheInputs() throws {
    func type(_ arguments: String...) throws -> ElementType {
      let outcome = try place.run(arguments + ["-o", "out.npy", "--quiet"])
      #expect(outcome.status == 0, "\(outcome.error)")
      return try place.read("out.npy").elementType
    }
    try place.write(image.converted(to: Double.self), "double.npy")
    try place.write("1,2\n3,4\n", "table.csv")
    #expect(try type("convolve", "image.npy", "box:3") == .float32)
    #expect(try type("convolve", "double.npy", "box:3") == .float64)
    #expect(try type("convolve", "image.npy", "table.csv") == .float64)
    #expect(try type("convolve", "double.npy", "box:3", "--precision", "float") == .float32)
    #expect(try type("convolve", "image.npy", "box:3", "--precision", "double") == .float64)
    for (value, expected) in [(16_777_216, ElementType.float32), (16_777_217, .float64)] {
      try integers([value, 2]).write(to: place.path("integers.npy"))
      #expect(try type("convolve", "integers.npy", "ones:1") == expected)
      #expect(try place.numbers("out.npy")[0] == Double(value))
    }
  }

  /// A signal of 64-bit integers as NumPy writes it.
  private func integers(_ values: [Int]) -> Data {
    var header = "{'descr': '<i8', 'fortran_order': False, 'shape': (\(values.count),), }"
    header += String(repeating: " ", count: 117 - header.count) + "\n"
    var data = Data([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0])
    data += Data(header.utf8)
    for value in values {
      data += Data((0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
    }
    return data
  }

  @Test func pictureShowsItsRange() throws {
    try place.write(try Image<Float>(rows: [[-10, 0], [100, 300]]), "x.npy")
    try place.run("convolve", "x.npy", "ones:1", "--range", "-100", "100", "-o", "out.png")
    #expect(try place.numbers("out.png") == [115, 128, 255, 255])
    try place.run("convolve", "x.npy", "ones:1", "-o", "out.png")
    #expect(try place.numbers("out.png") == [0, 8, 90, 255])
  }

  @Test func formatsAgree() throws {
    for name in ["out.npy", "out.tif", "out.csv"] {
      try place.run("filter", "gaussian", "image.npy", "--sigma", "1", "-o", name)
    }
    #expect(try place.numbers("out.npy") == place.numbers("out.tif"))
    #expect(
      try place.numbers("out.npy").map { Float($0) } == place.numbers("out.csv").map { Float($0) })
  }

  @Test func threadsDoNotMatter() throws {
    for threads in ["1", "2", "5"] {
      try place.run(
        "convolve", "image.npy", "gaussian:2", "--threads", threads, "-o", "\(threads).npy")
    }
    #expect(try place.numbers("1.npy") == place.numbers("2.npy"))
    #expect(try place.numbers("1.npy") == place.numbers("5.npy"))
  }
}
