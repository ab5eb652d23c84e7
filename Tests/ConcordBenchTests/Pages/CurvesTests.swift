import ConcordBench
import Testing

struct CurvesTests {
  @Test func oneFamilyForEachSizeThatVaries() {
    let entries = [(512, 3), (512, 7), (1024, 3), (1024, 7)].map { image, kernel in
      sampleEntry(nil, "direct", 1, image: image, kernel: kernel)
    }
    let families = CurveFamily.all(in: entries)
    #expect(families.map(\.variable) == [.kernel, .kernel, .image, .image])
    #expect(families[0].curves.map(\.name) == ["direct ×2"])
    #expect(families[0].curves[0].points.map(\.x) == [3, 7])
    #expect(families[2].curves[0].points.map(\.x) == [512, 1024])
    #expect(CurveFamily.all(in: [entries[0]]).isEmpty)
  }

  @Test func bothSizesTogether() {
    let entries = [256, 512].map { sampleEntry(nil, "fft", 1, image: $0, kernel: $0) }
    let families = CurveFamily.all(in: entries)
    #expect(families.map(\.variable) == [.both])
    #expect(families[0].curves[0].points.map(\.x) == [256, 512])
  }

  @Test func librariesAreShownAtTheirBest() throws {
    let entries = [3, 7].flatMap { kernel in
      [
        sampleEntry("concord", "auto", 0.5, kernel: kernel),
        sampleEntry("concord", "auto", 1, threads: 1, kernel: kernel),
        sampleEntry("scipy", "signal.fftconvolve", 4, kernel: kernel),
        sampleEntry("scipy", "ndimage.correlate", Double(kernel), threads: 1, kernel: kernel),
      ]
    }
    let family = try #require(CurveFamily.all(in: entries).first)
    #expect(family.curves.map(\.name) == ["concord ×2", "concord ×1", "scipy"])
    #expect(family.curves.map(\.isChosen) == [true, false, false])
    #expect(family.curves.map(\.isAlone) == [false, true, false])
    #expect(family.curves[2].points.map(\.seconds) == [3, 4])
    #expect(family.curves[2].points[0].label.hasPrefix("scipy ndimage.correlate ×1"))
  }

  @Test func axesAreLogarithmic() {
    let axis = LogAxis([1, 100], from: 0, to: 100)
    #expect(abs(axis.position(10) - 50) < 1e-9)
    #expect(axis.position(1) > 0 && axis.position(1) < 10)
    #expect(axis.position(100) < 100 && axis.position(100) > 90)
    #expect(axis.ticks.map(\.value) == [1, 2, 5, 10, 20, 50, 100])
    #expect(axis.ticks.allSatisfy { $0.isLabelled })
    let long = LogAxis([1e-6, 1], from: 0, to: 100)
    let labelled = long.ticks.filter(\.isLabelled).map(\.value)
    #expect(labelled.count == 7)
    #expect(abs(LogAxis([3], from: 0, to: 100).position(3) - 50) < 1e-9)
  }

  @Test func ratiosAreOverThePlannersChoice() {
    let table = RatioTable([
      sampleEntry("concord", "auto", 0.5, caseName: "a"),
      sampleEntry("concord", "auto", 1, threads: 1, caseName: "a"),
      sampleEntry("opencv", "filter2D", 0.25, caseName: "a"),
      sampleEntry("scipy", "x", 2, caseName: "a"), sampleEntry("scipy", "y", 1, caseName: "a"),
      sampleEntry("concord", "auto", 0.5, caseName: "b"),
      sampleEntry("scipy", "x", 1.5, caseName: "b"),
    ])
    #expect(table.columns == ["scipy", "opencv"])
    #expect(table.rows.map(\.name) == ["a", "b"])
    #expect(table.rows[0].cells.map { $0?.ratio } == [2, 0.5])
    #expect(table.rows[1].cells.map { $0?.ratio } == [3, nil])
    #expect(table.firstPlaces == 1)
    #expect(table.medianOverBest == 1.75)
  }
}

struct RegretTableTests {
  private func candidate(_ problem: String, _ strategy: String, _ seconds: Double, _ isChoice: Bool)
    -> Entry
  {
    var entry = sampleEntry(nil, strategy, seconds)
    entry.problem = problem
    entry.predicted = seconds
    entry.isChoice = isChoice
    return entry
  }

  @Test func choicesAreComparedWithTheBestCandidate() {
    let table = RegretTable([
      candidate("a", "direct", 1, true), candidate("a", "fft", 2, false),
      candidate("b", "direct", 0.75, false), candidate("b", "fft", 1, true),
      candidate("c", "direct", 0.5, false), candidate("c", "fft", 1, true),
      sampleEntry(nil, "auto", 1),
    ])
    #expect(table.rows.map(\.regret) == [1, 4.0 / 3, 2])
    #expect(
      table.summary
        == "3 problems: within 1.2 times the best in 33.3 %, within 1.5 times in 66.7 %, at worst 2.00 times"
    )
    #expect(RegretTable([sampleEntry(nil, "auto", 1)]).rows.isEmpty)
  }
}
