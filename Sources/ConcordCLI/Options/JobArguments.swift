import ArgumentParser
import Concord

/// What every command that computes an array is told, and how it goes about it.
struct JobArguments: ParsableArguments {
  @OptionGroup var output: OutputOptions
  @OptionGroup var machine: MachineOptions
  @OptionGroup var precision: PrecisionOptions
  @OptionGroup var repetition: RunOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    try report.check(outputs: [output.output])
  }

  /// Computes, with errors that name the inputs, and prints the report.
  func run(
    _ label: String, reading names: [String],
    _ job: (JobSettings) throws(ConcordError) -> Report
  ) throws {
    let settings = JobSettings(
      precision: precision, run: repetition, output: output.output, range: output.range,
      progress: report.makeProgress(label))
    let result = try naming(names) { () throws(ConcordError) in try job(settings) }
    try report.print(result, outputs: [output.output])
  }
}
