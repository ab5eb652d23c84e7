import ArgumentParser
import Concord

/// The command `concord filter integral`.
struct IntegralCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "integral",
    abstract: "Sum all boxes that begin at the origin: the integral image.",
    discussion: """
      sums[i, j] is the sum of the elements before row i and before column j, so there is one row \
      and column more than in the image, beginning with zeros, as in cv2.integral. Sums are made \
      in double, and written so unless --precision float is given.
      """)

  @OptionGroup var filter: FilterArguments

  func run() throws {
    try filter.run(
      IntegralOperation(threads: filter.job.machine.threads), name: "integral", axes: 1,
      precision: filter.job.precision.precision ?? .double)
  }
}
