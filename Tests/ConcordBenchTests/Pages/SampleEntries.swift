import Concord
import ConcordBench

/// An entry of an imagined run.
func sampleEntry(
  _ peer: String?, _ algorithm: String, _ seconds: Double, threads: Int = 2, image: Int = 512,
  kernel: Int = 3, caseName: String? = nil
) -> Entry {
  let problem = Problem(.correlate, image: [image, image], kernel: [kernel, kernel])
  let entrant = Entrant(
    contender: Contender(name: algorithm) { _ in [] }, strategy: "by <\(algorithm)>",
    threads: threads, error: 1e-7, limit: 1e-4)
  var entry = Entry(
    suite: "filter", problem: problem.title, entrant: entrant, precision: .float,
    timing: Timing(runs: [seconds, seconds * 1.125, seconds * 0.875]), work: (1e6, "Gpx/s"))
  entry.peer = peer
  entry.caseName = caseName
  entry.setting = problem.setting
  entry.image = problem.image
  entry.kernel = problem.kernel
  return entry
}

func sampleReport(_ entries: [Entry]) -> Report {
  var report = Report()
  report.entries = entries
  return report
}
