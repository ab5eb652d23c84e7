import ArgumentParser
import Concord
import ConcordBackends
import Foundation

/// The command `concord tune`.
struct TuneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune",
    abstract: "Measure this machine once, so that the fastest algorithm is chosen.",
    discussion: """
      Algorithms are timed on small problems, and the planner's costs fitted to them; transforms of \
      common lengths are planned. Both are kept in the user's cache folder (CONCORD_CACHE names another), \
      for this processor. Takes less than a minute, which should be a quiet one. Without it, built-in \
      costs serve.
      """)

  @OptionGroup var reporting: ReportOptions

  func run() throws {
    let clock = ContinuousClock()
    let start = clock.now
    let lengths = Self.lengths
    let experiments = CostTuning.experiments
    let progress = reporting.makeProgress("tune")
    progress.begin(steps: lengths.count + experiments.count)
    for length in lengths where clock.now - start < .seconds(30) {
      warmUp(length)
      progress.step()
    }
    var tuning = CostTuning()
    for experiment in experiments {
      try tuning.measure(experiment)
      progress.step()
    }
    let costs = tuning.costs(sharing: CostTuning.sharingSeconds())
    progress.end()
    do {
      try KeptCosts.save(costs)
    } catch {
      throw ConcordError.file(
        path: KeptCosts.file?.path ?? "",
        problem: "expected a folder that can be written to, found none")
    }
    let report = makeReport(costs, Timing(seconds: (clock.now - start).inSeconds))
    try reporting.print(report, outputs: [])
  }

  /// Lengths that images of common sizes are transformed with.
  private static let lengths = [256, 288, 512, 576, 1024, 1152, 2048, 2304, 4096, 4608, 8192]

  /// Plans the lines of square images, in both precisions; the wisdom is kept by the planner.
  private func warmUp(_ length: Int) {
    let extents = Extents(1, length, length)
    _ = SpectralTransform<Float>(lengths: extents, isComplex: false, effort: .measure)
    _ = SpectralTransform<Double>(lengths: extents, isComplex: false, effort: .measure)
  }

  private func makeReport(_ costs: CostModel, _ timing: Timing) -> Report {
    var report = Report(
      title: "tune for \(processorModel ?? "this processor"), \(instructionSet)", algorithm: "",
      shape: [], timing: timing)
    report.lines.removeAll { $0.label == "algorithm" }
    let file = KeptCosts.file?.path
    report.add(
      "kept in", file ?? "nothing: CONCORD_CACHE is empty", key: "file",
      .string(file ?? ""))
    let rows =
      CostModel.coefficients.map { coefficient in
        (
          coefficient.name, CostModel.standard[keyPath: coefficient.path],
          costs[keyPath: coefficient.path]
        )
      } + [("sharing", CostModel.standard.sharing, costs.sharing)]
    report.fields.append(("costs", .object(rows.map { ($0.0, .number($0.2)) })))
    report.details =
      Format.table(
        [["  cost", "built in", "here"]]
          + rows.map { ["  " + $0.0, Self.nanoseconds($0.1), Self.nanoseconds($0.2)] }, leading: 1)
    return report
  }

  private static func nanoseconds(_ seconds: Double) -> String {
    String(format: "%.4g ns", seconds * 1e9)
  }
}
