import NaiveReference
import Testing

@Suite("What SciPy, NumPy, OpenCV and scikit-image answer")
struct GoldenTests {
  let golden: GoldenFile

  init() throws { golden = try GoldenFile() }

  @Test("Convolutions and correlations of every mode, boundary and parity agree")
  func filters() throws {
    let cases = golden.cases("filter")
    #expect(cases.count > 600)
    for words in cases {
      let image = try golden.array(words[5])
      let kernel = try golden.array(words[6])
      let result = try image.filtered(with: kernel, try GoldenFile.filter(words[1...4]))
      let expected = GoldenFile.array(words[7], words[8])
      #expect(agree(result, expected), "\(words.joined(separator: " ")): \(result.values)")
    }
  }

  @Test("Every mode and boundary of real filters is among the cases")
  func coverage() throws {
    let seen = Set(golden.cases("filter").map { Array($0[1...3]) })
    let boundaries = [
      "zero", "constant:2.5", "replicate", "symmetric", "reflect", "wrap", "renormalize",
    ]
    for kind in NaiveKind.allCases {
      for boundary in boundaries {
        for mode in [NaiveMode.same, .full] {
          #expect(seen.contains(["\(kind)", "\(mode)", boundary]), "\(kind) \(mode) \(boundary)")
        }
      }
      #expect(seen.contains(["\(kind)", "valid", "zero"]))
    }
  }

  @Test("Complex convolutions and correlations agree")
  func complexFilters() throws {
    let cases = golden.cases("complex")
    #expect(cases.count > 40)
    for words in cases {
      let image = try golden.complexArray(words[3])
      let kernel = try golden.complexArray(words[4])
      let filter = NaiveFilter(try GoldenFile.kind(words[1]), mode: try GoldenFile.mode(words[2]))
      let result = try image.filtered(with: kernel, filter)
      let name = words.joined(separator: " ")
      #expect(agree(result.real, GoldenFile.array(words[5], words[6])), "\(name)")
      #expect(agree(result.imaginary, GoldenFile.array(words[5], words[7])), "\(name)")
    }
  }

  @Test("Window statistics agree for every boundary")
  func windows() throws {
    let cases = golden.cases("window")
    #expect(cases.count > 100)
    for words in cases {
      let statistic = try #require(NaiveStatistic.allCases.first { "\($0)" == words[1] })
      let edges: NaiveEdges =
        words[2] == "valid" ? .valid : .extended(try GoldenFile.boundary(words[2]))
      let result = try golden.array(words[3]).windowed(
        statistic, window: GoldenFile.integers(words[4]), edges: edges)
      let expected = GoldenFile.array(words[5], words[6])
      #expect(agree(result, expected), "\(words.joined(separator: " ")): \(result.values)")
    }
  }

  @Test("Template scores agree with scikit-image")
  func scores() throws {
    let cases = golden.cases("zncc")
    #expect(cases.count == 3)
    for words in cases {
      let scores = try golden.array(words[1]).zeroMeanNormalizedCorrelation(
        with: try golden.array(words[2]))
      let expected = GoldenFile.array(words[3], words[4])
      #expect(agree(scores, expected, tolerance: 1e-7), "\(words): \(scores.values)")
    }
  }
}
