import Concord
import ConcordFiles
import Foundation
import Testing

/// Outputs to the digit: the worked examples, and SciPy's.
struct GoldenTests {
  let place: Workplace

  init() throws { place = try Workplace() }

  @Test func sumsOfDifferencesOfSquares() throws {
    try place.write(
      """
      179,97,77,118,144,105
      68,56,184,210,141,230
      178,166,218,47,106,172
      38,183,50,185,48,87
      60,200,228,232,6,190
      253,75,231,166,117,134

      """, "a.csv")
    try place.write(
      """
      116,95,94,220,80,223
      135,9,166,78,5,129
      102,167,120,81,141,29
      83,117,81,129,255,48
      130,231,165,7,187,169
      44,137,16,50,229,202

      """, "b.csv")
    let outcome = try place.run(
      "window", "a.csv", "b.csv", "--expression", "a^2 - b^2", "--reduce", "sum", "--size", "3,3",
      "-o", "out.csv")
    #expect(outcome.status == 0, "\(outcome.error)")
    let text = String(decoding: try Data(contentsOf: place.path("out.csv")), as: UTF8.self)
    #expect(
      text == """
        8423.0,11816.0,10372.0,41125.0,35287.0,31747.0
        29370.0,65887.0,38811.0,61252.0,51033.0,51845.0
        24756.0,60119.0,109133.0,35101.0,70005.0,18757.0
        8641.0,62463.0,126935.0,14530.0,2255.0,-64752.0
        36623.0,110426.0,163513.0,33812.0,-50035.0,-146450.0
        22268.0,100132.0,130190.0,83010.0,-10163.0,-88994.0

        """)
  }

  @Test func expressionMayBeginWithMinus() throws {
    try place.write("1,2\n3,4\n", "a.csv")
    let outcome = try place.run(
      "window", "a.csv", "--expression", "-a^2", "--reduce", "sum", "--size", "1", "-o", "out.csv")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try place.numbers("out.csv") == [-1, -4, -9, -16])
  }

  /// JAX's pull request 2675: the two conventions of 'same' for an even kernel.
  @Test(arguments: [("scipy", [11.0, 20, 30, 20]), ("correlate2d", [20, 30, 20, 11])])
  func evenKernels(anchor: String, expected: [Double]) throws {
    try place.write(Signal<Float>([1, 2, 3, 4]), "x.npy")
    for algorithm in ["direct", "fft"] {
      try place.run(
        "correlate", "x.npy", "x.npy", "--mode", "same", "--anchor", anchor, "--algorithm",
        algorithm, "-o", "out.npy")
      #expect(close(try place.numbers("out.npy"), expected))
    }
  }

  /// scipy#1968: ones of 4 × 4 correlated with themselves.
  @Test(arguments: [
    ("scipy", [4.0, 6, 8, 6, 6, 9, 12, 9, 8, 12, 16, 12, 6, 9, 12, 9]),
    ("correlate2d", [9, 12, 9, 6, 12, 16, 12, 8, 9, 12, 9, 6, 6, 8, 6, 4]),
  ])
  func onesWithOnes(anchor: String, expected: [Double]) throws {
    try place.write(Image<Float>(shape: [4, 4], repeating: 1), "x.npy")
    try place.run(
      "correlate", "x.npy", "ones:4", "--mode", "same", "--anchor", anchor, "-o", "out.npy")
    #expect(close(try place.numbers("out.npy"), expected))
  }

  /// The kernel of the first source's filter2D example, which is not symmetric.
  @Test func convolutionMirrorsTheKernel() throws {
    try place.write("-2,-1,0\n-1,1,1\n0,1,2\n", "k.csv")
    try place.write(try Image<Float>(rows: [[0, 0, 0], [0, 1, 0], [0, 0, 0]]), "x.npy")
    try place.run("convolve", "x.npy", "k.csv", "--mode", "same", "-o", "out.npy")
    #expect(try place.numbers("out.npy") == [-2, -1, 0, -1, 1, 1, 0, 1, 2])
    try place.run("correlate", "x.npy", "k.csv", "--mode", "same", "-o", "out.npy")
    #expect(try place.numbers("out.npy") == [2, 1, 0, 1, 1, -1, 0, -1, -2])
  }

  @Test(arguments: [
    ("zero", [3.0, 6, 5]), ("replicate", [4, 6, 8]), ("symmetric", [4, 6, 8]),
    ("reflect", [5, 6, 7]), ("wrap", [6, 6, 6]), ("constant:10", [13, 6, 15]),
    ("renormalize", [4.5, 6, 7.5]), ("constant:-1", [2, 6, 4]),
  ])
  func boundaries(rule: String, expected: [Double]) throws {
    try place.write(Signal<Float>([1, 2, 3]), "x.npy")
    let outcome = try place.run(
      "convolve", "x.npy", "ones:3", "--mode", "same", "--boundary", rule, "-o", "out.npy",
      "--verify", "5")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(close(try place.numbers("out.npy"), expected))
  }

  @Test func modesAndScale() throws {
    try place.write(Signal<Float>([1, 2, 3]), "x.npy")
    try place.write(Signal<Float>([0, 1, 0.5]), "k.npy")
    try place.run("convolve", "x.npy", "k.npy", "-o", "full.npy")
    #expect(close(try place.numbers("full.npy"), [0, 1, 2.5, 4, 1.5]))
    try place.run("convolve", "x.npy", "k.npy", "-o", "valid.npy", "--mode", "valid")
    #expect(close(try place.numbers("valid.npy"), [2.5]))
    try place.run(
      "convolve", "x.npy", "k.npy", "-o", "scaled.npy", "--scale", "-2", "--offset", "-1")
    #expect(close(try place.numbers("scaled.npy"), [-1, -3, -6, -9, -4]))
    try place.run(
      "convolve", "x.npy", "ones:3", "--mode", "same", "--origin", "-1", "-o", "moved.npy")
    #expect(close(try place.numbers("moved.npy"), [1, 3, 6]))
  }

  /// Every pair of lengths: an impulse at m in x and one at n in y lie m - n apart.
  @Test(arguments: [(1, 1), (5, 4), (4, 5), (7, 2), (2, 9), (6, 6)], ["full", "same", "valid"])
  func lags(lengths: (Int, Int), mode: String) throws {
    let (n, m) = lengths
    let x = Signal<Double>((0..<n).map { $0 == n / 2 ? 1 : 0 })
    let y = Signal<Double>((0..<m).map { $0 == m / 2 ? 1 : 0 })
    try place.write(x, "x.npy")
    try place.write(y, "y.csv")
    let outcome = try place.run(
      "correlate", "x.npy", "y.csv", "--lags", "--mode", mode, "--json", "-o", "lags.csv",
      "--verify", "4")
    let json = try outcome.json
    #expect(json["lag"] as? Int == n / 2 - m / 2)
    #expect(json["value"] as? Double == 1)
    let table: Image<Double> = try place.read("lags.csv").array()
    #expect(table.columns == 2)
    #expect(json["lags"] as? [Int] == [Int(table[0, 0]), Int(table[table.rows - 1, 0])])
    let row = try #require((0..<table.rows).first { Int(table[$0, 0]) == n / 2 - m / 2 })
    #expect(table[row, 1] == 1)
  }

  private func close(_ found: [Double], _ expected: [Double]) -> Bool {
    found.count == expected.count && zip(found, expected).allSatisfy { abs($0 - $1) < 1e-5 }
  }
}
