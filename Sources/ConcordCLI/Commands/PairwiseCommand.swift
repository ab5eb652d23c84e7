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

      With --lags or --mode, rows are moved past each other, and the result has a third axis: \
      Σ a[n + lag] b[n] for each lag, or Σ a[n + lag] conj(b[n]). Rows may then differ in length, and are zero beyond their ends.
      """)

  @Argument(help: "The matrix A: rows of numbers.")
  var first: String

  @Argument(help: "The matrix B, whose rows are as long; it may be A again.")
  var second: String

  @Option(help: "How two rows are compared.")
  var measure: RowMeasure = .dot

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The first and the last lag that are wanted.", valueName: "low,high"),
    transform: LagRange.parsed)
  var lags: LagRange?

  @Option(help: "All lags of a mode: full, same or valid.")
  var mode: ConvolutionMode?

  @Option(help: "With lags, the way to compute them: auto, matrix or fft.")
  var algorithm: ConvolutionAlgorithm?

  @OptionGroup var job: JobArguments

  func validate() throws {
    try checkStandardInput([first, second])
    if lags != nil && mode != nil {
      throw ValidationError("--lags, --mode: expected one of both")
    }
    if algorithm != nil && lags == nil && mode == nil {
      throw ValidationError("--algorithm: expected --lags or --mode beside it")
    }
  }

  func run() throws {
    try job.run("pairwise", reading: [first, second]) { (settings) throws(ConcordError) in
      let (a, b) = try readInputs(first, second)
      if lags != nil || mode != nil {
        return try LaggedPairwiseJob(
          first: a, second: b, measure: measure, lags: lags?.range, mode: mode ?? .full,
          algorithm: algorithm ?? .automatic, threads: job.machine.threads,
          memoryLimit: job.machine.memoryLimit?.bytes, settings: settings
        ).run()
      }
      return try PairwiseJob(
        first: a, second: b, isSymmetric: first == second, measure: measure,
        threads: job.machine.threads, memoryLimit: job.machine.memoryLimit?.bytes,
        settings: settings
      ).run()
    }
  }
}
