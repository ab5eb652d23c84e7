import ConcordArrays
import ConcordMediaBackends
import ConcordPictures
import Testing

@Suite struct LinePlotTests {
  private let blue = RGBColor(red: 0, green: 114, blue: 178)

  /// How many pixels have the first series' colour.
  private func ink(_ plot: LinePlot) throws -> Int {
    let pixels = try plot.rendered().pixels()
    #expect(pixels.hasFreeMargin)
    return pixels.pixels.count { RGBColor(packed: $0) == blue }
  }

  @Test func aConstantCrossesTheFrame() throws {
    let plot = LinePlot([.init("", Array(repeating: 5, count: 100))], title: "Constant")
    let count = try ink(plot)
    // A line of two full pixels over a frame of some 900.
    #expect((1600...2400).contains(count), "\(count)")
  }

  @Test func gapsAreLeftOpen() throws {
    var values = (0..<200).map { Double($0) }
    let whole = try ink(LinePlot([.init("", values)], title: "Gap"))
    for index in 50..<150 { values[index] = .nan }
    let broken = try ink(LinePlot([.init("", values)], title: "Gap"))
    #expect(Double(broken) < 0.6 * Double(whole))
    #expect(Double(broken) > 0.4 * Double(whole))
  }

  @Test func thinningKeepsTheInk() throws {
    // The same zigzag, once with each point and once with a hundred times as many.
    let coarse = (0..<3000).map { Double($0 % 2) }
    let fine = (0..<300_000).map { Double($0 / 100 % 2) }
    let ratio =
      try Double(ink(LinePlot([.init("", fine)], title: "Zigzag")))
      / Double(ink(LinePlot([.init("", coarse)], title: "Zigzag")))
    #expect((0.95...1.05).contains(ratio), "\(ratio)")
  }

  @Test func logarithmicAxesLeaveOutWhatHasNoLogarithm() throws {
    let series = try LinePlot.Series("", x: [1, 10, 100], y: [0, -1, 5])
    var plot = LinePlot([series], title: "One point left")
    plot.xAxis = LinePlot.Axis(label: "size", scale: .logarithmic)
    plot.yAxis = LinePlot.Axis(label: "time", scale: .logarithmic)
    let count = try ink(plot)
    // A disc of radius 4 without its antialiased rim.
    #expect((25...50).contains(count), "\(count)")
  }

  @Test func unlikeSeriesAndRangesAreRefused() {
    #expect(throws: ConcordError.elementCount(expected: 2, found: 1)) {
      try LinePlot.Series("", x: [1, 2], y: [1])
    }
    #expect(throws: ConcordError.empty(what: "the plot")) { try LinePlot([], title: "").png() }
    var plot = LinePlot([.init("", [1, 2])], title: "")
    plot.xAxis.range = 0...10
    #expect(throws: Never.self) { try plot.png() }
    plot.xAxis.scale = .logarithmic
    #expect(throws: ConcordError.self) { try plot.png() }
    plot.xAxis.range = 3...3
    #expect(throws: ConcordError.self) { try plot.png() }
  }

  @Test func manySeriesAndExtremeNumbersKeepTheMargins() throws {
    let name = "a series with a long name that still has to be told from others "
    let series = (0..<12).map { index in
      LinePlot.Series(
        index == 3 ? String(repeating: name, count: 5) : "\(name)\(index)",
        [-1.7e308, 0, 1.7e308, Double(index)])
    }
    _ = try ink(LinePlot(series, title: String(repeating: name, count: 4)))
    var labelled = LinePlot([.init("", [1, 2])], title: "")
    labelled.xAxis.label = String(repeating: name, count: 3)
    labelled.yAxis.label = String(repeating: name, count: 3)
    _ = try ink(labelled)
    _ = try ink(LinePlot([.init("", [.nan])], title: "No point"))
    _ = try ink(LinePlot([.init("", [1e-300, 2e-300])], title: "Tiny"))
  }
}
