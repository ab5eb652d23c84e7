import ConcordBench
import Testing

struct VerdictTests {
  private let problem = Problem(.boxMean, image: [1000, 1000], kernel: [3, 3])

  private func entry(
    _ peer: String, _ seconds: Double, by algorithm: String = "auto", threads: Int = 2,
    caseName: String = "case", peakBytes: Int? = nil
  ) -> Entry {
    let entrant = Entrant(
      contender: Contender(name: algorithm) { _ in [] }, strategy: "", threads: threads,
      error: 0, limit: 0)
    var entry = Entry(
      suite: "peers", problem: "", entrant: entrant, precision: .float,
      timing: Timing(runs: [seconds]), work: (1, "Gpx/s"))
    entry.peer = peer
    entry.caseName = caseName
    entry.peakBytes = peakBytes
    return entry
  }

  private func verdict(_ demand: Goal.Demand, _ entries: [Entry]) -> Verdict {
    let goal = Goal(demand, issue: 3)
    return Verdict(PeerCase("case", problem, [goal]), goal, entries: entries)
  }

  @Test func speedIsOverTheBestOfTheRivals() {
    let entries = [
      entry("concord", 0.010), entry("concord", 0.015, threads: 1), entry("concord-mkl", 0.001),
      entry("opencv", 0.030, by: "filter2D"),
      entry("opencv", 0.025, by: "filter2D", threads: 1),
      entry("scipy", 0.020, by: "fft whole"), entry("scipy", 0.040, by: "signal.fftconvolve"),
    ]
    let openCV = Rival("OpenCV", peers: ["opencv"])
    let sciPy = Rival("SciPy", peers: ["scipy"], methods: ["signal."])
    #expect(verdict(.speed(2.5, over: openCV), entries).state == .held)
    #expect(verdict(.speed(2.5, over: openCV), entries).value == 2.5)
    #expect(verdict(.speed(2.6, over: openCV), entries).state == .missed)
    #expect(verdict(.speed(2, over: .best), entries).value == 2)
    #expect(verdict(.speed(2, over: sciPy), entries).value == 4)
    #expect(verdict(.speed(2, over: Rival("x", peers: ["ipp"])), entries).state == .unmeasured)
    #expect(verdict(.speed(2, over: .best), [entries[3]]).state == .unmeasured)
  }

  @Test func memoryIsCountedBeyondTheData() {
    // A million pixels of four bytes, there and back.
    let within = [entry("concord", 1, peakBytes: 8_000_000 + 100)]
    #expect(verdict(.memory(beyondData: 100), within).state == .held)
    #expect(verdict(.memory(beyondData: 99), within).state == .missed)
    #expect(verdict(.memory(beyondData: 99), [entry("concord", 1)]).state == .unmeasured)
  }

  @Test func scalingIsAgainstOneThread() {
    let both = [entry("concord", 0.5, threads: 1), entry("concord", 0.25)]
    #expect(verdict(.scaling(2), both).state == .held)
    #expect(verdict(.scaling(2.1), both).state == .missed)
    #expect(verdict(.scaling(2), [both[0]]).state == .unmeasured)
  }

  @Test func evennessIsOverAllCases() {
    let entries = [
      entry("concord", 0.25), entry("concord", 0.3125, caseName: "a"),
      entry("concord", 0.28125, caseName: "b"),
    ]
    #expect(verdict(.evenness(with: ["a", "b"], within: 0.25), entries).state == .held)
    #expect(verdict(.evenness(with: ["a", "b"], within: 0.2), entries).state == .missed)
    #expect(verdict(.evenness(with: ["b", "c"], within: 1), entries).state == .unmeasured)
  }

  @Test func theTableEndsWithACount() {
    let goals = [1.5, 3, 4].map { Goal(.speed($0, over: .best), issue: 3) }
    let entries = [entry("concord", 0.25), entry("numpy", 0.75, by: "convolve")]
    let cases = [PeerCase("case", problem, goals), PeerCase("other", problem, [goals[0]])]
    let lines = VerdictTable(Verdict.all(cases, entries: entries)).lines
    #expect(lines.last == "2 of 4 targets held, 1 missed, 1 not measured")
    #expect(lines.count == 6)
    #expect(lines[0].hasPrefix("held          case   issue 3  1.5 × the best of all  3.00 ×"))
  }
}
