import ArgumentParser
import Concord

/// The command `concord pairwise`.
struct PairwiseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pairwise",
    abstract: "Compare every row of one matrix with every row of another.",
    discussion: """
      The result has a row for each row of A and a column for each row of B: dot is Σ a b, pearson \
      and spearman are correlation coefficients, cosine is that of the angle, distance is 1 - \
      pearson. A row without contrast gives NaN. Complex rows have the measure dot alone, with the \
      conjugate of B: Σ a conj(b).
      """)

  @Argument(help: "The matrix A: rows of numbers.")
  var first: String

  @Argument(help: "The matrix B, whose rows are as long; it may be A again.")
  var second: String

  @Option(help: "How two rows are compared.")
  var measure: RowMeasure = .dot

  @OptionGroup var output: OutputOptions
  @OptionGroup var machine: MachineOptions
  @OptionGroup var precision: PrecisionOptions
  @OptionGroup var repetition: RunOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    try report.check(outputs: [output.output])
    try checkStandardInput([first, second])
  }

  func run() throws {
    let settings = JobSettings(
      precision: precision, run: repetition, output: output.output, range: output.range,
      progress: report.makeProgress("pairwise"))
    let result = try naming([first, second]) { () throws(ConcordError) in
      let (a, b) = try readInputs(first, second)
      return try PairwiseJob(
        first: a, second: b, isSymmetric: first == second, measure: measure,
        threads: machine.threads, memoryLimit: machine.memoryLimit?.bytes, settings: settings
      ).run()
    }
    try report.print(result, outputs: [output.output])
  }
}
